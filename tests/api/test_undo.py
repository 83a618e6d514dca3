"""Undo: an approval can be taken back as long as its order waits, and no vendor hears of what may not stay."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from api.contract import endpoints as e
from core.access.actor import Actor
from core.access.roles import Role
from core.decisions.tables import approval_logs
from core.kernel.errors import Invalid
from core.log.stored import StoredEvent
from core.orders.states import OrderState
from core.orders.tables import purchase_orders
from core.people.model import Person
from core.policies import service as policies
from core.policies.commands import SetPolicy
from core.purchases import repo as purchase_repo
from core.worklist import queries as worklist
from tests.support.api import Api, ProblemError
from tests.support.schedule_ticks import events_of_purchase, runtime_at, schedule_ticks
from tests.support.world import ADMINISTRATOR, POLICY, World
from workers import purchases
from workers.notices.notice_table import plan_notice
from workers.outcome import DeliveryPostponed
from workers.subscribers import start_flows


@dataclass(frozen=True)
class UndoableApproval:
    """A purchase whose approval can be undone."""

    approval_id: UUID
    request_id: UUID
    manager: Person
    contact: Person


async def undo_within(world: World, seconds: int) -> None:
    await world.act(ADMINISTRATOR, policies.set_policy, SetPolicy("USD", POLICY, None, seconds))


async def to_decide(world: World, seconds: int = 60) -> UndoableApproval:
    await undo_within(world, seconds)
    vendor, contact = await world.a_vendor()
    approval = (await world.an_open_approval(vendor=vendor, contact=contact)).approval
    return UndoableApproval(approval.id, approval.request_id, await world.a_manager(), contact)


async def press(api: Api, who: Person, undoable: UndoableApproval, verb: str, version: int = 1) -> str:
    body = {"approval_id": str(undoable.approval_id), "verb": verb, "expected_version": version}
    try:
        return (await api.as_(who).call(e.decide, body)).state.value
    except ProblemError as refused:
        return refused.code


async def decided(api: Api, world: World, seconds: int = 60) -> UndoableApproval:
    undoable = await to_decide(world, seconds)
    assert await press(api, undoable.manager, undoable, "approve") == "approved"
    return undoable


async def orders_of(world: World, undoable: UndoableApproval) -> list[tuple[str, str]]:
    order = purchase_orders.c
    async with world.engine.connect() as connection:
        rows = await connection.execute(
            select(order.number, order.state)
            .where(order.request_id == undoable.request_id)
            .order_by(order.number)
        )
        return [(row.number, row.state) for row in rows]


async def happened(world: World, undoable: UndoableApproval, kind: str) -> int:
    return sum(event.type == kind for event in await events_of_purchase(world, undoable.request_id))


async def test_without_a_time_to_undo_the_order_goes_out_at_once(api: Api, world: World) -> None:
    undoable = await decided(api, world, seconds=0)
    assert [state for _, state in await orders_of(world, undoable)] == ["issued"]
    assert await press(api, undoable.manager, undoable, "undo") == "approvals.nothing_to_undo"
    types = [event.type for event in await events_of_purchase(world, undoable.request_id)]
    assert types[types.index("approval.decided") :] == [
        "approval.decided",
        "approval.approved",
        "quote.approved",
        "request.approved",
        "order.generated",
        "request.ordered",
        "order.issued",
        "rfq.awarded",
    ]


async def test_undo_takes_everything_back_and_the_number_stays_used(api: Api, world: World) -> None:
    undoable = await decided(api, world)
    [(first, state)] = await orders_of(world, undoable)
    assert state == "generated"
    manager = api.as_(undoable.manager)
    shown = await manager.call(e.show_approval, path={"id": undoable.approval_id})
    assert shown.may_undo
    assert not shown.may_decide
    assert shown.undo_until is not None

    assert await press(api, undoable.manager, undoable, "undo") == "pending"

    shown = await manager.call(e.show_approval, path={"id": undoable.approval_id})
    assert (shown.may_decide, shown.may_undo, shown.version) == (True, False, 1)
    assert [(step.state.value, step.decided_by) for step in shown.steps] == [("open", None)]
    request = await manager.call(e.show_request, path={"id": undoable.request_id})
    assert (request.state.value, request.order_id) == ("awaiting_approval", None)
    compared = await manager.call(e.comparison, path={"id": undoable.request_id})
    assert [quote.state.value for quote in compared.quotes] == ["selected"]
    assert await orders_of(world, undoable) == [(first, "cancelled")]

    assert await press(api, undoable.manager, undoable, "approve") == "approved"
    [_, (second, state)] = await orders_of(world, undoable)
    assert (int(second[-5:]), state) == (int(first[-5:]) + 1, "generated")
    async with world.engine.connect() as connection:
        log = await connection.execute(select(approval_logs).order_by(approval_logs.c.id))
        assert [(row.verb, row.approver, row.round) for row in log] == [
            ("approve", undoable.manager.id, 1),
            ("approve", undoable.manager.id, 2),
        ]
    assert await happened(world, undoable, "approval.undone") == 1


async def test_the_vendor_learns_nothing_before_the_order_is_issued(api: Api, world: World) -> None:
    undoable = await decided(api, world)
    vendor = api.as_(undoable.contact)
    assert (await vendor.call(e.list_orders)).items == ()
    [order] = (await api.as_(undoable.manager).call(e.list_orders)).items
    assert (await vendor.send("GET", f"/purchase-orders/{order.id}")).status_code == 404
    [quote] = (await vendor.call(e.list_quotes)).items
    assert quote.state.value == "submitted"
    for state in ("approved", "selected"):
        assert (await vendor.call(e.list_quotes, query={"state": state})).items == ()
    assert len((await vendor.call(e.list_quotes, query={"state": "submitted"})).items) == 1
    [rfq] = (await vendor.call(e.list_rfqs)).items
    assert rfq.state.value == "closed"
    assert rfq.my_quote is not None
    assert rfq.my_quote.state.value == "submitted"
    with pytest.raises(ProblemError) as refused:
        await vendor.call(e.withdraw_quote, {}, path={"id": quote.id})
    assert "approved" not in str(refused.value.problem)
    assert await told(world, undoable) == set()

    async with schedule_ticks(world) as tick:
        await tick(seconds=61)
    [mine] = (await vendor.call(e.list_orders)).items
    assert (mine.id, mine.state.value) == (order.id, "issued")
    [quote] = (await vendor.call(e.list_quotes, query={"state": "approved"})).items
    assert quote.state.value == "approved"


async def told(world: World, undoable: UndoableApproval) -> set[str]:
    """Events since the decision that the vendor's contact is told of, and cards that it should hold."""
    found: set[str] = set()
    events = await events_of_purchase(world, undoable.request_id)
    since = [event.type for event in events].index("approval.decided")
    async with runtime_at(world) as runtime, world.engine.begin() as connection:
        uow = runtime.uow(connection, Actor.system(Role.system_notices))
        for event in events[since:]:
            notice = await plan_notice(uow, event)
            if notice is not None and undoable.contact.id in notice.recipients:
                found.add(event.type)
        purchase = await purchase_repo.load(uow, undoable.request_id)
        assert purchase is not None
        for task in purchases.card_assignments(
            purchase, await worklist.of_purchase(uow, undoable.request_id)
        ):
            if task.person_id == undoable.contact.id:
                found.add(task.card.value)
    return found


