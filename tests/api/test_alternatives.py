"""A vendor offers something else than what was asked: in no total, chosen only by a person, ordered as what it is."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from api.contract import endpoints as e
from api.contract.actions import ActionVerb
from api.contract.quotes import QuoteOut
from core.approvals.states import ApprovalState
from core.rfqs.states import RfqState
from tests.api.sourcing import Sourcing, sourcing
from tests.api.splitting import REASON, Splitting
from tests.support.api import ProblemError

__all__ = ["sourcing"]

OTHER = {"description": "Laptop B 13 inch", "unit_price": "800", "lead_time_days": 4, "note": "In stock"}


async def one_alternative(sourcing: Sourcing) -> Splitting:
    """The first vendor has both lines and a cheaper laptop; the second has both lines for less than the first."""
    case = await Splitting.of(
        sourcing, ("1000", "90"), ("950", "80"), shipping=("30", "0"), alternatives={(0, 0): OTHER}
    )
    assert (await case.compared()).rfq_state is RfqState.closed
    return case


async def test_an_alternative_stands_beside_its_line_and_in_no_total(sourcing: Sourcing) -> None:
    case = await one_alternative(sourcing)
    first, second = sorted((await case.compared()).quotes, key=lambda quote: quote.vendor_name)
    offered = first.lines[0].alternative
    assert offered is not None
    assert (offered.description, offered.unit_price, offered.note) == (
        "Laptop B 13 inch",
        Decimal(800),
        "In stock",
    )
    assert (first.total, first.lines[0].unit_price) == (Decimal(3390), Decimal(1000))
    assert (second.best_total, second.selected) == (True, True), "the rule looks at what was asked"
    assert second.lines[0].best, "the cheaper alternative does not take the mark"
    assert second.lines[0].alternative is None


async def test_a_chosen_alternative_is_approved_and_ordered_as_what_it_is(sourcing: Sourcing) -> None:
    case = await one_alternative(sourcing)
    await case.split(0, 0, instead=[0])
    shown = (await case.compared()).split
    assert shown is not None
    [share] = shown.shares
    assert share.alternatives == (case.rfq.lines[0].id,)
    assert (shown.total, shown.reason) == (Decimal(2790), REASON), "3 x 800, 4 x 90 and 30 for shipping"
    opened = await case.opened()
    assert (opened.amount, opened.reason) == (Decimal(2790), REASON)
    assert opened.facts is not None
    told = [(line.description, line.asked_for, line.unit_price) for line in opened.facts.lines]
    assert told == [("Laptop B 13 inch", "Laptop", Decimal(800)), ("Dock", None, Decimal(90))]
    assert opened.facts.delivery_on == case.world.today + dt.timedelta(days=10), "the dock takes longest"
    assert (await case.approved()).state is ApprovalState.approved
    [order] = await case.orders()
    assert order.total == Decimal(2790)
    lines = [(line.description, line.asked_for, line.unit_price) for line in order.lines]
    assert lines == [("Laptop B 13 inch", "Laptop", Decimal(800)), ("Dock", None, Decimal(90))]
    laptop, dock = ((line.due_on - order.created_at.date()).days for line in order.lines if line.due_on)
    assert (laptop, dock) == (4, 10)


async def test_a_quote_of_nothing_but_an_alternative_waits_for_the_officer(sourcing: Sourcing) -> None:
    """No price for what was asked: the rule chooses nothing, and nothing can be proposed as it was asked."""
    case = await Splitting.of(sourcing, (None, None), alternatives={(0, 0): OTHER})
    compared = await case.compared()
    assert (compared.rfq_state, compared.quotes[0].selected) == (RfqState.closed, False)
    assert not compared.quotes[0].offers(ActionVerb.propose)
    assert compared.offers(ActionVerb.split_award)
    body = {"quote_id": str(case.quotes[0].id), "reason": "there is nothing else"}
    with pytest.raises(ProblemError) as refused:
        await case.officer.call(e.propose_quote, body, path={"id": case.rfq.id})
    assert (refused.value.code, refused.value.problem.facts["why"]) == (
        "quotes.not_eligible",
        "only_alternatives",
    )
    await case.split(0, None, instead=[0])
    opened = await case.opened()
    assert (opened.amount, opened.facts and opened.facts.left_out) == (Decimal(2400), ("Dock",))


async def test_a_rejected_alternative_leaves_the_rfq_to_the_officer(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, (None, None), alternatives={(0, 0): OTHER})
    await case.split(0, None, instead=[0])
    opened = await case.opened()
    approver = await case.world.person(opened.steps[0].candidates[0].person_id)
    await case.decide(approver, opened, "reject", "too small a screen")
    compared = await case.compared()
    assert (compared.rfq_state, compared.split) == (RfqState.closed, None)
    assert compared.offers(ActionVerb.split_award), (
        "the alternative may be proposed again, with another reason"
    )


@pytest.mark.parametrize(
    ("choice", "instead", "more", "field"),
    [
        ((0, 1), [1], {}, "/lines/1/alternative"),
        ((1, 1), [0], {}, "/lines/0/alternative"),
        ((0, 0), [0], {"reason": ""}, "/reason"),
    ],
)
async def test_no_alternative_is_chosen_that_is_not_offered_or_without_a_reason(
    sourcing: Sourcing, choice: tuple[int, int], instead: list[int], more: dict[str, Any], field: str
) -> None:
    case = await one_alternative(sourcing)
    with pytest.raises(ProblemError) as refused:
        await case.split(*choice, instead=instead, **more)
    assert [each.field for each in refused.value.problem.errors] == [field]


async def test_everything_as_asked_from_one_vendor_is_still_no_choice_by_line(sourcing: Sourcing) -> None:
    case = await one_alternative(sourcing)
    with pytest.raises(ProblemError) as refused:
        await case.split(0, 0)
    assert refused.value.code == "split_awards.one_quote"


async def test_an_alternative_in_another_currency_is_compared_in_the_requests(sourcing: Sourcing) -> None:
    case = await Splitting.of(
        sourcing, ("1000", "90"), ("900", "80"), currencies=("USD", "EUR"), alternatives={(1, 0): OTHER}
    )
    quote = next(each for each in (await case.compared()).quotes if each.currency == "EUR")
    offered = quote.lines[0].alternative
    assert offered is not None
    assert offered.unit_price == (Decimal(800) * quote.rate).quantize(Decimal("0.01"))


async def test_a_revision_says_anew_what_is_offered_and_a_confirmation_keeps_it(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=2)
    vendor = sourcing.api.as_(sourcing.contacts[0])
    offer = sourcing.offer(rfq, "1000")
    with_other = offer | {"lines": [offer["lines"][0] | {"alternative": OTHER}]}
    quote: QuoteOut = await vendor.call(e.submit_quote, with_other)
    assert quote.lines[0].alternative is not None
    assert quote.lines[0].alternative.lead_time_days == 4
    await sourcing.correct(rfq, note="With a German keyboard.")
    confirmed = await vendor.call(e.confirm_quote, {}, path={"id": quote.id})
    assert confirmed.lines[0].alternative == quote.lines[0].alternative
    again = await vendor.call(e.submit_quote, offer)
    assert again.lines[0].alternative is None


async def test_an_alternative_is_an_answer_so_its_vendor_is_not_asked_about_the_line(
    sourcing: Sourcing,
) -> None:
    rfq = await sourcing.rfq(vendors=2)
    vendor = sourcing.api.as_(sourcing.contacts[0])
    offer = sourcing.offer(rfq, "1000")
    line = {"rfq_line_id": str(rfq.lines[0].id), "no_bid": True}
    quote = await vendor.call(e.submit_quote, offer | {"lines": [line | {"alternative": OTHER}]})
    assert (quote.complete, quote.total) == (False, Decimal(0))
    assert "quote.left_lines_out" not in await sourcing.world.events_of(quote.id)
    [recorded] = await sourcing.world.recorded("quote.submitted", quote.id)
    assert recorded["missing"] == []


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"unit_price": "1"}, "/lines/0/alternative/description"),
        ({"description": " ", "unit_price": "1"}, "/lines/0/alternative/description"),
        ({"description": "x"}, "/lines/0/alternative/unit_price"),
        ({"description": "x", "unit_price": "-1"}, "/lines/0/alternative/unit_price"),
        ({"description": "x", "unit_price": "999999999999"}, "/lines/0/alternative/unit_price"),
        (
            {"description": "x", "unit_price": "1", "lead_time_days": -1},
            "/lines/0/alternative/lead_time_days",
        ),
    ],
)
async def test_an_alternative_says_what_it_is_and_what_it_costs(
    sourcing: Sourcing, other: dict[str, object], field: str
) -> None:
    rfq = await sourcing.rfq(vendors=1)
    offer = sourcing.offer(rfq, "1000")
    body = offer | {"lines": [offer["lines"][0] | {"alternative": other}]}
    with pytest.raises(ProblemError) as refused:
        await sourcing.api.as_(sourcing.contacts[0]).call(e.submit_quote, body)
    assert [each.field for each in refused.value.problem.errors] == [field]
