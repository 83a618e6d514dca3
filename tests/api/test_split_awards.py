"""One RFQ, several vendors: proposed with a reason, approved as one sum, ordered from each, over HTTP."""

import asyncio
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from api.contract import endpoints as e
from api.contract.actions import ActionVerb
from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.states import ApprovalState
from core.kernel.ids import QuoteId, RfqId, RfqLineId
from core.orders.states import OrderState
from core.people.repo import as_actor
from core.quotes.states import QuoteState
from core.requests.states import RequestState
from core.rfqs.states import RfqState
from core.split_awards import service as split_awards
from core.split_awards.commands import AwardedLine, ProposeSplit
from core.vendors import service as vendors
from core.vendors.commands import HoldVendor
from core.vendors.model import HoldKind
from tests.api.sourcing import Sourcing, sourcing
from tests.api.splitting import REASON, Splitting
from tests.support.api import ProblemError
from tests.support.uow import begin
from tests.support.world import ADMINISTRATOR, World

__all__ = ["sourcing"]


async def test_each_vendor_gets_an_order_with_its_lines_and_the_request_ends_with_the_last_receipt(
    sourcing: Sourcing,
) -> None:
    case = await Splitting.of(
        sourcing, ("1000", "90"), ("1100", "70"), ("1200", "95"), shipping=("30", "12.50", "0")
    )
    before = await case.compared()
    assert before.offers(ActionVerb.split_award)
    assert before.cheapest_split is not None
    assert before.cheapest_split.total == Decimal("3322.50"), "3 x 1000 + 30 and 4 x 70 + 12.50"
    assert before.cheapest_split.best_single == Decimal("3390.00")
    proposed = await case.split(0, 1)
    assert proposed.state is RfqState.closed
    shown = (await case.compared()).split
    assert shown is not None
    assert (shown.reason, shown.total) == (REASON, Decimal("3322.50"))
    assert [(each.vendor_name, each.total) for each in shown.shares] == [
        (case.quotes[0].vendor_name, Decimal("3030.00")),
        (case.quotes[1].vendor_name, Decimal("292.50")),
    ]
    approval = await case.opened()
    assert (approval.subject.kind, approval.amount, approval.reason) == (
        "split_award",
        Decimal("3322.50"),
        REASON,
    )
    assert approval.facts is not None
    assert [(line.vendor_name, line.unit_price) for line in approval.facts.lines] == [
        (case.quotes[0].vendor_name, Decimal(1000)),
        (case.quotes[1].vendor_name, Decimal(70)),
    ]
    assert approval.facts.best_single == Decimal("3390.00")
    query = {"vendor_id": str(sourcing.vendors[1].id)}
    listed = await case.officer.call(e.list_approvals, query=query)
    assert [each.id for each in listed.items] == [approval.id]
    await case.approved()
    first, second = await case.orders()
    assert [(each.vendor_name, each.total, len(each.lines)) for each in (first, second)] == [
        (case.quotes[0].vendor_name, Decimal("3030.00"), 1),
        (case.quotes[1].vendor_name, Decimal("292.50"), 1),
    ]
    assert first.total + second.total == approval.amount
    assert await case.states() == [QuoteState.approved, QuoteState.approved, QuoteState.lost]
    assert (await case.request()).state is RequestState.ordered
    assert (await case.receive(first)).state is OrderState.completed
    assert (await case.request()).state is RequestState.ordered, "the other one is still to come"
    assert (await case.receive(second)).state is OrderState.completed
    assert (await case.request()).state is RequestState.completed


