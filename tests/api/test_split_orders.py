"""Several orders of one request: undone, refused, cancelled, changed and received, over HTTP."""

from decimal import Decimal
from typing import Any

import pytest

from api.contract import endpoints as e
from api.contract.actions import ActionVerb
from core.approvals.states import ApprovalState
from core.kernel.money import total_of
from core.orders.states import OrderState
from core.quotes.states import QuoteState
from core.requests.states import RequestState
from core.rfqs.states import RfqState
from tests.api.sourcing import Sourcing, sourcing
from tests.api.splitting import Splitting
from tests.support.api import ProblemError
from tests.support.world import World

__all__ = ["sourcing"]


async def test_an_undo_takes_all_orders_back(sourcing: Sourcing, world: World) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"), undo_seconds=60)
    await case.split(0, 1)
    approval = await case.approved()
    assert [each.state for each in await case.orders()] == [OrderState.generated] * 2
    for contact in sourcing.contacts:
        vendor = case.api.as_(contact)
        assert (await vendor.call(e.list_orders)).items == ()
        own = (await vendor.call(e.show_rfq, path={"id": case.rfq.id})).my_quote
        assert own is not None
        assert own.state is QuoteState.submitted
    decider = await world.person(
        max(each.decided_at for each in approval.steps if each.decided_at)
        and next(each.decided_by for each in reversed(approval.steps) if each.decided_by)  # type: ignore[arg-type]
    )
    undone = await case.decide(decider, approval, "undo")
    assert undone.state is ApprovalState.pending
    assert [each.state for each in await case.orders()] == [OrderState.cancelled] * 2
    assert await case.states() == [QuoteState.selected, QuoteState.selected]
    again = await case.decide(decider, undone, "approve")
    assert again.state is ApprovalState.approved
    live = [each for each in await case.orders() if each.state is not OrderState.cancelled]
    assert len(live) == 2


async def test_when_one_order_is_refused_the_other_goes_on_and_the_lines_are_named(
    sourcing: Sourcing,
) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    await case.split(0, 1)
    await case.approved()
    first, second = await case.orders()
    vendor = case.api.as_(sourcing.contacts[1])
    await vendor.call(e.refuse_order, {"reason": "sold out"}, path={"id": second.id})
    request = await case.request()
    assert request.state is RequestState.ordered
    split = (await case.compared()).split
    assert split is not None
    assert [(each.order_number, each.stopped) for each in split.shares] == [
        (first.number, False),
        (None, True),
    ]
    assert "rfq.split_reduced" in await case.world.events_of(case.rfq.id)
    await case.api.as_(sourcing.contacts[0]).call(e.acknowledge_order, {}, path={"id": first.id})
    assert not (await case.request()).offers(ActionVerb.cancel)
    await case.receive(first)
    assert (await case.request()).state is RequestState.completed


async def test_when_the_last_order_is_stopped_the_request_goes_back_to_its_quotes(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"), ("1300", "99"))
    await case.split(0, 1)
    await case.approved()
    for order in await case.orders():
        body = {"reason": "wrong model", "expected_version": order.version}
        await case.officer.call(e.cancel_order, body, path={"id": order.id})
    assert (await case.request()).state is RequestState.quoted
    compared = await case.compared()
    assert (compared.split, compared.rfq_state) == (None, RfqState.closed)
    left = next(quote for quote in compared.quotes if quote.quote_id == case.quotes[2].id)
    assert left.offers(ActionVerb.propose)


async def test_a_request_completes_when_the_last_open_order_is_stopped(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    await case.split(0, 1)
    await case.approved()
    first, second = await case.orders()
    await case.receive(first)
    body = {"reason": "not needed any more", "expected_version": second.version}
    await case.officer.call(e.cancel_order, body, path={"id": second.id})
    assert (await case.request()).state is RequestState.completed


async def test_a_cancelled_request_cancels_all_its_orders(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    await case.split(0, 1)
    await case.approved()
    request = await case.request()
    body = {"reason": "we moved out", "expected_version": request.version}
    await case.officer.call(e.cancel_request, body, path={"id": request.id})
    assert [each.state for each in await case.orders()] == [OrderState.cancelled] * 2
    assert (await case.officer.call(e.show_rfq, path={"id": case.rfq.id})).state is RfqState.cancelled


async def test_two_orders_may_each_wait_for_a_higher_price(sourcing: Sourcing) -> None:
    """4,900 was approved by managers; each increase meets finance, by the sum."""
    finance = await sourcing.world.a_finance()
    case = await Splitting.of(sourcing, ("1200", "320"), ("1300", "300"))
    await case.split(0, 1)
    await case.approved()
    for order, contact, price in zip(await case.orders(), sourcing.contacts, ("1500", "700"), strict=True):
        line = order.lines[0]
        change = {"lines": [{"line_id": str(line.id), "unit_price": price}], "reason": "dearer"}
        await case.api.as_(contact).call(e.change_order, change, path={"id": order.id})
        accepted = await case.officer.call(e.accept_change, {}, path={"id": order.id})
        assert accepted.proposal is not None
        assert accepted.proposal.approval_id is not None, "the sum is above 5,000"
    pending = await case.officer.call(e.list_approvals, query={"state": "pending"})
    assert len(pending.items) == 2
    for approval in pending.items:
        await case.decide(finance, approval, "approve")
    assert [each.total for each in await case.orders()] == [Decimal(4500), Decimal(2800)]


@pytest.mark.parametrize(
    ("prices", "shipping", "currencies"),
    [
        ((("333.335", "0.335"), ("333.335", "0.335")), ("0", "0"), ("USD", "USD")),
        ((("919.995", "19.999"), ("1000", "12.345")), ("7.77", "0.01"), ("EUR", "GBP")),
        ((("100000", "9000"), ("110000", "7001")), ("500", "333"), ("JPY", "JPY")),
    ],
)
async def test_the_orders_sum_up_to_what_was_approved_to_the_cent(
    sourcing: Sourcing, prices: Any, shipping: Any, currencies: Any
) -> None:
    case = await Splitting.of(sourcing, *prices, shipping=shipping, currencies=currencies)
    await case.split(0, 1)
    split = (await case.compared()).split
    assert split is not None
    approval = await case.approved()
    shares = {share.order_number: share for share in (await case.compared()).split.shares}  # type: ignore[union-attr]
    total = Decimal(0)
    for order in await case.orders():
        priced = [(line.quantity, line.unit_price) for line in order.lines]
        assert order.total == total_of(priced, order.currency, order.shipping)
        assert order.total == shares[order.number].total
        total += shares[order.number].total_converted
    assert total == approval.amount == split.total


async def test_without_a_second_supplier_nothing_is_split_and_a_quote_is_proposed(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", None), ("1100", None))
    compared = await case.compared()
    assert compared.rfq_state is RfqState.closed
    assert not compared.offers(ActionVerb.split_award)
    with pytest.raises(ProblemError) as refused:
        await case.split(0, None)
    assert refused.value.code == "split_awards.one_quote"
    body = {"quote_id": str(case.quotes[0].id), "reason": "nobody offers docks"}
    await case.officer.call(e.propose_quote, body, path={"id": case.rfq.id})
    assert (await case.states())[0] is QuoteState.selected
