"""A walk through every state of a purchase, with who has something to do at each stop.

    async for stop in walk(world): ...

One rule: a stop names who is asked, by the documents; whoever reads a worklist in a test compares with it.
"""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.model import Approval
from core.approvals.states import Verdict
from core.awards import service as awards
from core.awards.commands import ProposeQuote
from core.decisions import queries as approval_queries
from core.decisions import service as decisions
from core.decisions.commands import AnswerQuestion, Decide
from core.delegations import service as delegations
from core.delegations.commands import Delegate, DelegationLimit, EndDelegation
from core.delegations.model import Delegation
from core.kernel.ids import ApprovalId, OrderId, RequestId
from core.order_changes import service as changes
from core.order_changes.commands import (
    AcceptChange,
    AskToCallOff,
    ChangedLine,
    DeclineChange,
    ProposeChange,
)
from core.orders import queries as order_queries
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder, CancelOrder
from core.orders.model import Order
from core.people import service as people
from core.people.commands import ChangeRoles, DisablePerson
from core.people.model import Person
from core.policies import service as policies
from core.policies.commands import SetPolicy, Tier
from core.purchases import request_queries as request_queries
from core.quotes import service as quotes
from core.quotes.commands import DeclineRfq
from core.quotes.model import QuoteDetails
from core.reassignments import service as reassignments
from core.reassignments.commands import RouteApproval
from core.receipts import service as receipts
from core.receipts.commands import ReceivedLine, ReceiveGoods
from core.requests import service as requests
from core.requests.commands import CancelRequest, WithdrawRequest
from core.requests.model import Request
from core.worklist.model import WorkKind
from tests.support.schedule_ticks import schedule_ticks
from tests.support.world import ADMINISTRATOR, World, role_step

UNDO_SECONDS = 300
ROUTE_WAIT = dt.timedelta(hours=1)
SYSTEM = Actor.system(Role.system_approvals)
K = WorkKind


@dataclass(frozen=True)
class Stop:
    """One state of one purchase; ``waits``: what has to be done, and by whom."""

    name: str
    request_id: UUID
    waits: frozenset[tuple[WorkKind, UUID]]


def stop(name: str, request_id: UUID, *waits: tuple[WorkKind, Person]) -> Stop:
    return Stop(name, request_id, frozenset((kind, person.id) for kind, person in waits))


def each(kind: WorkKind, *persons: Person) -> tuple[tuple[WorkKind, Person], ...]:
    return tuple((kind, person) for person in persons)


@dataclass
class Cast:
    """Who takes part: two who decide, two who may decide in their place, one above them, two vendors."""

    world: World
    requester: Person
    officer: Person
    mara: Person
    david: Person
    deputy_of_mara: Person
    deputy_of_david: Person
    finance: Person

    async def approval(self, approval_id: ApprovalId) -> Approval:
        auditor = await self.world.an_auditor()
        return (await self.world.act(auditor, approval_queries.show, approval_id)).approval

    async def decide(self, who: Person, approval_id: ApprovalId, verb: Verdict) -> None:
        version = (await self.approval(approval_id)).version
        command = Decide(approval_id, verb, version, "It is so.")
        await self.world.act(who, decisions.decide, command)

    async def delegate(
        self, giver: Person, deputy: Person, limit: DelegationLimit | None = None
    ) -> Delegation:
        until = self.world.now + dt.timedelta(days=90)
        return await self.world.act(
            giver, delegations.delegate, Delegate(deputy.id, None, until, limit, "away")
        )

    async def request(self, request_id: UUID) -> Request:
        return (await self.world.act(self.officer, request_queries.show, RequestId(request_id))).request

    async def order(self, request_id: UUID) -> Order:
        order_id = (await self.request(request_id)).order_id
        assert order_id is not None
        return (await self.world.act(self.officer, order_queries.show, OrderId(order_id))).order

    async def receive(self, order: Order, quantity: Decimal) -> None:
        lines = tuple(ReceivedLine(line.id, quantity, Decimal(0)) for line in order.lines)
        await self.world.act(self.requester, receipts.receive, ReceiveGoods(order.id, lines, "", None))


async def a_cast(world: World) -> Cast:
    """Both managers decide; the department has no other head than one of them."""
    tier = Tier("medium", Decimal(5000), (), (), (role_step("manager"),))
    large = Tier("large", None, (), (), (role_step("manager"), role_step("finance")))
    mara, finance = await world.a_manager(), await world.a_finance()
    admins = [await world.a_person(Role.admin) for _ in range(2)]
    cast = Cast(
        world=world,
        requester=await world.a_requester(),
        officer=await world.an_officer(),
        mara=mara,
        david=await world.a_person(Role.manager),
        deputy_of_mara=admins[0],
        deputy_of_david=admins[1],
        finance=finance,
    )
    await world.act(ADMINISTRATOR, policies.set_policy, SetPolicy("USD", (tier, large), None, UNDO_SECONDS))
    return cast


