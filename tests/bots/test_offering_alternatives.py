"""A vendor types in a chat what it would supply in place of a line: read, shown before it is sent, and sent."""

import datetime as dt
from decimal import Decimal

import pytest

from api.contract import endpoints as e
from bots.forms.form import FormContext, Rejected
from bots.forms.quote_message import looks_like_quote, with_answer, with_text
from bots.forms.quote_values import AskedLine, QuoteValues
from core.kernel.ids import new_id
from core.requests.commands import RequestLineDraft
from tests.bots.telegram_env import TelegramEnv
from tests.support.world import World

EXAMPLE = "alt: Dell Latitude 5450, 990, 7d"


def asked(*items: str) -> QuoteValues:
    lines = [AskedLine(id=new_id(), description=each, quantity=Decimal(3), unit="pcs") for each in items]
    return QuoteValues(rfq_id=new_id(), number="RFQ-31", buyer="Northwind", lines=lines, currency="USD")


def read_by(locale: str) -> FormContext:
    return FormContext(locale, "UTC", dt.datetime(2026, 11, 30, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("locale", "text", "offered", "prices"),
    [
        ("en", "1: 1180 10d alt: ThinkPad E14, 990, 7d\n2: 25", {"1": ("ThinkPad E14", "990", 7)}, ["1180", "25"]),
        ("en", "1: 1180\nalt: ThinkPad E14 990 12d\n2: 25", {"1": ("ThinkPad E14", "990", 12)}, ["1180", "25"]),
        ("en", "1: 1180 alt: X 9; 2: 25", {"1": ("X", "9", None)}, ["1180", "25"]),
        ("en", "laptop: 1180 alt: Dell 5440, USD 990, in 2 weeks", {"1": ("Dell 5440", "990", 14)}, ["1180"]),
        ("en", "2: alternative Trackball M570 15 7d", {"2": ("Trackball M570", "15", 7)}, [None]),
        ("en", "2: alternative: Laptop 14 inch 990", {"2": ("Laptop 14 inch", "990", None)}, [None]),
        ("de", "1: alt: Latitude 5450, 990,50, 7 Tage", {"1": ("Latitude 5450", "990.50", 7)}, [None]),
        ("es", "1: alternativa: HP 250, 899,00, 5 días", {"1": ("HP 250", "899.00", 5)}, [None]),
        ("ru", "2: альтернатива: Мышь M90, 15, 3 дня", {"2": ("Мышь M90", "15", 3)}, [None]),
        ("ar", "1: بديل: حاسوب Dell، 990، 7 أيام", {"1": ("حاسوب Dell", "990", 7)}, [None]),
        ("en", "1: 1180\n2: 25\nnote: an alternative is no problem", {}, ["1180", "25"]),
    ],
)  # fmt: skip
def test_an_alternative_is_read_beside_or_instead_of_a_price(
    locale: str, text: str, offered: dict[str, tuple[str, str, int | None]], prices: list[str | None]
) -> None:
    values = with_text(asked("Laptop", "Mouse"), text, read_by(locale))
    assert isinstance(values, QuoteValues), values
    found = {
        number: (each.description, str(each.unit_price), each.lead_time_days)
        for number, each in values.alternatives.items()
    }
    assert found == offered
    assert values.unread == []
    offers = [offer for _, offer in sorted(values.offers.items())]
    assert [None if each.price is None else str(each.price) for each in offers] == prices


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1: alt: something cheaper", f"“something cheaper”. .*{EXAMPLE}"),
        ("1: alt: X 12 990", f"“X 12 990”. .*{EXAMPLE}"),
        ("1: alt: X, 990 EUR", "This one is in USD"),
        ("1: alt: X, 1.234", "1234 / 1.234"),
        ("alt: X, 990", f"its number first: 1: {EXAMPLE}"),
        ("7: alt: X, 990", f"its number first: 1: {EXAMPLE}"),
        (f"1: alt: {'X' * 301}, 990", EXAMPLE),
    ],
)
def test_what_is_not_certain_is_asked_for_with_an_example(text: str, why: str) -> None:
    refused = with_text(asked("Laptop", "Mouse"), text, read_by("en"))
    assert isinstance(refused, Rejected)
    with pytest.raises(AssertionError, match=why):
        raise AssertionError(refused.text)


def test_a_line_that_is_asked_about_can_be_answered_by_something_else_alone() -> None:
    values = with_answer(asked("Laptop", "Mouse"), "alt: Trackball 15", read_by("en"), line=2)
    assert isinstance(values, QuoteValues)
    assert values.offers["2"].no_bid
    again = with_answer(values, "20 3d", read_by("en"), line=2)
    assert isinstance(again, QuoteValues)
    assert (again.offers["2"].price, again.alternatives["2"].unit_price) == (Decimal(20), Decimal(15))


def test_an_alternative_alone_is_taken_for_a_quote() -> None:
    values = asked("Laptop")
    assert looks_like_quote(values, "alternative: ThinkPad E14, 990", read_by("en"))
    assert not looks_like_quote(values, "Is there an alternative date?", read_by("en"))


async def test_a_vendor_offers_something_else_in_a_message(telegram: TelegramEnv, world: World) -> None:
    vendor, contact = await world.a_vendor()
    wanted = [RequestLineDraft(name, Decimal(2), "pcs", None) for name in ("Laptop", "Dock")]
    rfq = await world.an_rfq(await world.a_request(lines=wanted), to=[vendor])
    user = await telegram.a_user(contact)
    await user.say(f"/quote {rfq.rfq.number} 1: alt: ThinkPad E14, 990, 7d\n2: 80 5d; valid 30 days")
    for asked_for in ("Skip", "Skip", "Skip", "Send without them"):
        await user.press(asked_for, (await user.with_button(asked_for))["id"])
    review = await user.with_button("Send quote")
    assert "instead: ThinkPad E14 · 990.00 USD · 7 days" in review["text"]
    await user.press("Send quote")
    await user.sees("was sent: 160.00 USD")
    [quote] = (await telegram.api.as_(contact).call(e.list_quotes)).items
    laptop = quote.lines[0]
    assert laptop.no_bid
    assert laptop.alternative is not None
    assert (laptop.alternative.description, laptop.alternative.unit_price) == ("ThinkPad E14", Decimal(990))
