"""Which copies of a purchase's cards there are, and which are missing.

One rule: a reference is reserved under the purchase's lock, so that two workers never send the same card twice.
"""

from collections.abc import Sequence
from uuid import UUID

from core.access.actor import Actor
from core.accounts import repo as accounts
from core.db.locks import lock_purchase
from core.messages import repo as messages
from core.messages.model import MessageRef
from core.purchases import repo as purchase_repo
from core.purchases.model import Purchase
from core.uow import Uow
from core.worklist import queries as worklist
from workers import purchases
from workers.runtime import Runtime


async def refs_of_purchase(runtime: Runtime, actor: Actor, request_id: UUID) -> list[MessageRef]:
    """Every copy of this purchase's cards, with new references for missing ones, committed before anything is sent."""
    async with runtime.engine.begin() as connection:
        await lock_purchase(connection, request_id)
        uow = runtime.uow(connection, actor)
        purchase = await purchase_repo.load(uow, request_id)
        if purchase is None:
            return []
        shown = await messages.cards_of_all(connection, purchases.subject_ids(purchase))
        missing = await _missing_refs(runtime, uow, purchase, shown)
        await messages.add_refs(connection, missing, uow.now)
    return [*shown, *missing]


async def _missing_refs(
    runtime: Runtime, uow: Uow, purchase: Purchase, shown: Sequence[MessageRef]
) -> list[MessageRef]:
    """New references for the chats of those who have something to do and do not see the card for it."""
    waiting = await worklist.of_purchase(uow, purchase.request.id)
    assignments = [*purchases.card_assignments(purchase, waiting), *purchases.requesters_card(purchase)]
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
