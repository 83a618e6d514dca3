"""A price far above what the item cost, and every near miss of it."""

from decimal import Decimal

import pytest

from core.approvals.model import Approval
from core.checks.model import CheckRule
from core.offers.commands import QuoteLineDraft
from core.offers.model import Alternative
from core.split_awards.commands import AwardedLine
from tests.core.findings.cases import Case, laptops
from tests.support.world import World

USUAL = ("1180", "1190", "1170", "1185", "1175")


@pytest.fixture
async def case(world: World) -> Case:
    """Five orders of three laptops for about 1,180 dollars each."""
    opened = await Case.begin(world)
    await opened.bought(*USUAL)
    return opened


async def test_a_price_far_above_the_usual_is_found_with_what_it_costs(case: Case) -> None:
    [finding] = [
        each for each in await case.found(await case.proposed("1510")) if each.rule is CheckRule.price
    ]
    assert {
        name: finding.facts[name] for name in ("price", "usual", "low", "high", "n", "extra", "currency")
    } == {
        "price": "1510",
        "usual": "1180",
        "low": "1170",
        "high": "1190",
        "n": 5,
        "extra": "990",
        "currency": "USD",
    }
    assert finding.facts["since"] == case.world.today.isoformat()


async def test_a_price_within_what_is_usual_is_not_found(case: Case) -> None:
    """Three times eight percent in logarithms is as far as an item goes: up to 1,500.07 here."""
    assert CheckRule.price not in await case.rules_of(await case.proposed("1500"))


async def test_four_prices_are_too_few(world: World) -> None:
    case = await Case.begin(world)
    await case.bought(*USUAL[:4])
    assert CheckRule.price not in await case.rules_of(await case.proposed("1510"))


async def test_another_unit_is_another_thing(case: Case) -> None:
    assert CheckRule.price not in await case.rules_of(await case.proposed("1510", line=laptops(unit="box")))


async def test_another_currency_is_not_compared(case: Case) -> None:
    assert CheckRule.price not in await case.rules_of(await case.proposed("1510", currency="EUR"))


async def test_a_price_that_was_paid_before_is_the_price_list(case: Case) -> None:
    """The first order at a new price is found, those after it are not."""
    await case.bought("1510")
    assert CheckRule.price not in await case.rules_of(await case.proposed("1510"))


async def test_another_vendors_prices_count_where_this_one_has_too_few(case: Case) -> None:
    other = Case(case.world, *await case.world.a_vendor())
    [finding] = [
        each for each in await other.found(await other.proposed("1510")) if each.rule is CheckRule.price
    ]
    assert finding.facts["same_vendor"] is False


async def test_an_extra_below_the_limit_is_not_found(case: Case) -> None:
    """A pin of which one costs forty cents too much is nobody's concern."""
    pins = laptops("3", what="Pin")
    await case.bought("1", "1", "1", "1", "1", line=pins)
    assert CheckRule.price not in await case.rules_of(await case.proposed("1.40", line=pins))


@pytest.mark.parametrize(("price", "is_found"), [("3528", True), ("3522", False)])
async def test_the_limit_is_in_the_organisations_currency(world: World, price: str, is_found: bool) -> None:
    """Fifty dollars are 7,576 yen at the rate by which the approval is decided."""
    case = await Case.begin(world, "JPY")
    await case.bought("1000", "1000", "1000", "1000", "1000", currency="JPY")
    assert (CheckRule.price in await case.rules_of(await case.proposed(price, currency="JPY"))) == is_found


async def alternative_taken(case: Case, price: str | None, alternative: Alternative) -> Approval:
    """An approval of what the vendor offers in place of the laptop, beside a price for it or none."""
    request = await case.world.a_request(lines=(laptops(what="Something else"),))
    rfq = await case.world.an_rfq(request, to=[case.vendor])
    [line] = rfq.rfq.lines
    offered = Decimal(price) if price is not None else None
    draft = QuoteLineDraft(line.id, offered, None, no_bid=offered is None, alternative=alternative)
    quote = await case.world.a_quote_of(rfq, case.contact, [draft])
    award = await case.world.a_split_of(rfq, AwardedLine(line.id, quote.quote.id, alternative=True))
    return (await case.world.open_approval_of_split(award)).approval


@pytest.mark.parametrize("beside", [None, "1180", "99000"], ids=["no bid", "usual", "dear"])
async def test_of_a_chosen_alternative_its_own_price_and_words_count(case: Case, beside: str | None) -> None:
    """It is compared with what was paid for the thing that is ordered, not for what was asked."""
    dear = Alternative("Laptop 14 inch", Decimal(1510))
    [finding] = [
        each
        for each in await case.found(await alternative_taken(case, beside, dear))
        if each.rule is CheckRule.price
    ]
    assert (finding.facts["item"], finding.facts["price"]) == ("Laptop 14 inch", "1510")


@pytest.mark.parametrize("beside", [None, "99000"], ids=["no bid", "dear"])
async def test_an_alternative_at_its_usual_price_is_not_found(case: Case, beside: str | None) -> None:
    usual = Alternative("Laptop 14 inch", Decimal(1180))
    assert CheckRule.price not in await case.rules_of(await alternative_taken(case, beside, usual))
