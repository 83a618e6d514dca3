"""Which copies of a purchase's cards there are, and which are missing.

One rule: a reference is reserved under the purchase's lock, so that two workers never send the same card twice.
"""

from uuid import UUID

from bots.cards.drawing import CardKind
from core.access.actor import Actor, Channel
from core.accounts import repo as accounts
from core.db.locks import lock_purchase
from core.kernel.subjects import SubjectKind
from core.messages import repo as messages
from core.messages.model import MessageRef
from core.requests.states import ENDED, RequestState
from core.uow import Uow
from workers import purchases
from workers.purchases import CardAssignment, Purchase
from workers.runtime import Runtime

TOLD_OTHERWISE = frozenset({Channel.telegram.value, Channel.slack.value, Channel.seed.value})
"""Whoever submits from a chat has a card already, and a seeded request is history."""


async def refs_of_purchase(runtime: Runtime, actor: Actor, request_id: UUID) -> list[MessageRef]:
    """Every copy of this purchase's cards, with new references for missing ones, committed before anything is sent."""
    async with runtime.engine.begin() as connection:
        await lock_purchase(connection, request_id)
        uow = runtime.uow(connection, actor)
        shown = await messages.cards_of_all(connection, await purchases.subject_ids(uow, request_id))
        missing = await _missing_refs(runtime, uow, request_id, shown)
        await messages.add_refs(connection, missing, uow.now)
    return [*shown, *missing]


async def _missing_refs(
    runtime: Runtime, uow: Uow, request_id: UUID, shown: list[MessageRef]
) -> list[MessageRef]:
    """New references for the chats of those who have something to do and do not see the card for it."""
    purchase = await purchases.read_purchase(uow, request_id)
    assignments = await purchases.card_assignments(uow, purchase)
    assignments += await _for_requester(uow, purchase)
    held = {(ref.platform, ref.chat_id, ref.card, ref.subject_id) for ref in shown}
    chats = await accounts.chats_of(uow.connection, {each.person_id for each in assignments})
    return [
        messages.new_ref(
            chat.platform,
            chat.external_id,
            chat.person_id,
            assignment.subject_kind.value,
            assignment.subject_id,
            assignment.card.value,
        )
        for assignment in dict.fromkeys(assignments)
        for chat in chats
        if chat.person_id == assignment.person_id
        and chat.platform in runtime.chats
        and (chat.platform, chat.external_id, assignment.card.value, assignment.subject_id) not in held
    ]


async def _for_requester(uow: Uow, purchase: Purchase) -> list[CardAssignment]:
    """The requester's own card, of a request that did not come from a chat."""
    request = purchase.request
    if request.state in ENDED or request.state is RequestState.draft:
        return []
    if await purchases.submitted_through(uow, request.id) in TOLD_OTHERWISE:
        return []
    return [CardAssignment(request.requested_by, CardKind.request, SubjectKind.request, request.id)]
