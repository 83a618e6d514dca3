"""Which quote wins, when an RFQ closes, and what happens when the winner steps back."""

import asyncio
import datetime as dt
from decimal import Decimal

import pytest

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.states import Verdict
from core.awards import queries, service
from core.awards.commands import CloseRfq, ProposeQuote
from core.decisions.commands import Decide
from core.decisions.service import decide
from core.invitations import queries as rfq_queries
from core.kernel.clock import FixedClock
from core.kernel.errors import Invalid, Stale
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.people.model import Person
from core.purchases import request_queries as requests
from core.quotes import service as quotes
from core.quotes.commands import DeclineRfq, WithdrawQuote
from core.quotes.errors import OrderExists, QuoteNotEligible
from core.quotes.model import Quote, QuoteDetails
from core.rates.errors import RatesMissing
from core.requests.commands import RequestLineDraft
from core.rfqs.errors import RfqNotOpen
from core.rfqs.model import RfqDetails
from core.vendors.model import Vendor
from tests.support.world import World

Seller = tuple[Vendor, Person]


async def asked(
    world: World, count: int, quote_by: dt.timedelta = dt.timedelta(days=3)
) -> tuple[RfqDetails, list[Seller]]:
    """An RFQ to so many vendors."""
    sellers = [await world.a_vendor() for _ in range(count)]
    return await world.an_rfq(to=[vendor for vendor, _ in sellers], quote_by=quote_by), sellers


def offer(
    rfq: RfqDetails, price: str, *, days: int = 10, valid: dt.date, currency: str = "USD"
) -> SubmitQuote:
    lines = tuple(QuoteLineDraft(line.id, Decimal(price), None, no_bid=False) for line in rfq.rfq.lines)
    return SubmitQuote(rfq.rfq.id, currency, valid, days, Decimal(0), "", lines, ())


async def quoted(world: World, rfq: RfqDetails, by: Person, price: str, **more: object) -> QuoteDetails:
    valid = world.today + dt.timedelta(days=45)
    command = offer(rfq, price, **{"valid": valid} | more)  # type: ignore[arg-type]
    return await world.act(by, quotes.submit_quote, command)


async def stands(world: World, rfq: RfqDetails) -> tuple[str, Quote | None, str]:
    """The RFQ's state, the selected quote, and the request's state."""
    officer = await world.an_officer()
    now = (await world.act(officer, rfq_queries.show, rfq.rfq.id)).details.rfq
    compared = await world.act(officer, queries.compare, now.request_id)
    chosen = next((item.quote for item in compared.quotes if item.quote.id == now.selected_quote_id), None)
    request = await world.act(officer, requests.show, now.request_id)
    return now.state.value, chosen, request.request.state.value


async def test_the_lowest_total_wins(world: World) -> None:
    rfq, sellers = await asked(world, 3)
    for (_, contact), price in zip(sellers, ("1200", "1150", "1180"), strict=True):
        await quoted(world, rfq, contact, price)
    state, chosen, _ = await stands(world, rfq)
    assert state == "closed"
    assert chosen is not None
    assert chosen.vendor_id == sellers[1][0].id


async def test_equal_totals_go_to_the_shorter_lead_time_then_to_the_earlier(world: World) -> None:
    rfq, sellers = await asked(world, 3)
    for (_, contact), days in zip(sellers, (10, 7, 7), strict=True):
        await quoted(world, rfq, contact, "1180", days=days)
    _, chosen, _ = await stands(world, rfq)
    assert chosen is not None
    assert chosen.vendor_id == sellers[1][0].id


async def test_totals_are_compared_in_the_requests_currency(world: World) -> None:
    """1,100 EUR are 1,199 USD at the stored rate."""
    rfq, sellers = await asked(world, 2)
    await quoted(world, rfq, sellers[0][1], "1100", currency="EUR")
    await quoted(world, rfq, sellers[1][1], "1198", currency="USD")
    _, chosen, _ = await stands(world, rfq)
    assert chosen is not None
    assert chosen.currency == "USD"


