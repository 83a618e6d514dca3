"""Keeps what a contact types of a quote until it is sent.

One rule: a draft is words, not an offer: nothing of it is checked, counted or shown to anybody else.
"""

import datetime as dt

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.kernel.errors import NotFound, invalid
from core.kernel.ids import RfqId
from core.kernel.limits import MAX_LINES
from core.quote_drafts import repo
from core.quote_drafts.commands import SaveQuoteDraft
from core.rfqs import repo as rfqs
from core.uow import Uow

DRAFT_LIFE = dt.timedelta(days=60)
SIGNS_PER_LINE = 1_500
"""Of a line whose price, days and alternative are filled in to the last sign, with the fields' names."""
MOST_SIGNS = (MAX_LINES + 10) * SIGNS_PER_LINE
"""Of all fields together; what is typed once, and the files' names, count as ten lines."""


@requires(Permission.rfqs_answer)
async def save_draft(uow: Uow, actor: Actor, command: SaveQuoteDraft) -> None:
    """Keep the fields for this person and RFQ, in place of what was kept before."""
    if actor.vendor_id is None:
        raise NotFound(what="rfq")
    rfq = await rfqs.visible_to(uow, actor, command.rfq_id)
    if sum(len(name) + len(value) for name, value in command.typed.items()) > MOST_SIGNS:
        raise invalid("/note", "string_too_long", "this is too long", None, max_length=MOST_SIGNS)
    await repo.save(uow.connection, rfq.id, person_of(actor), actor.vendor_id, command.typed, uow.now)


@requires(Permission.rfqs_answer)
async def my_draft(uow: Uow, actor: Actor, rfq_id: RfqId) -> dict[str, str]:
    """The fields as this person left them."""
    return await repo.draft(uow.connection, rfq_id, person_of(actor))


@requires(Permission.rfqs_answer)
async def drop_draft(uow: Uow, actor: Actor, rfq_id: RfqId) -> None:
    """Forget the draft, because the quote was sent."""
    await repo.drop(uow.connection, rfq_id, person_of(actor))