async def test_the_clock_issues_once_and_then_undo_is_too_late(api: Api, world: World) -> None:
    undoable = await decided(api, world)
    async with schedule_ticks(world) as tick:
        await tick(seconds=30)
        assert [state for _, state in await orders_of(world, undoable)] == ["generated"]
        await asyncio.gather(*(tick(seconds=61) for _ in range(4)))
        await tick(hours=2)
    assert [state for _, state in await orders_of(world, undoable)] == ["issued"]
    assert await happened(world, undoable, "order.issued") == 1
    assert await happened(world, undoable, "rfq.awarded") == 1
    assert await press(api, undoable.manager, undoable, "undo") == "approvals.undo_late"
    assert "vendor_order" in await told(world, undoable)


async def test_only_whoever_decided_can_undo_and_the_try_is_in_the_log(api: Api, world: World) -> None:
    undoable = await decided(api, world)
    colleague = await world.a_person(Role.manager)
    assert await press(api, colleague, undoable, "undo") == "approvals.not_decider"
    assert await press(api, await world.an_admin(), undoable, "undo") == "approvals.not_decider"
    assert await press(api, undoable.manager, undoable, "undo", version=7) == "approvals.stale"
    assert "approval.refused" in await world.events_of(undoable.approval_id)
    assert not (await api.as_(colleague).call(e.show_approval, path={"id": undoable.approval_id})).may_undo
    assert [state for _, state in await orders_of(world, undoable)] == ["generated"]


async def test_what_is_not_decided_or_rejected_has_nothing_to_undo(api: Api, world: World) -> None:
    undoable = await to_decide(world)
    assert await press(api, undoable.manager, undoable, "undo") == "approvals.nothing_to_undo"
    body = {
        "approval_id": str(undoable.approval_id),
        "verb": "reject",
        "expected_version": 1,
        "comment": "No.",
    }
    await api.as_(undoable.manager).call(e.decide, body)
    assert await press(api, undoable.manager, undoable, "undo") == "approvals.nothing_to_undo"


async def test_an_order_cancelled_while_it_waits_leaves_nothing_to_undo(api: Api, world: World) -> None:
    undoable = await decided(api, world)
    officer = api.as_(await world.an_officer())
    [order] = (await officer.call(e.list_orders)).items
    await officer.call(e.cancel_order, {"reason": "The need is gone."}, path={"id": order.id})
    assert await press(api, undoable.manager, undoable, "undo") == "approvals.nothing_to_undo"
    request = await officer.call(e.show_request, path={"id": undoable.request_id})
    assert request.state.value == "sourcing"
    assert await told(world, undoable) == set()
    async with schedule_ticks(world) as tick:
        await tick(hours=1)
    assert [state for _, state in await orders_of(world, undoable)] == ["cancelled"]


