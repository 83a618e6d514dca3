"""Every SELECT and UPDATE of RFQs and invitations.

One rule: a person's reads go through ``visible_to`` and ``page`` only; a vendor sees only its own invitation.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, insert, select, true, update

from core.access.actor import Actor
from core.access.permissions import Permission
from core.db.counters import rfq_numbers
from core.db.locks import lock_purchase
from core.db.pages import PageQuery, read_page
from core.db.swap import swap_row
from core.kernel.errors import first_or_not_found
from core.kernel.ids import RfqId
from core.kernel.pagination import Page
from core.rfqs import rows
from core.rfqs.model import Invitation, Rfq
from core.rfqs.states import InvitationState, RfqState
from core.rfqs.tables import rfq_invitations, rfq_lines, rfqs
from core.uow import Uow
from core.vendors.tables import vendors

_R = rfqs.c
_I = rfq_invitations.c


def _visible(actor: Actor) -> ColumnElement[bool]:
    """A vendor: where it is invited. Oversight: all. Others see RFQs only through their request."""
    if actor.vendor_id is not None:
        return _R.id.in_(select(_I.rfq_id).where(_I.vendor_id == actor.vendor_id))
    return true() if actor.may(Permission.requests_read_all) else false()


async def next_number(uow: Uow) -> str:
    value = await uow.connection.scalar(rfq_numbers.next_value().select())
    return f"RFQ-{value}"


async def visible_to(uow: Uow, actor: Actor, rfq_id: RfqId) -> Rfq:
    """The RFQ as this person may see it, or NotFound."""
    found = await _load(uow, and_(_R.id == rfq_id, _visible(actor)), actor.vendor_id, limit=1)
    return first_or_not_found(found, what="rfq")


async def load(uow: Uow, rfq_id: UUID) -> Rfq:
    """The whole RFQ, for Parley itself."""
    found = await _load(uow, _R.id == rfq_id, None, limit=1)
    return first_or_not_found(found, what="rfq")


async def of_request(uow: Uow, request_id: UUID) -> Rfq | None:
    """The newest RFQ of a request."""
    return next(iter(await _load(uow, _R.request_id == request_id, None, limit=1)), None)


async def page(uow: Uow, actor: Actor, state: RfqState | None, mine: bool, query: PageQuery) -> Page[Rfq]:
    """One page, newest first; ``mine``: sent by this officer."""
    listed = and_(
        _visible(actor),
        _R.state == state.value if state else true(),
        _R.sent_by == actor.person_id if mine and actor.vendor_id is None else true(),
    )

    async def load(condition: ColumnElement[bool], limit: int) -> list[Rfq]:
        return await _load(uow, condition, actor.vendor_id, limit=limit)

    return await read_page(uow.connection, query, _R.id, listed, load, lambda rfq: rfq.id)


async def _load(uow: Uow, condition: ColumnElement[bool], vendor_id: UUID | None, *, limit: int) -> list[Rfq]:
    found = (
        await uow.connection.execute(select(rfqs).where(condition).order_by(_R.id.desc()).limit(limit))
    ).all()
    if not found:
        return []
    ids = [row.id for row in found]
    lines = await uow.connection.execute(
        select(rfq_lines).where(rfq_lines.c.rfq_id.in_(ids)).order_by(rfq_lines.c.position)
    )
    invitations = await uow.connection.execute(
        select(rfq_invitations, vendors.c.name.label("vendor_name"))
        .join(vendors, vendors.c.id == _I.vendor_id)
        .where(_I.rfq_id.in_(ids), _I.vendor_id == vendor_id if vendor_id else true())
        .order_by(_I.id)
    )
    return rows.rfqs_of(found, lines.all(), invitations.all())


async def add(uow: Uow, rfq: Rfq) -> None:
    """Insert the RFQ, its lines and its invitations."""
    await uow.connection.execute(insert(rfqs).values(**rows.rfq_columns(rfq)))
    await uow.connection.execute(
        insert(rfq_lines),
        [
            {
                "id": line.id,
                "rfq_id": rfq.id,
                "request_line_id": line.request_line_id,
                "position": line.position,
                "description": line.description,
                "quantity": line.quantity,
                "unit": line.unit,
            }
            for line in rfq.lines
        ],
    )
    await uow.connection.execute(
        insert(rfq_invitations),
        [
            {
                "id": invitation.id,
                "rfq_id": rfq.id,
                "vendor_id": invitation.vendor_id,
                "state": invitation.state.value,
                "sent_at": uow.now,
            }
            for invitation in rfq.invitations
        ],
    )


async def swap(uow: Uow, before: Rfq, after: Rfq) -> Rfq:
    """Write the new version over the one that was read, or raise Stale when another call was faster."""
    written = replace(after, version=before.version + 1)
    await swap_row(uow.connection, rfqs, before, rows.rfq_columns(written), what="rfq")
    return written


async def update_invitation(
    uow: Uow, invitation: Invitation, state: InvitationState, reason: str | None
) -> None:
    """Change the state of a vendor's invitation."""
    await uow.connection.execute(
        update(rfq_invitations)
        .where(_I.id == invitation.id)
        .values(state=state.value, reason=reason, answered_at=uow.now)
    )


async def due_for_reminder(uow: Uow, now: dt.datetime) -> Sequence[RfqId]:
    """Open RFQs with vendors to remind."""
    found = await uow.connection.scalars(
        select(_R.id).where(_R.state == RfqState.open.value, _R.remind_at <= now).limit(100)
    )
    return [RfqId(rfq_id) for rfq_id in found]


async def past_deadline(uow: Uow, now: dt.datetime) -> Sequence[RfqId]:
    """Open RFQs whose deadline has passed."""
    found = await uow.connection.scalars(
        select(_R.id)
        .where(_R.state == RfqState.open.value, _R.quote_by <= now)
        .order_by(_R.quote_by)
        .limit(100)
    )
    return [RfqId(rfq_id) for rfq_id in found]


async def lock_rfq(uow: Uow, rfq: Rfq) -> Rfq:
    """Read the RFQ again, after the purchase is locked."""
    await lock_purchase(uow.connection, rfq.request_id)
    return await load(uow, rfq.id)