async def walk(world: World) -> AsyncIterator[Stop]:
    """Every stop, in order; what a stop shows is true until the next one is asked for."""
    cast = await a_cast(world)
    for part in PARTS:
        async for each_stop in part(cast):
            yield each_stop


async def _to_the_approval(cast: Cast) -> AsyncIterator[Stop]:
    world, officer = cast.world, cast.officer
    draft = await world.a_request(submit=False)
    yield stop("draft", draft.request.id)
    request = await world.a_request()
    request_id = request.request.id
    yield stop("submitted", request_id, (K.source, officer))
    (first, contact), (second, colleague) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(request, to=[first, second])
    yield stop("asked", request_id, *each(K.quote, contact, colleague))
    for who in (contact, colleague):
        await world.act(who, quotes.decline, DeclineRfq(rfq.rfq.id, "out of range"))
    yield stop("nobody quoted", request_id, (K.source, officer))
    again = await world.an_rfq(request, to=[first])
    yield stop("asked again", request_id, (K.quote, contact))
    await world.a_quote(again, contact)
    yield stop("quoted, not opened yet", request_id)


@dataclass(frozen=True)
class Opened:
    """An approval of the cheaper of two quotes."""

    request_id: UUID
    id: ApprovalId
    dearer: QuoteDetails
    cheaper_contact: Person
    dearer_contact: Person


async def opened(cast: Cast, price: str = "1180", route_wait: dt.timedelta = ROUTE_WAIT) -> Opened:
    """Waiting for n8n to route it, unless ``route_wait`` is nothing."""
    world = cast.world
    (first, contact), (second, colleague) = await world.a_vendor(), await world.a_vendor()
    request = await world.a_request()
    rfq = await world.an_rfq(request, to=[first, second])
    dearer = await world.a_quote(rfq, colleague, str(Decimal(price) + 100))
    quote = await world.a_quote(rfq, contact, price)
    approval = (await world.open_approval_of(quote.quote.id, route_wait)).approval
    return Opened(request.request.id, approval.id, dearer, contact, colleague)


async def _routed(cast: Cast) -> AsyncIterator[Stop]:
    """n8n names Mara; who is away, and who asks what, until David rejects."""
    world, mara, david = cast.world, cast.mara, cast.david
    one = await opened(cast)
    yield stop("not routed", one.request_id)
    await world.act(SYSTEM, reassignments.route, RouteApproval(one.id, mara.id))
    yield stop("routed to Mara first", one.request_id, (K.decide, mara))
    davids = await cast.delegate(david, cast.deputy_of_david)
    yield stop("the other candidate is away", one.request_id, (K.decide, mara))
    limited = await cast.delegate(mara, cast.deputy_of_mara, DelegationLimit(Decimal(100), "USD"))
    yield stop("a deputy for less than this", one.request_id, (K.decide, mara))
    await world.act(mara, delegations.end, EndDelegation(limited.id))
    maras = await cast.delegate(mara, cast.deputy_of_mara)
    asked = each(K.decide, mara, cast.deputy_of_mara)
    yield stop("Mara is away", one.request_id, *asked)
    await cast.decide(cast.deputy_of_david, one.id, Verdict.ask)
    yield stop("a question by somebody not asked", one.request_id, *asked, (K.answer, cast.requester))
    await world.act(cast.requester, decisions.answer, AnswerQuestion(one.id, "Because."))
    yield stop("answered", one.request_id, *asked)
    await world.act(mara, delegations.end, EndDelegation(maras.id))
    await world.act(david, delegations.end, EndDelegation(davids.id))
    await cast.decide(david, one.id, Verdict.reject)
    yield stop("rejected", one.request_id, (K.choose, cast.officer))
    proposed = ProposeQuote(one.dearer.quote.rfq_id, one.dearer.quote.id, "the other one is out", None)
    await world.act(cast.officer, awards.propose, proposed)
    yield stop("proposed, not opened yet", one.request_id)
    await world.open_approval_of(one.dearer.quote.id)
    yield stop("opened again, nobody first", one.request_id, *each(K.decide, mara, david))


async def _decided_and_received(cast: Cast) -> AsyncIterator[Stop]:
    world, mara = cast.world, cast.mara
    one = await opened(cast, route_wait=dt.timedelta(0))
    await cast.decide(mara, one.id, Verdict.approve)
    yield stop("approved, can be undone", one.request_id)
    await cast.decide(mara, one.id, Verdict.undo)
    yield stop("undone", one.request_id, *each(K.decide, mara, cast.david))
    await cast.decide(mara, one.id, Verdict.approve)
    async with schedule_ticks(world) as tick:
        await tick(seconds=UNDO_SECONDS + 1)
    order = await cast.order(one.request_id)
    yield stop("issued", one.request_id, (K.acknowledge, one.cheaper_contact))
    await world.act(one.cheaper_contact, orders.acknowledge, AcknowledgeOrder(order.id, "", None))
    yield stop("acknowledged", one.request_id, (K.receive, cast.requester))
    await cast.receive(order, Decimal(1))
    yield stop("partly received", one.request_id, (K.receive, cast.requester))
    await cast.receive(order, Decimal(2))
    yield stop("completed", one.request_id)


