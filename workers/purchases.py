"""Who has something to do in a purchase, and on which card; who else it concerns.

One rule: who should have a card is read from the present state, never from an event, so that a late, repeated or lost
event leads to the same cards.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, or_, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import any_

from bots.cards.drawing import CardKind
from core.access.actor import Channel
from core.access.roles import Role
from core.approvals.states import ApprovalState
from core.approvals.tables import approvals
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.findings.repo import carded_of, reviewers
from core.findings.states import WAITING
from core.findings.tables import findings
from core.insights import queries as insights
from core.insights.states import Feature
from core.kernel.ids import PersonId
from core.kernel.subjects import SubjectKind
from core.messages import repo as messages
from core.messages.model import MessageRef
from core.orders.states import OrderState
from core.orders.tables import purchase_orders
from core.people import directory
from core.people import repo as people_repo
from core.purchases import views
from core.purchases.model import Purchase
from core.requests.states import ENDED, RequestState
from core.requests.tables import procurement_requests
from core.rfqs.states import RfqState
from core.rfqs.tables import rfq_invitations, rfqs
from core.uow import Uow
from core.worklist.model import WorkItem, WorkKind

CARDS = {
    WorkKind.decide: CardKind.approval,
    WorkKind.choose: CardKind.comparison,
    WorkKind.clarify: CardKind.comparison,
    WorkKind.source: CardKind.officer_request,
    WorkKind.quote: CardKind.vendor_rfq,
    WorkKind.acknowledge: CardKind.vendor_order,
    WorkKind.receive: CardKind.order,
    WorkKind.settle: CardKind.order,
    WorkKind.agree: CardKind.vendor_order,
}
"""On which card a thing is done. A question has none: its notice is answered by a reply."""
UNDELIVERED = (
    OrderState.issued,
    OrderState.acknowledged,
    OrderState.change_proposed,
    OrderState.partly_received,
)
TOLD_OTHERWISE = frozenset({Channel.telegram, Channel.slack, Channel.seed})
"""Whoever submits from a chat has a card already, and a seeded request is history."""


@dataclass(frozen=True)
class CardAssignment:
    """A person who has something to do, and the card on which they do it."""

    person_id: UUID
    card: CardKind
    subject_kind: SubjectKind
    subject_id: UUID


_REQUESTS_OF = Prebuilt(
    union_all(
        select(procurement_requests.c.id, procurement_requests.c.id.label("request_id")).where(
            procurement_requests.c.id == any_(bindparam("ids", type_=ARRAY(Id)))
        ),
        *(
            select(table.c.id, table.c.request_id).where(
                table.c.id == any_(bindparam("ids", type_=ARRAY(Id)))
            )
            for table in (rfqs, approvals, purchase_orders, findings)
        ),
    )
)


_LIVE: Mapping[Feature, tuple[tuple[CardKind, Table, tuple[str, ...]], ...]] = MappingProxyType(
    {
        Feature.findings: (
            (CardKind.finding, findings, tuple(state.value for state in WAITING)),
            (CardKind.approval, approvals, (ApprovalState.pending.value,)),
        ),
        Feature.vendor_score: (
            (CardKind.approval, approvals, (ApprovalState.pending.value,)),
            (CardKind.comparison, rfqs, (RfqState.closed.value,)),
        ),
    }
)
"""On which cards a feature is read, as long as what they are about is in one of these states."""


async def cards_with(uow: Uow, feature: Feature, most: int) -> list[MessageRef]:
    """The copies on which somebody may act by what a feature says, of the newest ``most`` subjects of each kind."""
    found: list[MessageRef] = []
    for card, table, states in _LIVE.get(feature, ()):
        live = select(table.c.id).where(table.c.state.in_(states)).order_by(table.c.id.desc()).limit(most)
        subjects = list(await uow.connection.scalars(live))
        copies = await messages.cards_of_all(uow.connection, subjects)
        found += [each for each in copies if each.card == card.value]
    return found


async def requests_of(uow: Uow, subject_ids: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """The request of each of these requests, RFQs, approvals and orders."""
    found = await uow.connection.execute(_REQUESTS_OF, {"ids": list(subject_ids)})
    return {row.id: row.request_id for row in found}


def subject_ids(purchase: Purchase) -> tuple[UUID, ...]:
    """The ids of everything in this purchase that a card may show, ended approvals and RFQs included."""
    return (
        purchase.request.id,
        *(rfq.id for rfq in purchase.rfqs),
        *(approval.id for approval in purchase.approvals),
        *(order.id for order in purchase.orders),
    )


async def officers_of(uow: Uow, vendor_id: UUID) -> list[PersonId]:
    """The officers with an undecided RFQ or an undelivered order of this vendor."""
    asked = select(rfq_invitations.c.rfq_id).where(rfq_invitations.c.vendor_id == vendor_id)
    undecided = and_(rfqs.c.id.in_(asked), rfqs.c.state.in_([RfqState.open.value, RfqState.closed.value]))
    order = purchase_orders.c
    ordered = select(order.request_id).where(
        order.vendor_id == vendor_id, order.state.in_([state.value for state in UNDELIVERED])
    )
    found = await uow.connection.scalars(
        select(rfqs.c.sent_by).where(or_(undecided, rfqs.c.request_id.in_(ordered))).distinct()
    )
    return [PersonId(person_id) for person_id in found]


async def people_concerned(uow: Uow, purchase: Purchase) -> list[UUID]:
    """The requester, the officer (all officers until one has sent an RFQ), and those who may decide now."""
    handling = [purchase.rfq.sent_by] if purchase.rfq else await _officers(uow, purchase)
    deciding = [
        person
        for approval in purchase.approvals
        if approval.state is ApprovalState.pending and approval.open_step is not None
        for person in approval.open_step.deciders
        if person not in approval.excluded
    ]
    return [purchase.request.requested_by, *handling, *deciding]


async def who_may_see(uow: Uow, purchase: Purchase, people: Iterable[UUID]) -> list[UUID]:
    """Those of these people who may see the request."""
    wanted = list(people)
    readers = await people_repo.people_by_ids(uow.connection, wanted)
    return [
        person_id
        for person_id in wanted
        if (reader := readers.get(person_id)) is not None
        and reader.active
        and views.request_details(purchase, people_repo.as_actor(reader), uow.now) is not None
    ]


async def _officers(uow: Uow, purchase: Purchase) -> list[PersonId]:
    if purchase.request.state is not RequestState.submitted:
        return []
    return [one.person_id for one in await directory.people_with_role(uow.connection, Role.officer)]


def card_assignments(purchase: Purchase, waiting: Sequence[WorkItem]) -> list[CardAssignment]:
    """Everybody who has something to do now, with the card for it; then those who follow what others do."""
    assigned = [
        CardAssignment(item.person_id, CARDS[item.kind], item.subject_kind, item.subject_id)
        for item in waiting
        if item.kind in CARDS
    ]
    return list(dict.fromkeys([*assigned, *_followers(purchase)]))


def _followers(purchase: Purchase) -> list[CardAssignment]:
    """The officer keeps the comparison of a closed RFQ, the requester an order that is on its way."""
    rfq = purchase.rfq
    found: list[CardAssignment] = []
    if rfq is not None and rfq.state in (RfqState.closed, RfqState.unsuccessful):
        found.append(CardAssignment(rfq.sent_by, CardKind.comparison, SubjectKind.rfq, rfq.id))
    found += [
        CardAssignment(order.requested_by, CardKind.order, SubjectKind.order, order.id)
        for order in purchase.live_orders
        if order.state in UNDELIVERED
    ]
    return found


def requesters_card(purchase: Purchase) -> list[CardAssignment]:
    """The requester's own card, of a running request that they did not send from a chat."""
    request = purchase.request
    if request.state in ENDED or request.state is RequestState.draft:
        return []
    if purchase.submitted_channel in TOLD_OTHERWISE and request.entered_by is None:
        return []
    return [CardAssignment(request.requested_by, CardKind.request, SubjectKind.request, request.id)]


async def reassigning_cards(uow: Uow, purchase: Purchase) -> list[CardAssignment]:
    """Nobody can decide an open step, of any approval: the administrators get its card, to give it to somebody."""
    stuck = [
        approval
        for approval in purchase.approvals
        if approval.state is ApprovalState.pending
        and (step := approval.open_step) is not None
        and step.stuck_at is not None
    ]
    if not stuck:
        return []
    admins = await directory.people_with_role(uow.connection, Role.admin)
    return [
        CardAssignment(admin.person_id, CardKind.approval, SubjectKind.approval, approval.id)
        for approval in stuck
        for admin in admins
        if admin.person_id not in approval.excluded
    ]


async def finding_cards(uow: Uow, purchase: Purchase) -> list[CardAssignment]:
    """Officers and finance get a card of what looked unusual, but for those who took part in the purchase."""
    waiting = await carded_of(uow, purchase.request.id)
    if not waiting or not await insights.enabled(uow, Feature.findings):
        return []
    told = await reviewers(uow)
    return [
        CardAssignment(person_id, CardKind.finding, SubjectKind.finding, each.id)
        for each in waiting
        for person_id in told
        if person_id not in each.involved
    ]
