"""A quote that leaves lines out: its vendor is asked, the RFQ waits, and only a person's reason chooses it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from api.contract import endpoints as e
from api.contract.actions import ActionVerb
from api.contract.awards import IncompleteQuoteOut
from api.contract.quotes import QuoteOut
from api.contract.rfqs import RfqOut
from core.kernel.ids import QuoteId
from core.people.model import Person
from core.rfqs.states import RfqState
from tests.api.sourcing import Sourcing, sourcing
from tests.support.api import ProblemError

__all__ = ["sourcing"]
NOT_SAID = ""
"""In place of a price: the line is not mentioned at all."""


async def two_lines(sourcing: Sourcing, *, vendors: int) -> RfqOut:
    """A desk and a lamp."""
    sellers = [await sourcing.world.a_vendor() for _ in range(vendors)]
    sourcing.vendors, sourcing.contacts = [each for each, _ in sellers], [each for _, each in sellers]
    body = {
        "lines": [{"description": each, "quantity": "2", "unit": "pcs"} for each in ("Desk", "Lamp")],
        "currency": "USD",
        "needed_by": str(sourcing.world.today.replace(year=sourcing.world.today.year + 1)),
        "cost_centre": "IT",
        "submit": True,
    }
    request = await sourcing.api.as_(await sourcing.world.a_requester()).call(e.create_request, body)
    return await sourcing.send(request.id)


def offered(sourcing: Sourcing, rfq: RfqOut, *prices: str | None) -> dict[str, Any]:
    """None: no bid, said so."""
    lines: list[dict[str, Any]] = []
    for line, price in zip(rfq.lines, prices, strict=True):
        if price != NOT_SAID:
            lines.append(
                {"rfq_line_id": str(line.id)} | ({"unit_price": price} if price else {"no_bid": True})
            )
    return sourcing.offer(rfq, "1") | {"lines": lines}


async def quoted(sourcing: Sourcing, rfq: RfqOut, contact: Person, *prices: str | None) -> QuoteOut:
    return await sourcing.api.as_(contact).call(e.submit_quote, offered(sourcing, rfq, *prices))


async def incomplete(sourcing: Sourcing, rfq: RfqOut) -> Sequence[IncompleteQuoteOut]:
    return (await sourcing.officer.call(e.comparison, path={"id": rfq.request_id})).incomplete


async def state_of(sourcing: Sourcing, rfq: RfqOut) -> RfqState:
    return (await sourcing.officer.call(e.show_rfq, path={"id": rfq.id})).state


async def test_an_rfq_waits_for_the_line_that_its_last_vendor_forgot(sourcing: Sourcing) -> None:
    rfq = await two_lines(sourcing, vendors=1)
    [contact] = sourcing.contacts
    quote = await quoted(sourcing, rfq, contact, "500", NOT_SAID)
    assert (quote.complete, quote.missing) == (False, (rfq.lines[1].id,))
    assert await state_of(sourcing, rfq) is RfqState.open
    compared = await sourcing.officer.call(e.comparison, path={"id": rfq.request_id})
    [found] = compared.incomplete
    assert (found.vendor_name, found.missing) == (sourcing.vendors[0].name, (rfq.lines[1].id,))
    assert (compared.sealed, compared.quotes) == (True, ()), "which lines, and no price"
    assert '"500' not in compared.model_dump_json()  # ids and times have such digits too
    await quoted(sourcing, rfq, contact, "500", "40")
    assert await state_of(sourcing, rfq) is RfqState.closed


async def test_who_says_no_bid_for_a_line_has_answered(sourcing: Sourcing) -> None:
    rfq = await two_lines(sourcing, vendors=1)
    await quoted(sourcing, rfq, sourcing.contacts[0], "500", None)
    assert await state_of(sourcing, rfq) is RfqState.closed


async def test_an_officer_asks_one_vendor_once_and_the_rfq_waits_for_it(sourcing: Sourcing) -> None:
    rfq = await two_lines(sourcing, vendors=2)
    first, second = sourcing.contacts
    partial = await quoted(sourcing, rfq, first, "500", None)
    [found] = await incomplete(sourcing, rfq)
    assert [each.verb for each in found.actions] == [ActionVerb.ask_to_complete]
    path = {"id": rfq.id, "quote_id": partial.id}
    await sourcing.officer.call(e.ask_to_complete, {}, path=path)
    [found] = await incomplete(sourcing, rfq)
    assert (found.asked_at is not None, found.actions) == (True, ())
    with pytest.raises(ProblemError, match=r"409 quotes\.asked_to_complete"):
        await sourcing.officer.call(e.ask_to_complete, {}, path=path)
    vendor = sourcing.api.as_(first)
    own = (await vendor.call(e.show_rfq, path={"id": rfq.id})).my_quote
    assert own is not None
    assert own.asked_to_complete_at is not None
    waiting = (await vendor.call(e.my_worklist)).items
    assert [(each.task.value, each.number) for each in waiting] == [("quote", rfq.number)]
    await quoted(sourcing, rfq, second, "600", "50")
    assert await state_of(sourcing, rfq) is RfqState.open, "the first vendor was asked"
    again = await quoted(sourcing, rfq, first, "500", None)
    assert again.asked_to_complete_at is None
    assert (await vendor.call(e.my_worklist)).items == ()
    assert await state_of(sourcing, rfq) is RfqState.closed, "it has answered: no bid"


async def test_the_other_vendor_learns_nothing_of_it(sourcing: Sourcing) -> None:
    rfq = await two_lines(sourcing, vendors=2)
    first, second = sourcing.contacts
    partial = await quoted(sourcing, rfq, first, "500", None)
    other = sourcing.api.as_(second)
    before = await other.call(e.show_rfq, path={"id": rfq.id})
    await sourcing.officer.call(e.ask_to_complete, {}, path={"id": rfq.id, "quote_id": partial.id})
    assert await other.call(e.show_rfq, path={"id": rfq.id}) == before
    assert await sourcing.quotes_of(other, rfq) == []
    with pytest.raises(ProblemError, match="403"):
        await other.call(e.comparison, path={"id": rfq.request_id})


async def test_only_officers_ask_and_only_for_what_is_missing(sourcing: Sourcing) -> None:
    rfq = await two_lines(sourcing, vendors=2)
    first, second = sourcing.contacts
    partial = await quoted(sourcing, rfq, first, "500", NOT_SAID)
    path = {"id": rfq.id, "quote_id": partial.id}
    world = sourcing.world
    for person in (first, await world.a_requester(), await world.a_manager(), await world.an_admin()):
        with pytest.raises(ProblemError, match="403"):
            await sourcing.api.as_(person).call(e.ask_to_complete, {}, path=path)
    with pytest.raises(ProblemError, match=r"409 rfqs\.stale"):
        await sourcing.officer.call(e.ask_to_complete, {"expected_version": 77}, path=path)
    await quoted(sourcing, rfq, first, "500", "40")
    with pytest.raises(ProblemError, match=r"409 quotes\.nothing_left_out"):
        await sourcing.officer.call(e.ask_to_complete, {}, path=path)
    await sourcing.close(rfq)
    with pytest.raises(ProblemError, match=r"409 rfqs\.closed"):
        await sourcing.officer.call(e.ask_to_complete, {}, path=path)
    elsewhere = await sourcing.rfq(vendors=1)
    with pytest.raises(ProblemError, match="404"):
        await sourcing.officer.call(e.ask_to_complete, {}, path={"id": elsewhere.id, "quote_id": partial.id})
    assert second is not first


async def test_what_is_not_covered_is_said_on_the_approval_and_on_the_order(sourcing: Sourcing) -> None:
    rfq = await two_lines(sourcing, vendors=1)
    partial = await quoted(sourcing, rfq, sourcing.contacts[0], "500", None)
    closed = await sourcing.officer.call(e.show_rfq, path={"id": rfq.id})
    assert closed.state is RfqState.closed
    with pytest.raises(ProblemError) as refused:
        await sourcing.officer.call(
            e.propose_quote, {"quote_id": str(partial.id), "reason": ""}, path={"id": rfq.id}
        )
    assert refused.value.fields == ["/reason"]
    body = {"quote_id": str(partial.id), "reason": "lamps come from stock"}
    await sourcing.officer.call(e.propose_quote, body, path={"id": rfq.id})
    opened = await sourcing.world.open_approval_of(QuoteId(partial.id))
    manager = sourcing.api.as_(await sourcing.world.a_manager())
    approval = await manager.call(e.show_approval, path={"id": opened.approval.id})
    assert approval.facts is not None
    assert [each.description for each in approval.facts.lines if each.unit_price is None] == ["Lamp"]
    assert approval.reason == "lamps come from stock"
    await sourcing.world.approved(opened)
    request = await sourcing.request(rfq)
    order = await sourcing.officer.call(e.show_order, path={"id": request.order_id})
    assert [each.description for each in order.lines] == ["Desk"]
    assert [(each.description, each.quantity) for each in order.left_out] == [("Lamp", Decimal(2))]
    listed = (await sourcing.officer.call(e.list_orders)).items
    assert listed[0].left_out == order.left_out
