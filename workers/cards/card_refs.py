"""Which cards are missing: compares who has something to do with the cards that their chats show.

One rule: a reference is reserved under the purchase's lock, so that two workers never send the same card twice.
"""

from uuid import UUID

from bots.cards.drawing import CardKind
from core.access.actor import Actor
from core.accounts import repo as accounts
from core.db.locks import lock_purchase
from core.kernel.subjects import SubjectKind
from core.messages import repo as messages
from core.messages.model import MessageRef
from core.uow import Uow
from workers import purchases
from workers.purchases import CardAssignment
from workers.runtime import Runtime


async def reserve_refs(
    runtime: Runtime, actor: Actor, request_id: UUID, *, requester_too: bool
) -> list[MessageRef]:
    """References for missing cards, committed before anything is sent; ``requester_too`` adds the request's own."""
    async with runtime.engine.begin() as connection:
        await lock_purchase(connection, request_id)
        uow = runtime.uow(connection, actor)
        purchase = await purchases.read_purchase(uow, request_id)
        assignments = await purchases.card_assignments(uow, purchase)
        if requester_too:
            assignments.append(
                CardAssignment(
                    purchase.request.requested_by, CardKind.request, SubjectKind.request, purchase.request.id
                )
            )
        refs: list[MessageRef] = []
        for assignment in assignments:
            refs += await _missing_refs(runtime, uow, assignment)
    return refs


async def _missing_refs(runtime: Runtime, uow: Uow, assignment: CardAssignment) -> list[MessageRef]:
    """New references for the chats of this person that do not show the card yet."""
    shown = {
        (ref.platform, ref.chat_id)
        for ref in await messages.cards_of(uow.connection, assignment.subject_id)
        if ref.card == assignment.card.value
    }
    refs: list[MessageRef] = []
    for chat in await accounts.chats_of(uow.connection, [assignment.person_id]):
        if chat.platform not in runtime.chats or (chat.platform, chat.external_id) in shown:
            continue
        ref = messages.new_ref(
            chat.platform,
            chat.external_id,
            assignment.person_id,
            assignment.subject_kind.value,
            assignment.subject_id,
            assignment.card.value,
        )
        await messages.add_ref(uow.connection, ref, uow.now)
        refs.append(ref)
    return refs
