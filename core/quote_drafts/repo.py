"""Every statement about quote drafts."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from core.db.connection import Connection
from core.kernel.ids import VendorId
from core.quote_drafts.tables import quote_drafts

_D = quote_drafts.c


async def draft(connection: Connection, rfq_id: UUID, person_id: UUID) -> dict[str, str]:
    """What this person has typed of their quote; nothing is an empty draft."""
    found = select(_D.typed).where(_D.rfq_id == rfq_id, _D.person_id == person_id)
    stored = await connection.scalar(found) or {}
    return {str(name): str(value) for name, value in stored.items()}


async def save(
    connection: Connection,
    rfq_id: UUID,
    person_id: UUID,
    vendor_id: VendorId,
    typed: Mapping[str, str],
    now: dt.datetime,
) -> None:
    values = {"typed": dict(typed), "saved_at": now}
    await connection.execute(
        insert(quote_drafts)
        .values(rfq_id=rfq_id, person_id=person_id, vendor_id=vendor_id, **values)
        .on_conflict_do_update(index_elements=["rfq_id", "person_id"], set_=values)
    )


async def drop(connection: Connection, rfq_id: UUID, person_id: UUID) -> None:
    await connection.execute(delete(quote_drafts).where(_D.rfq_id == rfq_id, _D.person_id == person_id))


async def delete_old(connection: Connection, before: dt.datetime) -> None:
    await connection.execute(delete(quote_drafts).where(_D.saved_at < before))
