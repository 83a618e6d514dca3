"""The cards: every copy of a card is a projection of the core, redrawn after each change, on every surface.

One rule: read the present state, lock the reference, skip what is shown already, send, store. Nobody else
edits a card, and a card is sent anew only when somebody has something new to do. Of several changes of one
purchase that wait, only the newest is drawn: it shows the older ones too.
"""

import datetime as dt
from uuid import UUID

from bots.cards.drawing import CardKind
from core.access.actor import Actor, Channel
from core.access.roles import Role
from core.accounts import repo as accounts
from core.db.locks import lock_purchase
from core.log.deliveries import StoredEvent, has_later_event
from core.messages import repo as messages
from core.messages.model import MessageRef
from core.notifications.worklist import worklist
from core.people import repo as people
from core.uow import Uow
from workers import case as purchases
from workers.broker import Queue
from workers.case import CardAssignment
from workers.outcome import DeliveryPostponed
from workers.redraw import redraw_all
from workers.runtime import Runtime, system_actor

QUEUE = Queue.chats
SUBSCRIBES_TO = (
    "cards.wanted",
    "chat.reachable",
    "person.settings_changed",
    "request.submitted",
    "request.sourcing",
    "request.quoted",
    "request.sourcing_failed",
    "request.awaiting_approval",
    "request.returned",
    "request.approved",
    "request.ordered",
    "request.completed",
    "request.withdrawn",
    "request.cancelled",
    "rfq.sent",
    "rfq.closed",
    "rfq.unsuccessful",
    "rfq.awarded",
    "rfq.cancelled",
    "invitation.declined",
    "quote.submitted",
    "quote.revised",
    "quote.withdrawn",
    "quote.selected",
    "quote.rejected",
    "approval.routed",
    "approval.step_opened",
    "approval.decided",
    "approval.question_asked",
    "approval.question_answered",
    "approval.approved",
    "approval.rejected",
    "approval.undone",
    "approval.escalated",
    "approval.deputised",
    "approval.withdrawn",
    "order.issued",
    "order.acknowledged",
    "order.received",
    "order.completed",
    "order.cancelled",
)
PERSON_EVENTS = ("person.settings_changed", "chat.reachable")
SUBMITTED = "request.submitted"
"""Never passed over: one that came by another way than a chat gives its requester a card."""
LANGUAGE_FIELDS = frozenset({"locale", "zone"})
MAX_REDRAWN = 100
"""How many of a person's cards are drawn again when they want to read them otherwise."""
CHATS = (Channel.telegram.value, Channel.slack.value)


async def run(runtime: Runtime, event: StoredEvent) -> None:
    """Redraw every card that the event concerns, and give one to everybody who has something new to do."""
    if not runtime.chats:
        return
    if event.type != SUBMITTED and await _has_later_event(runtime, event):
        return
    actor = system_actor(Role.system_cards, event)
    pauses = [await redraw_all(runtime, actor, await _existing_refs(runtime, actor, event))]
    for request_id in await _purchases(runtime, actor, event):
        pauses.append(
            await redraw_all(runtime, actor, await _reserve_refs(runtime, actor, event, request_id))
        )
    if max(pauses) > 0:
        raise DeliveryPostponed(dt.timedelta(seconds=max(pauses)), "a chat asks for a pause")


async def _has_later_event(runtime: Runtime, event: StoredEvent) -> bool:
    async with runtime.engine.begin() as connection:
        return await has_later_event(connection, "cards", event)


async def _existing_refs(runtime: Runtime, actor: Actor, event: StoredEvent) -> list[MessageRef]:
    """The copies of a purchase's cards; or a person's newest ones, when all of those may differ now."""
    async with runtime.engine.begin() as connection:
        if event.type in PERSON_EVENTS:
            newest = await messages.cards_of_person(connection, event.subject_id, MAX_REDRAWN)
            return list(newest) if _reads_differently(event) else []
        if event.request_id is None:
            return []
        uow = runtime.uow(connection, actor)
        return [
            ref
            for subject_id in await purchases.subject_ids(uow, event.request_id)
            for ref in await messages.cards_of(connection, subject_id)
        ]


def _reads_differently(event: StoredEvent) -> bool:
    """Whoever came back to a chat, or changed the language or the zone."""
    changed = event.data.get("changed")
    return not isinstance(changed, list) or not LANGUAGE_FIELDS.isdisjoint(changed)


async def _purchases(runtime: Runtime, actor: Actor, event: StoredEvent) -> list[UUID]:
    """The purchases in which somebody may have something to do that no card shows."""
    if event.type != "chat.reachable":
        return [event.request_id] if event.request_id is not None else []
    async with runtime.engine.begin() as connection:
        reader = await people.person(connection, event.subject_id)
        if reader is None:
            return []
        found = await worklist(runtime.uow(connection, actor), people.as_actor(reader))
        return list(dict.fromkeys(item.request_id for item in found.items))


async def _reserve_refs(
    runtime: Runtime, actor: Actor, event: StoredEvent, request_id: UUID
) -> list[MessageRef]:
    """References for the cards that are missing, committed before anything is sent."""
    async with runtime.engine.begin() as connection:
        await lock_purchase(connection, request_id)
        uow = runtime.uow(connection, actor)
        purchase = await purchases.read_purchase(uow, request_id)
        assignments = await purchases.card_assignments(uow, purchase)
        if event.type == SUBMITTED and event.channel not in CHATS:
            assignments.append(
                CardAssignment(
                    purchase.request.requested_by, CardKind.request, "request", purchase.request.id
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
            assignment.subject_kind,
            assignment.subject_id,
            assignment.card.value,
        )
        await messages.add_ref(uow.connection, ref, uow.now)
        refs.append(ref)
    return refs
