"""Which event leads to which notice: one row per event class. A new notice is one function and one row."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from core.accounts.events import ChatUnreachable, LinkConfirmed
from core.amendments.events import DeadlineMoved, RfqCorrected, VendorsAdded
from core.approvals.events import ApprovalStuck
from core.clarifications.events import RfqQuestionAnswered, RfqQuestionAsked
from core.comments.events import RequestCommented
from core.completions.events import CompletionAsked, QuoteLeftLinesOut
from core.decisions.events import ApprovalRejected, QuestionAnswered, QuestionAsked
from core.delegations.events import DelegationEnded, DelegationMade
from core.entries.events import AcknowledgementEntered
from core.escalations.events import ApprovalEscalated, ApprovalOverdue
from core.event_types import concrete_classes
from core.findings.events import FindingRuleDigested
from core.groups.events import GroupLost
from core.installations.events import AppRemoved
from core.log.deliveries import DeliveryParked
from core.log.events import Event
from core.log.stored import StoredEvent
from core.log.unshown_rows import RowUnshown
from core.order_changes.events import ChangeDeclined, OrderRevised
from core.orders.events import OrderStopped
from core.quotes.events import QuoteRejected, QuoteRevised, QuoteSubmitted
from core.reassignments.events import (
    ApprovalCandidateLeft,
    ApprovalForwarded,
    ApprovalReassigned,
    ApprovalReplanned,
)
from core.receipts.events import GoodsReturned, OrderClosedShort
from core.rejections.events import RequestRejected
from core.removals.events import RequestLinesDropped
from core.requests.events import RequestCancelled, RequestEntered, RequestSourcingFailed, RequestTakenBack
from core.rfqs.events import (
    InvitationDeclined,
    RfqAwarded,
    RfqCancelled,
    RfqReminded,
    RfqReplaced,
    RfqSent,
    RfqUndecided,
    RfqUnsuccessful,
)
from core.split_awards.events import SplitReduced
from core.uow import Uow
from workers.notices import (
    accounts,
    approvals,
    delegations,
    findings,
    operations,
    orders,
    quotes,
    requests,
    rfqs,
)
from workers.notices.planned_notice import NoticeBuilder, PlannedNotice

E = TypeVar("E", bound=Event)
Row = tuple[type[Event], NoticeBuilder]


def on(kind: type[E], build: Callable[[Uow, E, StoredEvent], Awaitable[PlannedNotice | None]]) -> Row:
    """One row; a builder that takes another event is a type error."""
    return kind, build


ROWS: tuple[Row, ...] = (
    on(QuoteSubmitted, quotes.quote_submitted),
    on(QuoteRevised, quotes.quote_revised),
    on(QuoteRejected, quotes.quote_rejected),
    on(QuoteLeftLinesOut, quotes.lines_left_out),
    on(CompletionAsked, quotes.completion_asked),
    on(RfqSent, rfqs.rfq_sent),
    on(RfqReminded, rfqs.rfq_reminded),
    on(RfqUndecided, rfqs.rfq_undecided),
    on(RfqUnsuccessful, rfqs.rfq_unsuccessful),
    on(RequestSourcingFailed, rfqs.sourcing_failed),
    on(RfqReplaced, rfqs.rfq_replaced),
    on(RfqAwarded, rfqs.rfq_awarded),
    on(SplitReduced, rfqs.split_reduced),
    on(DeadlineMoved, rfqs.deadline_moved),
    on(VendorsAdded, rfqs.vendors_added),
    on(RfqCorrected, rfqs.rfq_corrected),
    on(RfqQuestionAsked, rfqs.question_asked),
    on(RfqQuestionAnswered, rfqs.question_answered),
    on(RfqCancelled, rfqs.rfq_cancelled),
    on(InvitationDeclined, rfqs.invitation_declined),
    on(ApprovalOverdue, approvals.approval_overdue),
    on(ApprovalEscalated, approvals.approval_escalated),
    on(QuestionAsked, approvals.question_asked),
    on(QuestionAnswered, approvals.question_answered),
    on(ApprovalRejected, approvals.approval_rejected),
    on(ApprovalStuck, approvals.approval_stuck),
    on(RequestEntered, requests.request_entered),
    on(RequestLinesDropped, requests.lines_dropped),
    on(RequestTakenBack, requests.request_taken_back),
    on(ApprovalForwarded, approvals.approval_forwarded),
    on(ApprovalReassigned, approvals.approval_reassigned),
    on(ApprovalReplanned, approvals.approval_replanned),
    on(ApprovalCandidateLeft, approvals.candidate_left),
    on(RequestCancelled, requests.request_cancelled),
    on(RequestRejected, requests.request_rejected),
    on(RequestCommented, requests.request_commented),
    on(AcknowledgementEntered, orders.acknowledgement_entered),
    on(OrderStopped, orders.order_stopped),
    on(OrderRevised, orders.order_revised),
    on(ChangeDeclined, orders.change_declined),
    on(OrderClosedShort, orders.order_closed_short),
    on(GoodsReturned, orders.goods_returned),
    on(DelegationMade, delegations.delegation_made),
    on(DelegationEnded, delegations.delegation_ended),
    on(LinkConfirmed, accounts.link_confirmed),
    on(ChatUnreachable, accounts.chat_unreachable),
    on(GroupLost, operations.group_lost),
    on(AppRemoved, operations.app_removed),
    on(DeliveryParked, operations.delivery_parked),
    on(RowUnshown, operations.row_unshown),
    on(FindingRuleDigested, findings.rule_digested),
)

NOTICES: Mapping[type[Event], NoticeBuilder] = MappingProxyType(
    {concrete: build for kind, build in ROWS for concrete in concrete_classes(kind)}
)


async def plan_notice(uow: Uow, stored: StoredEvent) -> PlannedNotice | None:
    """Who should receive what about this event; None when no notice belongs to it, or none any more."""
    event = stored.decode()
    build = NOTICES.get(type(event))
    return await build(uow, event, stored) if build is not None else None
