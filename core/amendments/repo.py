"""Every INSERT and UPDATE that changes an RFQ after it was sent, and which vendors to remind.

One rule: whoever writes holds the purchase's lock.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from core.amendments.tables import rfq_revisions
from core.db.compiled import Prebuilt
from core.db.keyset import constant
from core.kernel.ids import RfqId
from core.log.events import as_json
from core.quotes.model import Quote
from core.quotes.states import QuoteState
from core.quotes.tables import vendor_quotes
from core.rfqs.model import Invitation, Rfq
from core.rfqs.states import InvitationState, InvitationVerb, RfqState, after_invitation
from core.rfqs.tables import rfq_invitations, rfq_lines, rfqs
from core.uow import Uow

_CORRECT_LINE = Prebuilt(
    update(rfq_lines)
    .where(rfq_lines.c.id == bindparam("line"))
    .values(
        description=bindparam("new_description"),
        quantity=bindparam("new_quantity"),
        unit=bindparam("new_unit"),
    )
)


async def keep_revision(uow: Uow, rfq: Rfq) -> None:
    """What the vendors were asked until now stays readable."""
    content = {"note": rfq.note, "lines": as_json(rfq.lines)}
    await uow.connection.execute(
        insert(rfq_revisions).values(
            rfq_id=rfq.id, revision=rfq.revision, content=content, replaced_at=uow.now
        )
    )


async def write_lines(uow: Uow, before: Rfq, after: Rfq) -> None:
    """Those lines that say something else now."""
    for was, line in zip(before.lines, after.lines, strict=True):
        if line != was:
            values = {
                "line": line.id,
                "new_description": line.description,
                "new_quantity": line.quantity,
                "new_unit": line.unit,
            }
            await uow.connection.execute(_CORRECT_LINE, values)


async def drop_lines(uow: Uow, rfq: Rfq, request_line_ids: Collection[UUID]) -> None:
    """Lines that are not asked for any more; earlier quotes keep what they say about them."""
    line = rfq_lines.c
    await uow.connection.execute(
        update(rfq_lines)
        .where(line.rfq_id == rfq.id, line.request_line_id.in_(list(request_line_ids)))
        .values(dropped_at=uow.now)
    )


async def ask_again(uow: Uow, rfq: Rfq) -> tuple[Invitation, ...]:
    """Whoever has quoted is asked once more; all invitations as they are now."""
    quoted = InvitationState.quoted
    state = after_invitation(quoted, InvitationVerb.ask_again)
    await uow.connection.execute(
        update(rfq_invitations)
        .where(rfq_invitations.c.rfq_id == rfq.id, rfq_invitations.c.state == quoted.value)
        .values(state=state.value, answered_at=None)
    )
    return tuple(replace(each, state=state) if each.state is quoted else each for each in rfq.invitations)


async def add_invitations(uow: Uow, rfq: Rfq, added: Sequence[Invitation]) -> None:
    await uow.connection.execute(
        insert(rfq_invitations).values(
            [
                {
                    "id": each.id,
                    "rfq_id": rfq.id,
                    "vendor_id": each.vendor_id,
                    "state": each.state.value,
                    "sent_at": uow.now,
                }
                for each in added
            ]
        )
    )


async def outdate(uow: Uow, rfq: Rfq) -> None:
    """No quote of an earlier version is complete until its vendor confirms it."""
    quote = vendor_quotes.c
    await uow.connection.execute(
        update(vendor_quotes)
        .where(quote.rfq_id == rfq.id, quote.state == QuoteState.submitted.value)
        .values(complete=False, version=quote.version + 1)
    )
    uow.forget_all(Quote)


async def due_for_reminder(uow: Uow, now: dt.datetime) -> Sequence[RfqId]:
    """Open RFQs with vendors to remind."""
    found = await uow.connection.scalars(
        select(rfqs.c.id).where(rfqs.c.state == constant(RfqState.open), rfqs.c.remind_at <= now).limit(100)
    )
    return [RfqId(rfq_id) for rfq_id in found]
