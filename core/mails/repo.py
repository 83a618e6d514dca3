"""Every statement about mails.

One rule: there is one row per event and person; whoever sends it claims it, and a sent one never waits again.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from core.accounts.tables import chat_identities
from core.db.connection import Connection
from core.kernel.ids import PersonId, new_id
from core.mails.model import Mail, MailState
from core.mails.tables import mails
from core.orders.tables import purchase_orders
from core.people.tables import people
from core.rfqs.tables import rfq_invitations
from core.vendor_links.model import LinkKind, LinkSubject

_M = mails.c
CLAIM_LIFE = dt.timedelta(seconds=60)
"""Longer than one mail may take: afterwards its worker is taken for dead."""


async def anybody_unreached(connection: Connection, about: LinkSubject, platforms: Iterable[str]) -> bool:
    """Whether a contact who has a part in this RFQ or order has an address, and no chat on one of these platforms."""
    if about.kind is LinkKind.order:
        concerned = select(purchase_orders.c.vendor_id).where(purchase_orders.c.id == about.id)
    else:
        concerned = select(rfq_invitations.c.vendor_id).where(rfq_invitations.c.rfq_id == about.id)
    has_chat = exists().where(
        chat_identities.c.person_id == people.c.id,
        chat_identities.c.unlinked_at.is_(None),
        chat_identities.c.reachable,
        chat_identities.c.platform.in_(list(platforms)),
    )
    found = select(people.c.id).where(
        people.c.active, people.c.email.is_not(None), people.c.vendor_id.in_(concerned), ~has_chat
    )
    return await connection.scalar(found.limit(1)) is not None


async def expect(
    connection: Connection, event_id: UUID, kind: str, person_ids: Iterable[UUID], now: dt.datetime
) -> None:
    """A mail for each of these people, unless there is one already."""
    rows = [
        {
            "id": new_id(),
            "event_id": event_id,
            "person_id": person_id,
            "kind": kind,
            "state": MailState.waiting.value,
            "made_at": now,
        }
        for person_id in sorted(set(person_ids))
    ]
    if rows:
        await connection.execute(
            insert(mails).values(rows).on_conflict_do_nothing(index_elements=["event_id", "person_id"])
        )


async def waiting(connection: Connection, event_id: UUID) -> Sequence[Mail]:
    """The mails of this event that were not sent yet."""
    found = (
        select(_M.id, _M.person_id)
        .where(_M.event_id == event_id, _M.state == MailState.waiting.value)
        .order_by(_M.id)
    )
    return [Mail(row.id, PersonId(row.person_id)) for row in await connection.execute(found)]


async def claim(connection: Connection, mail_id: UUID, now: dt.datetime) -> bool:
    """Whether this worker may send it now: it still waits, and no other worker is sending it."""
    free = or_(_M.claimed_at.is_(None), _M.claimed_at <= now - CLAIM_LIFE)
    claimed = update(mails).where(_M.id == mail_id, _M.state == MailState.waiting.value, free)
    return (await connection.execute(claimed.values(claimed_at=now))).rowcount == 1


async def finish(connection: Connection, mail_id: UUID, state: MailState, now: dt.datetime) -> None:
    """What became of it; one that goes on waiting may be claimed again at once."""
    sent_at = now if state is MailState.sent else None
    await connection.execute(
        update(mails)
        .where(_M.id == mail_id, _M.state == MailState.waiting.value)
        .values(state=state.value, sent_at=sent_at, claimed_at=None)
    )


async def delete_old(connection: Connection, before: dt.datetime) -> None:
    await connection.execute(delete(mails).where(_M.made_at < before))
