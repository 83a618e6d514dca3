"""One side proposes, the other answers: refusals, other terms, approvals of higher totals, calling off."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals import repo as approvals
from core.approvals.model import Approval
from core.approvals.states import Verdict
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.kernel.errors import Invalid, WrongState
from core.order_changes import queries, service
from core.order_changes.commands import (
    AcceptChange,
    AskToCallOff,
    ChangedLine,
    DeclineChange,
    ProposeChange,
    TakeBackChange,
)
from core.orders import queries as orders
from core.orders import service as order_service
from core.orders.commands import AcknowledgeOrder, CancelOrder, RefuseOrder
from core.orders.model import OrderDetails
from core.people.model import Person
from core.policies.commands import Approver, PolicyStep, Tier
from core.purchases import request_queries as requests
from core.receipts import service as receipts
from core.receipts.commands import ReceivedLine, ReceiveGoods
from tests.support.uow import begin
from tests.support.world import World, role_step

SYSTEM = Actor.system(Role.system_approvals)


def named(step: str, *people: Person) -> PolicyStep:
    return PolicyStep(step, tuple(Approver(None, person.email, None) for person in people))


class Deal:
    """An order of three laptops, with its two sides."""

    def __init__(self, world: World, order: OrderDetails, contact: Person, officer: Person) -> None:
        self.world, self.order, self.contact, self.officer = world, order, contact, officer
        self.id = order.order.id
        self.line_id = order.order.lines[0].id

    @classmethod
    async def of(cls, world: World, *, acknowledged: bool = False, price: str = "1180") -> "Deal":
        vendor, contact = await world.a_vendor()
        order = await world.an_order(price=price, acknowledged=acknowledged, vendor=vendor, contact=contact)
        return cls(world, order, contact, await world.an_officer())

    async def now(self) -> OrderDetails:
        return await self.world.act(self.officer, orders.show, self.id)

    async def propose(
        self, quantity: str | None = None, price: str | None = None, day: dt.date | None = None
    ) -> OrderDetails:
        line = ChangedLine(
            self.line_id, Decimal(quantity) if quantity else None, Decimal(price) if price else None, day
        )
        command = ProposeChange(self.id, (line,), None, "the factory is late", None)
        return await self.world.act(self.contact, service.propose, command)

    async def accept(self, by: Person | None = None) -> OrderDetails:
        return await self.world.act(by or self.officer, service.accept, AcceptChange(self.id, None))

    async def receive(self, accepted: str) -> OrderDetails:
        lines = (ReceivedLine(self.line_id, Decimal(accepted), Decimal(0)),)
        return await self.world.act(self.officer, receipts.receive, ReceiveGoods(self.id, lines, "", None))

    async def pending(self) -> Approval | None:
        async with begin(self.world.engine, SYSTEM, self.world.clock) as uow:
            return await approvals.pending_of_purchase(uow, self.order.order.request_id)

    async def request_state(self) -> str:
        found = await self.world.act(self.officer, requests.show, self.order.order.request_id)
        return found.request.state.value


async def test_a_refused_order_gives_the_request_back(world: World) -> None:
    deal = await Deal.of(world)
    refuse = RefuseOrder(deal.id, "sold out", None)
    done = await world.act(deal.contact, order_service.refuse, refuse)
    assert (done.order.state.value, done.order.reason) == ("cancelled", "sold out")
    assert await deal.request_state() == "sourcing", "there was no other quote"
    assert (await world.events_of(deal.id))[-1] == "order.declined"
    bound = await Deal.of(world, acknowledged=True)
    with pytest.raises(WrongState):
        await world.act(bound.contact, order_service.refuse, RefuseOrder(bound.id, "too late", None))


async def test_an_accepted_change_is_the_next_revision_and_the_earlier_one_stays_readable(
    world: World,
) -> None:
    deal = await Deal.of(world)
    day = world.today + dt.timedelta(days=25)
    proposed = await deal.propose(quantity="2", price="1100", day=day)
    assert (proposed.order.state.value, proposed.order.total) == ("change_proposed", Decimal(3540))
    done = (await deal.accept()).order
    assert (done.state.value, done.revision, done.total, done.due_on) == (
        "acknowledged",
        2,
        Decimal(2200),
        day,
    )
    assert done.proposal is None
    first, second = (await world.act(deal.contact, queries.history, deal.id)).revisions
    assert (first.revision, first.total, first.lines[0].quantity, first.until is None) == (
        1,
        Decimal(3540),
        Decimal(3),
        False,
    )
    assert (second.revision, second.total, second.lines[0].unit_price) == (2, Decimal(2200), Decimal(1100))
    assert await deal.pending() is None, "less money asks nobody"
    assert (await deal.receive("2")).order.state.value == "completed"


@pytest.mark.parametrize(
    ("received", "acknowledged", "state"),
    [("0", False, "issued"), ("0", True, "acknowledged"), ("1", False, "partly_received")],
)
async def test_a_declined_or_withdrawn_change_leaves_the_order_as_it_was(
    world: World, received: str, acknowledged: bool, state: str
) -> None:
    deal = await Deal.of(world, acknowledged=acknowledged)
    if received != "0":
        await deal.receive(received)
    await deal.propose(price="1300")
    done = await world.act(deal.officer, service.decline, DeclineChange(deal.id, "too dear", None))
    assert (done.order.state.value, done.order.revision, done.order.total) == (state, 1, Decimal(3540))
    await deal.propose(price="1300")
    done = await world.act(deal.contact, service.take_back, TakeBackChange(deal.id, None))
    assert (done.order.state.value, done.order.proposal) == (state, None)


async def test_a_higher_total_asks_only_those_whom_it_newly_meets(world: World) -> None:
    deal = await Deal.of(world)
    await deal.propose(price="1500")
    assert (await deal.accept()).order.total == Decimal(4500), "below the next limit nobody else is asked"
    await deal.propose(price="2000")
    waiting = (await deal.accept()).order
    assert (waiting.state.value, waiting.total) == ("change_proposed", Decimal(4500))
    approval = await deal.pending()
    assert approval is not None
    assert [step.name for step in approval.steps] == ["finance"]
    assert approval.reason == "4500.00 → 6000.00 USD · the factory is late"
    assert (approval.amount, waiting.proposal.approval_id if waiting.proposal else None) == (
        Decimal(6000),
        approval.id,
    )
    assert await deal.request_state() == "ordered"
    with pytest.raises(WrongState):
        await deal.accept()
    finance = await world.a_finance()
    verdict = Decide(approval.id, Verdict.approve, approval.version, "")
    await world.act(finance, decisions.decide, verdict)
    done = (await deal.now()).order
    assert (done.state.value, done.revision, done.total) == ("acknowledged", 3, Decimal(6000))
    assert await deal.request_state() == "ordered"


async def test_a_rejected_higher_total_declines_the_change(world: World) -> None:
    deal = await Deal.of(world)
    await deal.propose(price="2000")
    await deal.accept()
    approval = await deal.pending()
    assert approval is not None
    verdict = Decide(approval.id, Verdict.reject, approval.version, "no budget")
    await world.act(await world.a_finance(), decisions.decide, verdict)
    done = (await deal.now()).order
    assert (done.state.value, done.total, done.proposal) == ("issued", Decimal(3540), None)
    assert (await deal.request_state(), (await world.events_of(deal.id))[-1]) == (
        "ordered",
        "order.change_declined",
    )


@pytest.mark.parametrize("by", ["officer", "vendor"])
async def test_a_change_that_waits_for_approval_can_be_stopped(world: World, by: str) -> None:
    deal = await Deal.of(world)
    await deal.propose(price="2000")
    await deal.accept()
    if by == "officer":
        await world.act(deal.officer, service.decline, DeclineChange(deal.id, "changed my mind", None))
    else:
        await world.act(deal.contact, service.take_back, TakeBackChange(deal.id, None))
    assert await deal.pending() is None
    assert ((await deal.now()).order.state.value, await deal.request_state()) == ("issued", "ordered")


async def test_whoever_accepted_a_higher_total_does_not_approve_it(world: World) -> None:
    deal = await Deal.of(world)
    both = await world.a_person(Role.officer, Role.finance)
    await deal.propose(price="2000")
    await deal.accept(both)
    approval = await deal.pending()
    assert approval is not None
    assert both.id in approval.excluded
    assert all(both.id not in step.candidates for step in approval.steps)


async def test_nobody_of_several_who_approved_the_order_approves_its_higher_total(world: World) -> None:
    both = [await world.a_person(Role.manager, Role.finance) for _ in range(2)]
    two = replace(named("two", *both), needs=2)
    await world.a_policy(
        [Tier("medium", Decimal(5000), (), (), (two,)), Tier("large", None, (), (), (role_step("finance"),))]
    )
    deal = await Deal.of(world)
    await deal.propose(price="2000")
    await deal.accept()
    approval = await deal.pending()
    assert approval is not None
    assert {person.id for person in both} <= approval.excluded
    assert approval.steps[0].candidates == ((await world.a_finance()).id,)


async def test_whoever_approved_an_increase_does_not_approve_the_next_one(world: World) -> None:
    first, other = await world.a_person(Role.finance), await world.a_person(Role.finance)
    steps = role_step("manager"), named("first", first), named("second", first, other)
    limits = Decimal(4000), Decimal(6000), None
    await world.a_policy([Tier(f"tier {n}", limit, (), (), steps[: n + 1]) for n, limit in enumerate(limits)])
    deal = await Deal.of(world)
    await deal.propose(price="1500")
    await deal.accept()
    approval = await deal.pending()
    assert approval is not None
    await world.act(first, decisions.decide, Decide(approval.id, Verdict.approve, approval.version, ""))
    await deal.propose(price="2500")
    await deal.accept()
    approval = await deal.pending()
    assert approval is not None
    assert [(step.name, step.candidates) for step in approval.steps] == [("second", (other.id,))]


async def test_of_a_step_that_needs_more_people_only_those_are_asked(world: World) -> None:
    managers = [await world.a_person(Role.manager) for _ in range(2)]
    step = named("managers", *managers)
    await world.a_policy(
        [
            Tier("medium", Decimal(5000), (), (), (step,)),
            Tier("large", None, (), (), (replace(step, needs=2),)),
        ]
    )
    deal = await Deal.of(world)
    await deal.propose(price="2000")
    assert (await deal.accept()).order.total == Decimal(3540), "the second manager is asked first"
    approval = await deal.pending()
    assert approval is not None
    [asked] = approval.steps
    assert (asked.needs, len(asked.candidates)) == (1, 1)
    decider = await world.person(asked.candidates[0])
    await world.act(decider, decisions.decide, Decide(approval.id, Verdict.approve, approval.version, ""))
    assert (await deal.now()).order.total == Decimal(6000)


async def test_nothing_is_cut_below_what_has_arrived_and_a_cut_to_it_completes_the_order(
    world: World,
) -> None:
    deal = await Deal.of(world, acknowledged=True)
    await deal.receive("2")
    with pytest.raises(Invalid) as refused:
        await deal.propose(quantity="1")
    assert refused.value.errors[0].code == "change.below_received"
    await deal.propose(quantity="2")
    done = (await deal.accept()).order
    assert (done.state.value, done.total) == ("completed", Decimal(2360))
    assert await deal.request_state() == "completed"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({}, "change.same"),
        ({"quantity": "2.5"}, "quantity.whole"),
        ({"day": dt.date(2020, 1, 1)}, "change.day"),
        ({"price": "999999999999"}, "amount.range"),
    ],
)
async def test_a_change_that_makes_no_sense_is_refused(
    world: World, terms: dict[str, object], code: str
) -> None:
    deal = await Deal.of(world)
    with pytest.raises(Invalid) as refused:
        await deal.propose(**terms)  # type: ignore[arg-type]
    assert refused.value.errors[0].code == code


async def test_nothing_left_is_a_refusal_not_a_change(world: World) -> None:
    deal = await Deal.of(world)
    command = ProposeChange(deal.id, (ChangedLine(deal.line_id, Decimal(0)),), None, "sold out", None)
    with pytest.raises(Invalid) as refused:
        await world.act(deal.contact, service.propose, command)
    assert refused.value.errors[0].code == "change.nothing_left"


@pytest.mark.parametrize("asks", ["officer", "vendor"])
@pytest.mark.parametrize(
    ("received", "ends"), [("0", ("cancelled", "sourcing")), ("1", ("completed", "completed"))]
)
async def test_both_sides_together_call_an_order_off(
    world: World, asks: str, received: str, ends: tuple[str, str]
) -> None:
    deal = await Deal.of(world, acknowledged=True)
    if received != "0":
        await deal.receive(received)
    asking, answering = (deal.officer, deal.contact) if asks == "officer" else (deal.contact, deal.officer)
    await world.act(asking, service.ask_to_call_off, AskToCallOff(deal.id, "moved out", None))
    with pytest.raises(WrongState):
        await deal.accept(asking)
    done = (await deal.accept(answering)).order
    assert (done.state.value, await deal.request_state()) == ends
    assert done.proposal is None


async def test_before_both_are_bound_an_order_is_refused_or_cancelled_not_called_off(world: World) -> None:
    deal = await Deal.of(world)
    for side in (deal.officer, deal.contact):
        with pytest.raises(WrongState):
            await world.act(side, service.ask_to_call_off, AskToCallOff(deal.id, "moved out", None))
    await world.act(deal.officer, order_service.cancel, CancelOrder(deal.id, "moved out", None))


async def test_the_officer_decides_about_a_change_before_anything_else(world: World) -> None:
    deal = await Deal.of(world)
    await deal.propose(price="1100")
    with pytest.raises(WrongState):
        await deal.receive("1")
    with pytest.raises(WrongState):
        await world.act(deal.contact, order_service.acknowledge, AcknowledgeOrder(deal.id, "", None))