async def test_a_currency_without_a_rate_is_refused_by_name_and_day(world: World) -> None:
    rfq, sellers = await asked(world, 1)
    with pytest.raises(RatesMissing) as refused:
        await quoted(world, rfq, sellers[0][1], "1100", currency="CHF")
    assert refused.value.currency == "CHF"
    assert refused.value.day == world.today


async def test_a_quote_without_any_price_is_a_no_bid(world: World) -> None:
    rfq, sellers = await asked(world, 1)
    line = QuoteLineDraft(rfq.rfq.lines[0].id, None, None, no_bid=True)
    bid = SubmitQuote(rfq.rfq.id, "USD", world.today, 1, Decimal(0), "", (line,), ())
    with pytest.raises(Invalid, match="decline the RFQ instead"):
        await world.act(sellers[0][1], quotes.submit_quote, bid)


async def test_the_last_answer_closes_even_when_it_is_a_no_bid(world: World) -> None:
    rfq, sellers = await asked(world, 2)
    await quoted(world, rfq, sellers[0][1], "1180")
    assert (await stands(world, rfq))[0] == "open"
    await world.act(sellers[1][1], quotes.decline, DeclineRfq(rfq.rfq.id, "no capacity"))
    state, chosen, request = await stands(world, rfq)
    assert (state, request) == ("closed", "quoted")
    assert chosen is not None


async def test_an_rfq_that_nobody_can_win_ends_without_success(world: World) -> None:
    rfq, sellers = await asked(world, 1)
    await world.act(sellers[0][1], quotes.decline, DeclineRfq(rfq.rfq.id, "no capacity"))
    state, chosen, request = await stands(world, rfq)
    assert (state, chosen, request) == ("unsuccessful", None, "sourcing")
    assert (await world.events_of(rfq.rfq.id))[-1] == "rfq.unsuccessful"


async def test_an_officer_closes_early_and_a_closed_rfq_takes_no_revision(world: World) -> None:
    rfq, sellers = await asked(world, 2)
    await quoted(world, rfq, sellers[0][1], "1180")
    await world.act(await world.an_officer(), service.close, CloseRfq(rfq.rfq.id, None))
    with pytest.raises(RfqNotOpen):
        await quoted(world, rfq, sellers[0][1], "900")
    with pytest.raises(RfqNotOpen):
        await quoted(world, rfq, sellers[1][1], "900")


async def test_the_deadline_closes_by_itself_and_only_then(world: World) -> None:
    world.clock = clock = FixedClock(world.now)
    rfq, sellers = await asked(world, 2, quote_by=dt.timedelta(hours=1))
    deadlines = Actor.system(Role.system_deadlines)
    await quoted(world, rfq, sellers[0][1], "1180")
    clock.advance(dt.timedelta(minutes=59))
    await world.act(deadlines, service.close_due, rfq.rfq.id)
    assert (await stands(world, rfq))[0] == "open"
    clock.advance(dt.timedelta(minutes=1))
    await world.act(deadlines, service.close_due, rfq.rfq.id)
    assert (await stands(world, rfq))[0] == "closed"


async def test_a_revision_replaces_the_quote_and_the_earlier_one_stays_readable(world: World) -> None:
    rfq, sellers = await asked(world, 2)
    first = await quoted(world, rfq, sellers[0][1], "1180")
    second = await quoted(world, rfq, sellers[0][1], "1100")
    assert (second.quote.id, second.quote.revision) == (first.quote.id, 2)
    assert await world.events_of(first.quote.id) == ["quote.submitted", "quote.revised"]
    await quoted(world, rfq, sellers[1][1], "1150")
    _, chosen, _ = await stands(world, rfq)
    assert chosen is not None
    assert chosen.total == Decimal("3300.00")


async def test_when_the_selected_quote_is_withdrawn_the_next_best_takes_its_place(world: World) -> None:
    rfq, sellers = await asked(world, 2)
    best = await quoted(world, rfq, sellers[0][1], "1100")
    other = await quoted(world, rfq, sellers[1][1], "1150")
    approval = await world.open_approval_of(best.quote.id)
    await world.act(sellers[0][1], quotes.withdraw_quote, WithdrawQuote(best.quote.id, "sold out", None))
    _, chosen, _ = await stands(world, rfq)
    assert chosen is not None
    assert chosen.id == other.quote.id
    assert (await world.events_of(approval.approval.id))[-1] == "approval.withdrawn"


