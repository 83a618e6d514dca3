"""The subscriber ``cards``: after each change every copy of a card is drawn again, on every platform.

One rule: a card is drawn from the present state, never from the event, and only this subscriber edits cards.

A new card is sent only when somebody has something new to do. When several changes of one purchase are waiting, only
the newest is drawn, because it shows the older ones too.
"""

import datetime as dt
from uuid import UUID

from core.access.actor import Actor, Channel
from core.access.roles import Role
from core.accounts.events import ChatReachable
from core.approvals.events import ApprovalDeputised, ApprovalRouted, ApprovalWithdrawn
from core.decisions.events import (
    ApprovalApproved,
    ApprovalDecided,
    ApprovalRejected,
    ApprovalStepOpened,
    ApprovalUndone,
    QuestionAnswered,
    QuestionAsked,
)
from core.escalations.events import ApprovalEscalated
from core.log.deliveries import has_later_event
from core.log.events import Event
from core.log.stored import StoredEvent
from core.messages import repo as messages
from core.messages.events import CardsWanted
from core.messages.model import MessageRef
from core.notifications.events import PreferencesChanged
from core.orders.events import (
    OrderAcknowledged,
    OrderCancelled,
    OrderCompleted,
    OrderIssued,
    OrderReceived,
)
from core.people import repo as people
from core.quotes.events import (
    QuoteRejected,
    QuoteRevised,
    QuoteSelected,
    QuoteSubmitted,
    QuoteWithdrawn,
)
from core.requests.events import (
    RequestCancelled,
    RequestStateChanged,
    RequestSubmitted,
    RequestWithdrawn,
)
from core.rfqs.events import (
    InvitationDeclined,
    RfqAwarded,
    RfqCancelled,
    RfqClosed,
    RfqSent,
    RfqUnsuccessful,
)
from core.worklist import queries as worklist
from core.worklist.queries import WorkQuery
from workers import purchases
from workers.broker import Queue
from workers.cards.card_refs import reserve_refs
from workers.cards.redraw import redraw_all
from workers.outcome import DeliveryPostponed
from workers.runtime import Runtime, system_actor

QUEUE = Queue.chats
SUBSCRIBES_TO: tuple[type[Event], ...] = (
    CardsWanted,
    ChatReachable,
    PreferencesChanged,
    RequestSubmitted,
    RequestStateChanged,
    RequestWithdrawn,
    RequestCancelled,
    RfqSent,
    RfqClosed,
    RfqUnsuccessful,
    RfqAwarded,
    RfqCancelled,
    InvitationDeclined,
    QuoteSubmitted,
    QuoteRevised,
    QuoteWithdrawn,
    QuoteSelected,
    QuoteRejected,
    ApprovalRouted,
    ApprovalStepOpened,
    ApprovalDecided,
    QuestionAsked,
    QuestionAnswered,
    ApprovalApproved,
    ApprovalRejected,
    ApprovalUndone,
    ApprovalEscalated,
    ApprovalDeputised,
    ApprovalWithdrawn,
    OrderIssued,
    OrderAcknowledged,
    OrderReceived,
    OrderCompleted,
    OrderCancelled,
)
LANGUAGE_FIELDS = frozenset({"locale", "zone"})
MAX_REDRAWN = 100
"""How many of a person's cards are drawn again after their preferences changed."""
CHATS = (Channel.telegram.value, Channel.slack.value)


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    """Redraw every card that the event concerns, and send one to everybody who has something new to do."""
    if not runtime.chats:
        return
    if not isinstance(event, RequestSubmitted) and await _has_later_event(runtime, stored):
        return
    actor = system_actor(Role.system_cards, stored)
    pauses = [await redraw_all(runtime, actor, await _existing_refs(runtime, actor, event))]
    gives_requester_card = isinstance(event, RequestSubmitted) and stored.channel not in CHATS
    for request_id in await _purchases(runtime, actor, event):
        refs = await reserve_refs(runtime, actor, request_id, requester_too=gives_requester_card)
        pauses.append(await redraw_all(runtime, actor, refs))
    if max(pauses) > 0:
        raise DeliveryPostponed(dt.timedelta(seconds=max(pauses)), "a chat asks for a pause")


async def _has_later_event(runtime: Runtime, stored: StoredEvent) -> bool:
    """A submitted request is never skipped: unless it came from a chat, its requester gets a card."""
    async with runtime.engine.begin() as connection:
        return await has_later_event(connection, "cards", stored)


async def _existing_refs(runtime: Runtime, actor: Actor, event: Event) -> list[MessageRef]:
    """The copies of a purchase's cards; or a person's newest ones, when all of those may look different now."""
    async with runtime.engine.begin() as connection:
        if isinstance(event, ChatReachable | PreferencesChanged):
            newest = await messages.cards_of_person(connection, event.subject_id, MAX_REDRAWN)
            return list(newest) if _looks_different(event) else []
        if event.request_id is None:
            return []
        uow = runtime.uow(connection, actor)
        return [
            ref
            for subject_id in await purchases.subject_ids(uow, event.request_id)
            for ref in await messages.cards_of(connection, subject_id)
        ]


def _looks_different(event: ChatReachable | PreferencesChanged) -> bool:
    """Whether the person came back to a chat, or changed their language or time zone."""
    return isinstance(event, ChatReachable) or not LANGUAGE_FIELDS.isdisjoint(event.changed)


async def _purchases(runtime: Runtime, actor: Actor, event: Event) -> list[UUID]:
    """The purchases in which somebody may have something to do that no card shows."""
    if not isinstance(event, ChatReachable):
        return [event.request_id] if event.request_id is not None else []
    async with runtime.engine.begin() as connection:
        reader = await people.person(connection, event.subject_id)
        if reader is None:
            return []
        found = await worklist.of_person(
            runtime.uow(connection, actor), people.as_actor(reader), WorkQuery(MAX_REDRAWN)
        )
        return list(dict.fromkeys(item.request_id for item in found.items))
