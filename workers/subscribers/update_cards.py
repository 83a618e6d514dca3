"""The subscriber ``cards``: after each change every copy of a card is drawn again, on every platform.

One rule: a card is drawn from the present state, never from the event, and only this subscriber edits cards.

A new card is sent only when somebody has something new to do; a requester gets one of a request that did not come
from a chat. When several changes of one purchase are waiting, one delivery stands for all of them.
"""

import datetime as dt
from uuid import UUID

from core.access.actor import Actor
from core.access.roles import Role
from core.accounts.events import ChatReachable
from core.amendments.events import DeadlineMoved, RfqCorrected, VendorsAdded
from core.approvals.events import ApprovalDeputised, ApprovalRouted, ApprovalStuck, ApprovalWithdrawn
from core.attachments.events import RequestFilesAttached
from core.clarifications.events import RfqQuestionAnswered, RfqQuestionAsked
from core.completions.events import CompletionAsked
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
from core.findings.events import FindingFound, FindingReviewed
from core.insights.events import InsightSwitched
from core.insights.states import Feature
from core.log.events import Event
from core.log.stored import StoredEvent
from core.messages import repo as messages
from core.messages.events import CardsWanted
from core.notifications.events import PreferencesChanged
from core.order_changes.events import OrderChangeEvent, OrderRevised
from core.orders.events import (
    OrderAcknowledged,
    OrderCompleted,
    OrderIssued,
    OrderReopened,
    OrderStopped,
)
from core.people import repo as people
from core.quotes.events import (
    QuoteExpired,
    QuoteRejected,
    QuoteRevised,
    QuoteSelected,
    QuoteSubmitted,
    QuoteWithdrawn,
)
from core.reassignments.events import ApprovalForwarded, ApprovalReassigned, ApprovalReplanned
from core.receipts.events import GoodsReturned, OrderClosedShort, OrderReceived, ReceiptCorrected
from core.rejections.events import RequestRejected
from core.removals.events import RequestLinesDropped
from core.requests.events import (
    RequestCancelled,
    RequestStateChanged,
    RequestSubmitted,
    RequestTakenBack,
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
from core.split_awards.events import SplitProposed
from core.worklist import queries as worklist
from core.worklist.queries import WorkQuery
from workers.broker import Queue
from workers.cards.redraw import redraw_all, show_purchase
from workers.outcome import DeliveryPostponed
from workers.purchases import cards_with
from workers.runtime import Runtime, system_actor

QUEUE = Queue.chats
SUBSCRIBES_TO: tuple[type[Event], ...] = (
    CardsWanted,
    ChatReachable,
    PreferencesChanged,
    InsightSwitched,
    RequestLinesDropped,
    RequestSubmitted,
    RequestTakenBack,
    RequestFilesAttached,
    RequestStateChanged,
    RequestWithdrawn,
    RequestCancelled,
    RequestRejected,
    RfqSent,
    DeadlineMoved,
    VendorsAdded,
    RfqCorrected,
    RfqQuestionAsked,
    RfqQuestionAnswered,
    RfqClosed,
    RfqUnsuccessful,
    RfqAwarded,
    RfqCancelled,
    InvitationDeclined,
    QuoteSubmitted,
    QuoteRevised,
    QuoteWithdrawn,
    CompletionAsked,
    QuoteExpired,
    QuoteSelected,
    SplitProposed,
    QuoteRejected,
    ApprovalRouted,
    ApprovalStuck,
    ApprovalStepOpened,
    ApprovalDecided,
    QuestionAsked,
    QuestionAnswered,
    ApprovalApproved,
    ApprovalRejected,
    ApprovalUndone,
    ApprovalEscalated,
    ApprovalDeputised,
    ApprovalForwarded,
    ApprovalReassigned,
    ApprovalReplanned,
    ApprovalWithdrawn,
    FindingFound,
    FindingReviewed,
    OrderIssued,
    OrderAcknowledged,
    OrderReceived,
    OrderCompleted,
    OrderStopped,
    OrderChangeEvent,
    OrderRevised,
    OrderReopened,
    OrderClosedShort,
    ReceiptCorrected,
    GoodsReturned,
)
LANGUAGE_FIELDS = frozenset({"locale", "zone"})
MAX_REDRAWN = 100
"""How many cards are drawn again after a person's preferences, or of how many things after a switch."""


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    """Bring every card that the event concerns up to date, and send one to everybody who has something new to do."""
    if not runtime.chats:
        return
    actor = system_actor(Role.system_cards, stored)
    if isinstance(event, ChatReachable | PreferencesChanged):
        pause = await _show_person(runtime, actor, event)
    elif isinstance(event, InsightSwitched):
        pause = await _show_switched(runtime, actor, Feature(event.feature))
    elif event.request_id is not None:
        pause = await _show_purchase(runtime, actor, event.request_id)
    else:
        pause = 0.0
    if pause > 0:
        raise DeliveryPostponed(dt.timedelta(seconds=pause), "a chat asks for a pause")


async def _show_purchase(runtime: Runtime, actor: Actor, request_id: UUID) -> float:
    """All copies of a purchase's cards; what was deleted in a chat is sent again while its reader has to act."""
    redrawn = await show_purchase(runtime, actor, request_id)
    if redrawn.some_gone:
        redrawn |= await show_purchase(runtime, actor, request_id)
    return redrawn.pause


async def _show_switched(runtime: Runtime, actor: Actor, feature: Feature) -> float:
    """The newest cards that tell something by a feature that was switched, or told it before."""
    async with runtime.engine.begin() as connection:
        newest = await cards_with(runtime.uow(connection, actor), feature, MAX_REDRAWN)
    return (await redraw_all(runtime, actor, newest)).pause


async def _show_person(runtime: Runtime, actor: Actor, event: ChatReachable | PreferencesChanged) -> float:
    """A person's newest cards, when all of them may look different now; who came back also gets what waits."""
    pauses = [0.0]
    if _looks_different(event):
        async with runtime.engine.begin() as connection:
            newest = await messages.cards_of_person(connection, event.subject_id, MAX_REDRAWN)
        pauses.append((await redraw_all(runtime, actor, newest)).pause)
    if isinstance(event, ChatReachable):
        for request_id in await _waiting_purchases(runtime, actor, event.subject_id):
            pauses.append(await _show_purchase(runtime, actor, request_id))
    return max(pauses)


def _looks_different(event: ChatReachable | PreferencesChanged) -> bool:
    """Whether the person came back to a chat, or changed their language or time zone."""
    return isinstance(event, ChatReachable) or not LANGUAGE_FIELDS.isdisjoint(event.changed)


async def _waiting_purchases(runtime: Runtime, actor: Actor, person_id: UUID) -> list[UUID]:
    """The purchases in which this person may have something to do that no card shows."""
    async with runtime.engine.begin() as connection:
        reader = await people.person(connection, person_id)
        if reader is None:
            return []
        found = await worklist.of_person(
            runtime.uow(connection, actor), people.as_actor(reader), WorkQuery(MAX_REDRAWN)
        )
        return list(dict.fromkeys(item.request_id for item in found.items))
