"""What follows from an event inside the same transaction: one table.

One rule: a lower slice reaches a higher one only through this table.

A row names an event class, or a base class for all events below it. Reactions run in the order of the rows, and
within a row from left to right. Work that may be late or repeated belongs to a subscriber in ``workers``.
"""

from collections.abc import Awaitable, Callable
from types import MappingProxyType
from typing import TypeVar

from core.accounts import sessions
from core.approvals import service as approvals
from core.approvals.events import ApprovalOpened, ApprovalWithdrawn
from core.awards import reactions as awards
from core.completions import service as completions
from core.decisions import service as decisions
from core.decisions.events import ApprovalApproved, ApprovalDecided, ApprovalRejected, ApprovalUndone
from core.delegations.events import DelegationEvent
from core.event_types import concrete_classes
from core.issuing import service as issuing
from core.log.events import Event
from core.notifications import preferences
from core.notifications.events import PreferencesChanged
from core.order_changes import service as order_changes
from core.order_changes.events import ChangeDeclined, ChangeTakenBack
from core.orders import service as orders
from core.orders.events import (
    OrderCompleted,
    OrderGenerated,
    OrderIssued,
    OrderReopened,
    OrderStopped,
)
from core.people.events import PasswordSet, PersonDisabled, RolesChanged
from core.progress import service as progress
from core.quotes.events import (
    QuoteExpired,
    QuoteRevised,
    QuoteSubmitted,
    QuoteUnselected,
    QuoteWithdrawn,
)
from core.reassignments import service as reassignments
from core.receipts import service as receipts
from core.recommendations import service as recommendations
from core.rejections import service as rejections
from core.rejections.events import RequestRejected
from core.requests.events import RequestCancelled, RequestWithdrawn
from core.rfqs import service as rfqs
from core.rfqs.events import InvitationDeclined, RfqCancelled, RfqReplaced, RfqSent, RfqUnsuccessful
from core.split_awards import consequences as split_awards
from core.uow import Reaction, Reactions, Uow

E = TypeVar("E", bound=Event)
Row = tuple[type[Event], tuple[Reaction, ...]]


def on(kind: type[E], *reactions: Callable[[Uow, E], Awaitable[None]]) -> Row:
    """One row; a reaction that takes another event is a type error."""
    return kind, reactions


ROWS: tuple[Row, ...] = (
    on(RolesChanged, sessions.on_rights_changed),
    on(PasswordSet, sessions.on_rights_changed),
    on(PersonDisabled, sessions.on_rights_changed, reassignments.on_person_disabled),
    on(PreferencesChanged, preferences.on_preferences_changed),
    on(RfqSent, progress.on_rfq_sent),
    on(
        QuoteSubmitted,
        awards.on_purchase_moved,
        progress.on_quote_submitted,
        completions.on_quote,
        awards.on_answer,
    ),
    on(QuoteRevised, completions.on_quote, awards.on_answer),
    on(InvitationDeclined, awards.on_answer),
    on(QuoteWithdrawn, approvals.on_subject_gone, split_awards.on_quote_gone, awards.on_quote_lost),
    on(QuoteExpired, approvals.on_subject_gone, split_awards.on_quote_gone, awards.on_quote_lost),
    on(QuoteUnselected, approvals.on_subject_gone, split_awards.on_quote_unselected),
    on(RfqUnsuccessful, progress.on_quotes_lost, awards.on_rfq_over),
    on(RfqCancelled, progress.on_quotes_lost, awards.on_rfq_over),
    on(RfqReplaced, awards.on_rfq_over),
    on(ApprovalOpened, progress.on_approval_opened),
    on(ApprovalWithdrawn, progress.on_approval_gone),
    on(
        ApprovalDecided,
        awards.on_purchase_moved,
        awards.on_approval_decided,
        split_awards.on_approval_decided,
    ),
    on(
        ApprovalRejected,
        rejections.on_approval_rejected,
        progress.on_approval_gone,
        awards.on_approval_rejected,
        split_awards.on_approval_rejected,
        order_changes.on_approval_rejected,
    ),
    on(
        ApprovalApproved,
        awards.on_approval_approved,
        progress.on_approval_approved,
        issuing.on_approval_approved,
        split_awards.on_approval_approved,
        order_changes.on_approval_approved,
    ),
    on(
        ApprovalUndone,
        issuing.on_approval_undone,
        awards.on_approval_undone,
        split_awards.on_approval_undone,
        progress.on_approval_undone,
    ),
    on(DelegationEvent, reassignments.on_delegation_changed),
    on(OrderGenerated, progress.on_order_generated, recommendations.on_order_generated),
    on(OrderIssued, awards.on_order_issued, split_awards.on_order_issued),
    on(
        OrderStopped,
        decisions.on_order_cancelled,
        split_awards.on_order_stopped,
        awards.on_order_cancelled,
    ),
    on(ChangeDeclined, approvals.on_subject_gone),
    on(ChangeTakenBack, approvals.on_subject_gone),
    on(OrderCompleted, split_awards.on_order_completed),
    on(OrderReopened, receipts.on_order_reopened),
    on(RequestWithdrawn, approvals.on_request_ended, rfqs.on_request_ended),
    on(RequestRejected, approvals.on_request_ended, rfqs.on_request_ended),
    on(RequestCancelled, approvals.on_request_ended, orders.on_request_cancelled, rfqs.on_request_ended),
)


def reactions_of(rows: tuple[Row, ...]) -> Reactions:
    """The rows by concrete event class; a row of a base class counts for each class below it."""
    table: dict[type[Event], tuple[Reaction, ...]] = {}
    for kind, reactions in rows:
        for concrete in concrete_classes(kind):
            table[concrete] = (*table.get(concrete, ()), *reactions)
    return MappingProxyType(table)


REACTIONS: Reactions = reactions_of(ROWS)