async def test_no_other_quote_can_be_proposed_while_the_order_waits(api: Api, world: World) -> None:
    await undo_within(world, 60)
    (one, first), (two, second) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(to=[one, two])
    quote = await world.a_quote(rfq, first, "1100")
    other = await world.a_quote(rfq, second, "1200")
    approval = await world.approved(await world.open_approval_of(quote.quote.id))
    officer = api.as_(await world.an_officer())
    body = {"quote_id": str(other.quote.id), "reason": "Faster."}
    with pytest.raises(ProblemError) as refused:
        await officer.call(e.propose_quote, body, path={"id": rfq.rfq.id})
    assert refused.value.status == 409
    assert approval.approval.undo_until is not None


async def test_undo_and_the_clock_at_the_same_moment_have_one_winner(api: Api, world: World) -> None:
    outcomes: set[str] = set()
    for _ in range(8):
        undoable = await decided(api, world)
        async with schedule_ticks(world) as tick:
            pressed, *_ = await asyncio.gather(
                press(api, undoable.manager, undoable, "undo"), tick(seconds=61), tick(seconds=61)
            )
        [(_, state)] = await orders_of(world, undoable)
        assert (pressed, state) in {("pending", "cancelled"), ("approvals.undo_late", "issued")}
        assert await happened(world, undoable, "order.issued") == (state == "issued")
        assert await happened(world, undoable, "approval.undone") == (state == "cancelled")
        outcomes.add(state)
    assert outcomes


async def test_undo_and_other_deciders_at_the_same_moment_keep_one_story(api: Api, world: World) -> None:
    colleagues = [await world.a_person(Role.manager) for _ in range(4)]
    for _ in range(4):
        undoable = await decided(api, world)
        presses = [press(api, undoable.manager, undoable, "undo") for _ in range(3)]
        presses += [press(api, colleague, undoable, "approve") for colleague in colleagues]
        outcomes = await asyncio.gather(*presses)
        assert outcomes[:3].count("pending") == 1
        assert outcomes[3:].count("approved") <= 1
        live = [state for _, state in await orders_of(world, undoable) if state != OrderState.cancelled.value]
        assert len(live) == outcomes[3:].count("approved")
        assert await happened(world, undoable, "approval.undone") == 1


async def test_the_same_undo_delivered_twice_is_one_undo(api: Api, world: World) -> None:
    undoable = await decided(api, world)
    body = {"approval_id": str(undoable.approval_id), "verb": "undo", "expected_version": 1}
    manager = api.as_(undoable.manager)
    first = await manager.call(e.decide, body, key="tg:1")
    again = await manager.call(e.decide, body, key="tg:1")
    assert first == again
    assert await happened(world, undoable, "approval.undone") == 1


async def test_n8n_gets_an_order_when_nobody_can_undo_it_and_an_undone_one_never(
    api: Api, world: World
) -> None:
    undoable = await decided(api, world)
    generated = await generated_of(world, undoable)
    async with runtime_at(world) as runtime:
        with pytest.raises(DeliveryPostponed, match="undone"):
            await start_flows.run(runtime, generated.decode(), generated)
        assert await press(api, undoable.manager, undoable, "undo") == "pending"
        await start_flows.run(
            runtime, generated.decode(), generated
        )  # returns without a call: port 9 would not answer


async def generated_of(world: World, undoable: UndoableApproval) -> StoredEvent:
    events = await events_of_purchase(world, undoable.request_id)
    return next(event for event in events if event.type == "order.generated")


async def test_a_late_selection_does_not_ask_again_for_what_was_undone(api: Api, world: World) -> None:
    undoable = await decided(api, world)
    await press(api, undoable.manager, undoable, "undo")
    async with world.engine.connect() as connection:
        quote_id = await connection.scalar(select(purchase_orders.c.quote_id))
    again = await world.open_approval_of(quote_id)
    assert again.approval.id == undoable.approval_id


async def test_more_than_five_minutes_are_refused(api: Api, world: World) -> None:
    admin = api.as_(await world.an_admin())
    policy = await admin.call(e.show_policy)
    assert policy.undo_seconds == 0
    body = {"currency": "USD", "tiers": [t.model_dump(mode="json") for t in policy.tiers]}
    with pytest.raises(ProblemError) as refused:
        await admin.call(e.set_policy, {**body, "undo_seconds": 301})
    assert refused.value.fields == ["/undo_seconds"]
    assert (await admin.call(e.set_policy, {**body, "undo_seconds": 300})).undo_seconds == 300
    with pytest.raises(Invalid):
        await undo_within(world, -1)
