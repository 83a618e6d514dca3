"""Quotes that come after the needed day, cost nothing or are incomplete: asked about, never picked silently."""

import datetime as dt
from decimal import Decimal

from core.awards import queries, service
from core.awards.commands import ProposeQuote
from core.awards.model import Comparison
from core.kernel.ids import RfqId
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.people.model import Person
from core.purchases import request_queries as requests
from core.quotes import service as quotes
from core.quotes.commands import WithdrawQuote
from core.quotes.model import QuoteDetails
from core.requests.commands import RequestLineDraft
from core.rfqs.model import RfqDetails
from core.worklist import queries as worklist
from tests.support.world import World

LATE, IN_TIME = 31, 30
"""Days of delivery: the world's requests are needed in thirty days."""


async def quoted(
    world: World, rfq: RfqDetails, by: Person, *prices: str | None, days: int = IN_TIME
) -> QuoteDetails:
    lines = tuple(
        QuoteLineDraft(line.id, None if price is None else Decimal(price), None, no_bid=price is None)
        for line, price in zip(rfq.rfq.lines, prices, strict=True)
    )
    valid = world.today + dt.timedelta(days=45)
    command = SubmitQuote(rfq.rfq.id, "USD", valid, days, Decimal(0), "", lines, ())
    return await world.act(by, quotes.submit_quote, command)


async def compared(world: World, rfq: RfqDetails) -> Comparison:
    return await world.act(await world.an_officer(), queries.compare, rfq.rfq.request_id)


def selected(comparison: Comparison) -> list[str]:
    return [item.quote.number for item in comparison.quotes if item.quote.state.value == "selected"]


async def test_a_dearer_quote_that_comes_in_time_wins_over_a_cheaper_one_that_does_not(world: World) -> None:
    sellers = [await world.a_vendor() for _ in range(2)]
    rfq = await world.an_rfq(to=[vendor for vendor, _ in sellers])
    late = await quoted(world, rfq, sellers[0][1], "900", days=LATE)
    in_time = await quoted(world, rfq, sellers[1][1], "1100", days=IN_TIME)
    found = await compared(world, rfq)
    assert selected(found) == [in_time.quote.number]
    assert found.doubts == {late.quote.id: ("late",), in_time.quote.id: ()}
    assert found.arrivals[late.quote.id] == world.today + dt.timedelta(days=LATE)


async def test_a_price_of_nothing_is_not_the_lowest_price(world: World) -> None:
    sellers = [await world.a_vendor() for _ in range(2)]
    rfq = await world.an_rfq(to=[vendor for vendor, _ in sellers])
    free = await quoted(world, rfq, sellers[0][1], "0")
    paid = await quoted(world, rfq, sellers[1][1], "1100")
    found = await compared(world, rfq)
    assert selected(found) == [paid.quote.number]
    assert found.doubts[free.quote.id] == ("free",)


async def test_one_line_that_costs_nothing_is_asked_about_too(world: World) -> None:
    vendor, contact = await world.a_vendor()
    lines = [RequestLineDraft(name, Decimal(1), "pcs", None) for name in ("Desk", "Lamp")]
    rfq = await world.an_rfq(await world.a_request(lines=lines), to=[vendor])
    only = await quoted(world, rfq, contact, "500", "0")
    found = await compared(world, rfq)
    assert (selected(found), found.doubts[only.quote.id]) == ([], ("free",))


async def test_where_only_late_quotes_are_left_the_officer_is_asked_and_answers_with_a_reason(
    world: World,
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    late = await quoted(world, rfq, contact, "900", days=LATE)
    officer = await world.an_officer()
    assert (await world.events_of(rfq.rfq.id))[-2:] == ["rfq.closed", "rfq.undecided"]
    request = await world.act(officer, requests.show, rfq.rfq.request_id)
    assert (request.request.state.value, request.request.approval_id) == ("quoted", None)
    assert selected(await compared(world, rfq)) == []
    waiting = await world.act(officer, worklist.of_person, worklist.FIRST)
    assert [item.kind.value for item in waiting.items] == ["choose"]
    reason = "The others need even longer"
    proposed = await world.act(
        officer, service.propose, ProposeQuote(RfqId(rfq.rfq.id), late.quote.id, reason, None)
    )
    assert proposed.rfq.reason == reason
    assert selected(await compared(world, rfq)) == [late.quote.number]


async def test_where_only_an_incomplete_quote_is_left_the_officer_is_asked(world: World) -> None:
    vendor, contact = await world.a_vendor()
    lines = [RequestLineDraft(name, Decimal(1), "pcs", None) for name in ("Desk", "Lamp")]
    rfq = await world.an_rfq(await world.a_request(lines=lines), to=[vendor])
    partial = await quoted(world, rfq, contact, "500", None)
    found = await compared(world, rfq)
    assert (selected(found), found.doubts[partial.quote.id]) == ([], ("incomplete",))
    assert (await world.events_of(rfq.rfq.id))[-1] == "rfq.undecided"
    officer = await world.an_officer()
    waiting = await world.act(officer, worklist.of_person, worklist.FIRST)
    assert [item.kind.value for item in waiting.items] == ["choose"]
    propose = ProposeQuote(RfqId(rfq.rfq.id), partial.quote.id, "Lamps come from stock", None)
    await world.act(officer, service.propose, propose)
    assert selected(await compared(world, rfq)) == [partial.quote.number]


async def test_a_complete_quote_wins_over_a_cheaper_one_that_leaves_a_line_out(world: World) -> None:
    sellers = [await world.a_vendor() for _ in range(2)]
    lines = [RequestLineDraft(name, Decimal(1), "pcs", None) for name in ("Desk", "Lamp")]
    rfq = await world.an_rfq(await world.a_request(lines=lines), to=[vendor for vendor, _ in sellers])
    await quoted(world, rfq, sellers[0][1], "500", None)
    whole = await quoted(world, rfq, sellers[1][1], "500", "500")
    assert selected(await compared(world, rfq)) == [whole.quote.number]


async def test_when_the_choice_is_withdrawn_a_late_quote_does_not_take_its_place(world: World) -> None:
    sellers = [await world.a_vendor() for _ in range(2)]
    rfq = await world.an_rfq(to=[vendor for vendor, _ in sellers])
    await quoted(world, rfq, sellers[0][1], "900", days=LATE)
    chosen = await quoted(world, rfq, sellers[1][1], "1100")
    await world.act(sellers[1][1], quotes.withdraw_quote, WithdrawQuote(chosen.quote.id, None, None))
    assert selected(await compared(world, rfq)) == []
    assert (await world.events_of(rfq.rfq.id))[-1] == "rfq.undecided"