async def test_a_vendor_sees_its_own_order_and_no_sign_of_another(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"), ("1200", "95"))
    await case.split(0, 1)
    await case.approved()
    first, second = await case.orders()
    for contact, own, other in (
        (sourcing.contacts[0], first, second),
        (sourcing.contacts[1], second, first),
    ):
        vendor = case.api.as_(contact)
        listed = (await vendor.call(e.list_orders)).items
        assert [each.number for each in listed] == [own.number]
        with pytest.raises(ProblemError, match="404"):
            await vendor.call(e.show_order, path={"id": other.id})
        pages = [
            (await vendor.send("GET", f"/purchase-orders/{own.id}")).text,
            (await vendor.send("GET", f"/rfqs/{case.rfq.id}")).text,
            (await vendor.send("GET", "/vendors/quotes")).text,
        ]
        for word in ("split", other.number, other.vendor_name, REASON):
            assert not any(word in page for page in pages), word
        with pytest.raises(ProblemError, match=r"403|404"):
            await vendor.call(e.comparison, path={"id": case.rfq.request_id})
    lost = await case.api.as_(sourcing.contacts[2]).call(e.show_rfq, path={"id": case.rfq.id})
    assert lost.my_quote is not None
    assert lost.my_quote.state is QuoteState.lost


async def test_only_who_may_propose_may_split(sourcing: Sourcing, world: World) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    others = (
        await world.a_requester(),
        await world.a_manager(),
        await world.a_finance(),
        await world.an_auditor(),
        sourcing.contacts[0],
    )
    for person in others:
        with pytest.raises(ProblemError) as refused:
            await case.split(0, 1, by=case.api.as_(person))
        assert refused.value.status == 403
    for reader in (await world.a_manager(), await world.an_auditor()):
        seen = await case.api.as_(reader).call(e.comparison, path={"id": case.rfq.request_id})
        assert not seen.offers(ActionVerb.split_award)


@pytest.mark.parametrize("prices", [(("1000", "90"), ("1100", "70"))])
async def test_what_is_no_split_is_refused_with_what_to_do(sourcing: Sourcing, prices: Any) -> None:
    case = await Splitting.of(sourcing, *prices)
    with pytest.raises(ProblemError) as one:
        await case.split(0, 0)
    assert (one.value.status, one.value.code) == (409, "split_awards.one_quote")
    assert case.quotes[0].number in one.value.problem.detail
    with pytest.raises(ProblemError) as none:
        await case.split(None, None)
    assert none.value.fields == ["/lines"]
    body = case.body(0, 1)
    half = body | {"lines": body["lines"][:1]}
    twice = body | {"lines": [*body["lines"], body["lines"][0]]}
    unknown = body | {"lines": [{**body["lines"][0], "quote_id": str(case.rfq.id)}, body["lines"][1]]}
    for wrong, field in (
        (half, "/lines"),
        (twice, "/lines/2/rfq_line_id"),
        (body | {"left_out": [str(case.rfq.lines[0].id)]}, "/left_out/0"),
        (unknown, "/lines/0/quote_id"),
        (body | {"reason": "a"}, "/reason"),
    ):
        with pytest.raises(ProblemError) as refused:
            await case.officer.call(e.split_award, wrong, path={"id": case.rfq.id})
        assert (refused.value.status, refused.value.fields) == (422, [field])
    with pytest.raises(ProblemError) as stale:
        await case.split(0, 1, expected_version=1)
    assert stale.value.code == "rfqs.stale"


async def test_a_line_without_a_price_is_refused_and_one_left_out_is_not_ordered(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", None), ("1100", "70"))
    with pytest.raises(ProblemError) as refused:
        await case.split(1, 0)
    assert refused.value.fields == ["/lines/1/quote_id"]
    with pytest.raises(ProblemError, match=r"409 split_awards\.one_quote"):
        await case.split(0, None)  # all that this quote offers: it is proposed as it is
    await case.split(1, None)
    shown = (await case.compared()).split
    assert shown is not None
    assert shown.left_out == (case.rfq.lines[1].id,)
    approval = await case.approved()
    [order] = await case.orders()
    assert (order.total, approval.amount) == (Decimal(3300), Decimal(3300))
    assert (await case.receive(order)).state is OrderState.completed
    assert (await case.request()).state is RequestState.completed


async def test_two_vendors_who_each_offer_half_leave_the_officer_a_choice(sourcing: Sourcing) -> None:
    """Today's rule found no complete quote and ended the RFQ."""
    case = await Splitting.of(sourcing, ("1000", None), (None, "70"))
    compared = await case.compared()
    assert compared.rfq_state is RfqState.closed
    assert compared.offers(ActionVerb.split_award)
    assert compared.cheapest_split is not None
    assert compared.cheapest_split.best_single is None
    assert (await case.request()).state is RequestState.quoted
    await case.split(0, 1)
    await case.approved()
    assert len(await case.orders()) == 2


async def test_splitting_does_not_get_around_a_tier(sourcing: Sourcing, world: World) -> None:
    """Each part is below 5,000; together they need finance too."""
    case = await Splitting.of(sourcing, ("1500", "1200"), ("1600", "1100"))
    await case.split(0, 1)
    approval = await case.opened()
    assert approval.amount == Decimal(8900)
    assert [step.name for step in approval.steps] == ["manager", "finance"]


async def test_nobody_approves_who_created_one_of_the_vendors(sourcing: Sourcing, world: World) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    manager = await world.a_manager()
    await sourcing.rows(
        "UPDATE vendors SET created_by = :who WHERE id = :id RETURNING id",
        who=manager.id,
        id=sourcing.vendors[1].id,
    )
    await case.split(0, 1)
    approval = await case.opened()
    assert manager.id not in {each.person_id for step in approval.steps for each in step.candidates}
    with pytest.raises(ProblemError) as refused:
        await case.decide(manager, approval, "approve")
    assert refused.value.code == "approvals.own_request"


async def test_what_can_no_longer_be_ordered_from_one_vendor_is_not_approved(
    sourcing: Sourcing, world: World
) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    await case.split(0, 1)
    approval = await case.opened()
    manager = await world.person(approval.steps[0].candidates[0].person_id)
    hold = HoldVendor(sourcing.vendors[1].id, HoldKind.order, "bad last delivery", None)
    await world.act(ADMINISTRATOR, vendors.hold_vendor, hold)
    with pytest.raises(ProblemError) as held:
        await case.decide(manager, approval, "approve")
    assert held.value.code == "quotes.vendor_on_hold"
    assert sourcing.vendors[1].name in held.value.problem.detail
    await sourcing.rows("DELETE FROM vendor_holds RETURNING vendor_id")
    yesterday = world.today - dt.timedelta(days=1)
    await sourcing.rows(
        "UPDATE vendor_quotes SET valid_until = :day WHERE id = :id RETURNING id",
        day=yesterday,
        id=case.quotes[0].id,
    )
    with pytest.raises(ProblemError) as lapsed:
        await case.decide(manager, approval, "approve")
    assert lapsed.value.code == "quotes.lapsed"
    assert await case.orders() == []


async def test_a_quote_withdrawn_in_between_ends_the_split_and_its_approval(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"), ("1300", "99"))
    await case.split(0, 1)
    approval = await case.opened()
    vendor = case.api.as_(sourcing.contacts[1])
    await vendor.call(e.withdraw_quote, {}, path={"id": case.quotes[1].id})
    now = await case.officer.call(e.show_approval, path={"id": approval.id})
    assert now.state is ApprovalState.withdrawn
    assert (await case.compared()).split is None
    assert await case.states() == [QuoteState.selected, QuoteState.withdrawn, QuoteState.submitted]
    await case.world.open_approval_of(QuoteId(case.quotes[0].id))
    assert (await case.request()).state is RequestState.awaiting_approval


async def test_a_proposal_replaces_a_split_and_a_split_a_proposal(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    first = (await case.world.open_approval_of(QuoteId(case.quotes[0].id))).approval
    await case.split(0, 1)
    assert (await case.officer.call(e.show_approval, path={"id": first.id})).state is ApprovalState.withdrawn
    second = await case.opened()
    await case.split(1, 0)
    assert (await case.officer.call(e.show_approval, path={"id": second.id})).state is ApprovalState.withdrawn
    third = await case.opened()
    assert third.amount == Decimal(3660)
    body = {"quote_id": str(case.quotes[1].id), "reason": "one delivery is simpler"}
    await case.officer.call(e.propose_quote, body, path={"id": case.rfq.id})
    assert (await case.officer.call(e.show_approval, path={"id": third.id})).state is ApprovalState.withdrawn
    assert (await case.compared()).split is None
    assert await case.states() == [QuoteState.submitted, QuoteState.selected]
    await case.world.approved(await case.world.open_approval_of(QuoteId(case.quotes[1].id)))
    assert len(await case.orders()) == 1
    with pytest.raises(ProblemError) as decided:
        await case.split(0, 1)
    assert decided.value.code == "rfqs.decided"


async def test_a_split_that_is_replaced_while_its_approval_opens_is_not_opened(
    sourcing: Sourcing, world: World
) -> None:
    """The worker reads under the purchase's lock, so it sees the split that another command is just storing."""
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    await case.split(0, 1)
    first = (await case.compared()).split
    assert first is not None
    swapped = zip(case.rfq.lines, reversed(case.quotes), strict=True)
    lines = tuple(AwardedLine(RfqLineId(line.id), QuoteId(quote.id)) for line, quote in swapped)
    command = ProposeSplit(RfqId(case.rfq.id), lines, (), REASON, None)
    officer = as_actor(await world.an_officer())
    system = Actor.system(Role.system_approvals)

    async def opens() -> object:
        async with begin(world.engine, system, world.clock) as uow:
            return await split_awards.approval_for(uow, first.id, dt.timedelta(0))

    async with asyncio.TaskGroup() as tasks, begin(world.engine, officer, world.clock) as uow:
        await split_awards.propose(uow, officer, command)
        opening = tasks.create_task(opens())
        await asyncio.sleep(0.3)
        assert not opening.done(), "it waits for the purchase"
    assert opening.result() is None
    assert (await case.opened()).amount == Decimal(3660)


async def test_a_replaced_split_is_never_approved(sourcing: Sourcing, world: World) -> None:
    """With the same quotes in another split, their state alone does not tell."""
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    await case.split(0, 1)
    approval = await case.opened()
    await case.split(1, 0)
    await sourcing.rows(
        "UPDATE approvals SET state = 'pending', closed_at = NULL WHERE id = :id RETURNING id", id=approval.id
    )
    await sourcing.rows(
        "UPDATE approval_steps SET state = 'open' WHERE approval_id = :id AND position = 1 RETURNING id",
        id=approval.id,
    )
    await sourcing.rows(
        "UPDATE procurement_requests SET state = 'awaiting_approval' WHERE id = :id RETURNING id",
        id=case.rfq.request_id,
    )
    manager = await world.person(approval.steps[0].candidates[0].person_id)
    with pytest.raises(ProblemError) as refused:
        await case.decide(manager, approval, "approve")
    assert refused.value.code == "split_awards.replaced"
    assert case.rfq.number in refused.value.problem.detail
    assert await case.orders() == []
    await case.decide(manager, approval, "reject", "no longer proposed")
    split = (await case.compared()).split
    assert split is not None
    assert split.total == Decimal(3660), "what took its place stays proposed"
    assert await case.states() == [QuoteState.selected, QuoteState.selected]


async def test_a_rejected_split_leaves_its_quotes_free(sourcing: Sourcing, world: World) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    await case.split(0, 1)
    approval = await case.opened()
    manager = await world.person(approval.steps[0].candidates[0].person_id)
    await case.decide(manager, approval, "reject", "one vendor, please")
    compared = await case.compared()
    assert (compared.split, compared.rfq_state) == (None, RfqState.closed)
    assert await case.states() == [QuoteState.submitted, QuoteState.submitted]
    assert all(quote.offers(ActionVerb.propose) for quote in compared.quotes)
    assert (await case.request()).state is RequestState.quoted
    await case.split(0, 1)
    await case.approved()
    assert len(await case.orders()) == 2