async def test_the_last_quote_withdrawn_leaves_the_request_in_sourcing(world: World) -> None:
    rfq, sellers = await asked(world, 1)
    only = await quoted(world, rfq, sellers[0][1], "1100")
    await world.act(sellers[0][1], quotes.withdraw_quote, WithdrawQuote(only.quote.id, "sold out", None))
    assert await stands(world, rfq) == ("unsuccessful", None, "sourcing")


async def test_a_proposal_withdraws_the_pending_approval_and_needs_an_eligible_quote(world: World) -> None:
    rfq, sellers = await asked(world, 2)
    best = await quoted(world, rfq, sellers[0][1], "1100")
    dearer = await quoted(world, rfq, sellers[1][1], "1150")
    approval = await world.open_approval_of(best.quote.id)
    officer = await world.an_officer()
    await world.act(
        officer, service.propose, ProposeQuote(rfq.rfq.id, dearer.quote.id, "arrives sooner", None)
    )
    assert (await world.events_of(approval.approval.id))[-1] == "approval.withdrawn"
    fresh = await world.open_approval_of(dearer.quote.id)
    assert fresh.approval.reason == "arrives sooner"
    with pytest.raises(Stale):
        await world.act(officer, service.propose, ProposeQuote(rfq.rfq.id, best.quote.id, "cheaper", 1))
    await world.approved(fresh)
    with pytest.raises(OrderExists):
        await world.act(officer, service.propose, ProposeQuote(rfq.rfq.id, best.quote.id, "cheaper", None))


async def test_a_rejected_quote_is_out_and_the_officer_proposes_another(world: World) -> None:
    rfq, sellers = await asked(world, 2)
    best = await quoted(world, rfq, sellers[0][1], "1100")
    dearer = await quoted(world, rfq, sellers[1][1], "1150")
    approval = (await world.open_approval_of(best.quote.id)).approval
    no = Decide(approval.id, Verdict.reject, approval.version, "wrong vendor")
    await world.act(await world.a_manager(), decide, no)
    assert await stands(world, rfq) == ("closed", None, "quoted")
    officer = await world.an_officer()
    with pytest.raises(QuoteNotEligible, match="rejected"):
        await world.act(officer, service.propose, ProposeQuote(rfq.rfq.id, best.quote.id, "again", None))
    await world.act(officer, service.propose, ProposeQuote(rfq.rfq.id, dearer.quote.id, "the other", None))
    _, chosen, _ = await stands(world, rfq)
    assert chosen is not None
    assert chosen.id == dearer.quote.id


async def test_two_last_answers_in_the_same_instant_close_once(world: World) -> None:
    rfq, sellers = await asked(world, 6)
    await asyncio.gather(*(quoted(world, rfq, contact, "1180") for _, contact in sellers))
    assert (await stands(world, rfq))[0] == "closed"
    assert (await world.events_of(rfq.rfq.id)).count("rfq.closed") == 1


async def test_an_incomplete_quote_never_wins(world: World) -> None:
    """The only quote leaves one of two lines out: it is never chosen by itself, and the officer is asked."""
    wanted = [RequestLineDraft(name, Decimal(2), "pcs", None) for name in ("Laptop", "Dock")]
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(await world.a_request(lines=wanted), to=[vendor])
    priced, left = rfq.rfq.lines
    lines = (
        QuoteLineDraft(priced.id, Decimal(900), None, no_bid=False),
        QuoteLineDraft(left.id, None, None, no_bid=True),
    )
    bid = SubmitQuote(rfq.rfq.id, "USD", world.today, 1, Decimal(0), "", lines, ())
    await world.act(contact, quotes.submit_quote, bid)
    assert await stands(world, rfq) == ("closed", None, "quoted")