async def _ended_early(cast: Cast) -> AsyncIterator[Stop]:
    """Withdrawn while it waits for a decision; an order cancelled; a request cancelled with its order."""
    world, officer = cast.world, cast.officer
    one = await opened(cast, route_wait=dt.timedelta(0))
    request = await cast.request(one.request_id)
    withdraw = WithdrawRequest(request.id, request.version, "not needed")
    await world.act(cast.requester, requests.withdraw, withdraw)
    yield stop("withdrawn", one.request_id)
    two = await opened(cast, route_wait=dt.timedelta(0))
    await cast.decide(cast.mara, two.id, Verdict.approve)
    async with schedule_ticks(world) as tick:
        await tick(seconds=UNDO_SECONDS + 1)
    order = await cast.order(two.request_id)
    await world.act(officer, orders.cancel, CancelOrder(order.id, "out of stock", None))
    yield stop("order cancelled", two.request_id, (K.choose, officer))
    request = await cast.request(two.request_id)
    cancel = CancelRequest(request.id, request.version, "no budget")
    await world.act(officer, requests.cancel, cancel)
    yield stop("request cancelled", two.request_id)


async def _changed(cast: Cast) -> AsyncIterator[Stop]:
    """The vendor proposes and the officer answers, the officer asks and the vendor answers; the vendor refuses."""
    world, officer = cast.world, cast.officer
    one = await opened(cast, route_wait=dt.timedelta(0))
    await cast.decide(cast.mara, one.id, Verdict.approve)
    async with schedule_ticks(world) as tick:
        await tick(seconds=UNDO_SECONDS + 1)
    order, vendor = await cast.order(one.request_id), one.cheaper_contact
    later = ProposeChange(order.id, (), world.today + dt.timedelta(days=30), "out of stock", None)
    await world.act(vendor, changes.propose, later)
    yield stop("vendor proposes a day", one.request_id, (K.settle, officer))
    await world.act(officer, changes.decline, DeclineChange(order.id, "too late", None))
    yield stop("officer declines", one.request_id, (K.acknowledge, vendor))
    line = order.lines[0]
    dearer = ProposeChange(order.id, (ChangedLine(line.id, None, Decimal(9000)),), None, "dearer", None)
    await world.act(vendor, changes.propose, dearer)
    await world.act(officer, changes.accept, AcceptChange(order.id, None))
    yield stop("accepted, the total is higher", one.request_id, (K.decide, cast.finance))
    await world.act(officer, changes.decline, DeclineChange(order.id, "no budget", None))
    await world.act(vendor, changes.propose, later)
    await world.act(officer, changes.accept, AcceptChange(order.id, None))
    yield stop("accepted", one.request_id, (K.receive, cast.requester))
    await world.act(officer, changes.ask_to_call_off, AskToCallOff(order.id, "moved out", None))
    yield stop("officer asks to call off", one.request_id, (K.agree, vendor))
    await world.act(vendor, changes.accept, AcceptChange(order.id, None))
    yield stop("called off", one.request_id, (K.choose, officer))


async def _two_steps(cast: Cast) -> AsyncIterator[Stop]:
    """Who decided the first step is nobody's deputy in the second."""
    world, mara, finance = cast.world, cast.mara, cast.finance
    one = await opened(cast, "2000", dt.timedelta(0))
    yield stop("first of two steps", one.request_id, *each(K.decide, mara, cast.david))
    financed = await cast.delegate(finance, mara)
    await cast.decide(mara, one.id, Verdict.approve)
    yield stop("second step", one.request_id, (K.decide, finance))
    await world.act(finance, delegations.end, EndDelegation(financed.id))


async def _overdue(cast: Cast) -> AsyncIterator[Stop]:
    """The person asked first is gone; then nobody decides in time, and others are asked too."""
    world, david = cast.world, cast.david
    one = await opened(cast)
    first = await world.a_person(Role.manager)
    two = await opened(cast)
    await world.act(SYSTEM, reassignments.route, RouteApproval(one.id, david.id))
    await world.act(SYSTEM, reassignments.route, RouteApproval(two.id, first.id))
    yield stop("routed to a new manager", two.request_id, (K.decide, first))
    await world.act(ADMINISTRATOR, people.change_roles, ChangeRoles(first.id, (Role.requester,)))
    yield stop("who may decide no more", two.request_id, *each(K.decide, cast.mara, david))
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(first.id))
    async with schedule_ticks(world) as tick:
        await tick(hours=72 + 25)
    asked = each(K.decide, cast.mara, david, cast.finance)
    yield stop("escalated", one.request_id, *asked)
    await cast.delegate(cast.finance, cast.deputy_of_mara)
    yield stop("escalated to somebody away", one.request_id, *asked, (K.decide, cast.deputy_of_mara))


PARTS = (_to_the_approval, _routed, _decided_and_received, _ended_early, _changed, _two_steps, _overdue)
