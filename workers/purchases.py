"""A whole purchase as the cards and notices need it: its state, and who has something to do.

One rule: who should have a card is read from the present state, never from an event, so that a late, repeated or lost
event leads to the same cards.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select, union_all

from bots.cards.drawing import CardKind
from core.access.permissions import Permission
from core.access.roles import Role
from core.approvals.model import Approval
from core.approvals.repo import pending_of_purchase
from core.approvals.tables import approvals
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.kernel.errors import NotFound
from core.kernel.ids import PersonId
from core.kernel.subjects import SubjectKind
from core.log.tables import audit_events
from core.orders import repo as orders
from core.orders.model import Order
from core.orders.states import OrderState
from core.orders.tables import purchase_orders
from core.people import directory
from core.people import repo as people_repo
from core.requests import repo as requests
from core.requests.events import RequestSubmitted
from core.requests.model import Request
from core.requests.states import RequestState
from core.rfqs import repo as rfqs_repo
from core.rfqs.model import Rfq
from core.rfqs.states import RfqState
from core.rfqs.tables import rfq_invitations, rfqs
from core.uow import Uow
from core.worklist import queries as worklist
from core.worklist.model import WorkKind

CARDS = {
    WorkKind.decide: CardKind.approval,
    WorkKind.choose: CardKind.comparison,
    WorkKind.source: CardKind.officer_request,
    WorkKind.quote: CardKind.vendor_rfq,
    WorkKind.acknowledge: CardKind.vendor_order,
    WorkKind.receive: CardKind.order,
}
"""On which card a thing is done. A question has none: its notice is answered by a reply."""
UNDELIVERED = (OrderState.issued.value, OrderState.acknowledged.value, OrderState.partly_received.value)


@dataclass(frozen=True)
class Purchase:
    """One purchase: its request, newest RFQ, pending approval and live order."""

    request: Request
    rfq: Rfq | None
    approval: Approval | None
    order: Order | None


@dataclass(frozen=True)
class CardAssignment:
    """A person who has something to do, and the card on which they do it."""

    person_id: UUID
    card: CardKind
    subject_kind: SubjectKind
    subject_id: UUID


async def read_purchase(uow: Uow, request_id: UUID) -> Purchase:
    """The purchase as it is now."""
    return Purchase(
        await requests.of_purchase(uow, request_id),
        await rfqs_repo.of_request(uow, request_id),
        await pending_of_purchase(uow, request_id),
        await orders.live_of_request(uow, request_id),
    )


_SUBJECT_IDS = Prebuilt(
    union_all(
        *(
            select(table.c.id).where(table.c.request_id == bindparam("request", type_=Id))
            for table in (rfqs, approvals, purchase_orders)
        )
    )
)


async def subject_ids(uow: Uow, request_id: UUID) -> tuple[UUID, ...]:
    """The ids of everything in this purchase that a card may show, ended approvals and RFQs included."""
    return (request_id, *await uow.connection.scalars(_SUBJECT_IDS, {"request": request_id}))


_SUBMITTED_THROUGH = Prebuilt(
    select(audit_events.c.channel)
    .where(audit_events.c.request_id == bindparam("request"), audit_events.c.type == RequestSubmitted.type)
    .order_by(audit_events.c.seq.desc())
    .limit(1)
)


async def submitted_through(uow: Uow, request_id: UUID) -> str | None:
    """The channel through which the request was submitted."""
    channel: str | None = await uow.connection.scalar(_SUBMITTED_THROUGH, {"request": request_id})
    return channel


async def officers_of(uow: Uow, vendor_id: UUID) -> list[PersonId]:
    """The officers with an undecided RFQ or an undelivered order of this vendor."""
    asked = select(rfq_invitations.c.rfq_id).where(rfq_invitations.c.vendor_id == vendor_id)
    undecided = and_(rfqs.c.id.in_(asked), rfqs.c.state.in_([RfqState.open.value, RfqState.closed.value]))
    order = purchase_orders.c
    ordered = select(order.request_id).where(order.vendor_id == vendor_id, order.state.in_(UNDELIVERED))
    found = await uow.connection.scalars(
        select(rfqs.c.sent_by).where(or_(undecided, rfqs.c.request_id.in_(ordered))).distinct()
    )
    return [PersonId(person_id) for person_id in found]


async def people_concerned(uow: Uow, purchase: Purchase) -> list[UUID]:
    """The requester, the officer (all officers until one has sent an RFQ), and those who may decide now."""
    handling = [purchase.rfq.sent_by] if purchase.rfq else await _officers(uow, purchase)
    step = purchase.approval.open_step if purchase.approval else None
    excluded = purchase.approval.excluded if purchase.approval else frozenset()
    deciding = [person for person in step.deciders if person not in excluded] if step else []
    return [purchase.request.requested_by, *handling, *deciding]


async def who_may_see(uow: Uow, purchase: Purchase, people: Iterable[UUID]) -> list[UUID]:
    """Those of these people who may see the request."""
    found = []
    for person_id in people:
        reader = await people_repo.actor_of(uow.connection, person_id)
        if reader is None or not reader.may(Permission.requests_read):
            continue
        with suppress(NotFound):
            await requests.visible_to(uow, reader, purchase.request.id)
            found.append(person_id)
    return found


async def _officers(uow: Uow, purchase: Purchase) -> list[PersonId]:
    if purchase.request.state is not RequestState.submitted:
        return []
    return [one.person_id for one in await directory.people_with_role(uow.connection, Role.officer)]


async def card_assignments(uow: Uow, purchase: Purchase) -> list[CardAssignment]:
    """Everybody who has something to do now, with the card for it; then those who follow what others do."""
    waiting = [
        CardAssignment(item.person_id, CARDS[item.kind], item.subject_kind, item.subject_id)
        for item in await worklist.of_purchase(uow, purchase.request.id)
        if item.kind in CARDS
    ]
    return list(dict.fromkeys([*waiting, *_followers(purchase)]))


def _followers(purchase: Purchase) -> list[CardAssignment]:
    """The officer keeps the comparison of a closed RFQ, the requester an order that is on its way."""
    rfq, order = purchase.rfq, purchase.order
    found: list[CardAssignment] = []
    if rfq is not None and rfq.state in (RfqState.closed, RfqState.unsuccessful):
        found.append(CardAssignment(rfq.sent_by, CardKind.comparison, SubjectKind.rfq, rfq.id))
    if order is not None and order.state.value in UNDELIVERED:
        found.append(CardAssignment(order.requested_by, CardKind.order, SubjectKind.order, order.id))
    return found
