"""What a vendor's words may mean is asked: each reading is a button in both chats, and typing answers as well."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest

from api.contract import endpoints as e
from api.text import SUPPORTED, money
from bots.cards.drawing import CardKind
from bots.forms.form import FormContext, Rejected
from bots.forms.quote import WHICH, QuoteForm
from bots.forms.quote_message import with_text
from bots.forms.quote_values import AskedLine, QuoteValues
from tests.bots.bot_env import BOTH, BotEnv, ChatUser, labels
from tests.support.world import World

NOW = dt.datetime(2026, 11, 29, 9, tzinfo=dt.UTC)
CTX = FormContext("en", "UTC", NOW, "USD")
FORM = QuoteForm()


def said(text: str, *items: str, locale: str = "en") -> QuoteValues:
    """The form after a whole quote in one message; each line asks for ten."""
    lines = [
        AskedLine(id=UUID(int=number), description=item, quantity=Decimal(10), unit="pcs")
        for number, item in enumerate(items or ("Chair",))
    ]
    empty = QuoteValues(rfq_id=UUID(int=7), number="RFQ-31", buyer="Northwind", lines=lines, currency="USD")
    values = with_text(empty, text, FormContext(locale, "UTC", NOW, "USD"))
    assert isinstance(values, QuoteValues), values
    return values


def offered(values: QuoteValues, locale: str = "en") -> list[str]:
    """The readings that the question in doubt has on buttons."""
    assert FORM.step(values) == WHICH
    question = FORM.question(WHICH, values, FormContext(locale, "UTC", NOW, "USD"))
    return [button.label for row in question.buttons for button in row]


def pressed(values: QuoteValues, choice: str) -> QuoteValues:
    found = FORM.choose(WHICH, values, choice, CTX)
    assert isinstance(found, QuoteValues), found
    return found


def typed(values: QuoteValues, text: str) -> QuoteValues:
    found = FORM.answer(WHICH, values, text, CTX)
    assert isinstance(found, QuoteValues), found
    return found


@pytest.mark.parametrize(
    ("text", "locale", "readings"),
    [
        ("10 chairs 4100", "en", ("4100", "410")),
        ("10 Stühle 4100", "de", ("4100", "410")),
        ("10 sillas 4100", "es", ("4100", "410")),
        ("10 стульев 4100", "ru", ("4100", "410")),
        ("10 كراسي 4100", "ar", ("4100", "410")),
    ],
)
def test_a_price_of_one_or_of_all_is_asked_in_every_language(
    text: str, locale: str, readings: tuple[str, ...]
) -> None:
    values = said(text, locale=locale)
    assert offered(values, locale) == [money(Decimal(each), "USD", locale) for each in readings]
    chosen = pressed(values, "d1").offer(1)
    assert chosen is not None
    assert chosen.price == 410


@pytest.mark.parametrize("locale", SUPPORTED)
@pytest.mark.parametrize(
    "field", ["currency", "delivery", "lead_time_days", "line", "shipping", "unit_price", "valid_until"]
)
def test_each_question_quotes_what_was_written(field: str, locale: str) -> None:
    ctx = FormContext(locale, "UTC", NOW, "USD")
    assert "450 kr" in ctx.translate(f"forms.quote.doubt.{field}", text="450 kr")


def test_a_chosen_currency_holds_for_the_price_beside_it() -> None:
    values = said("450 kr, 10 days")
    assert offered(values) == ["SEK", "NOK", "DKK"]
    chosen = pressed(values, "d1")
    offer = chosen.offer(1)
    assert offer is not None
    assert (chosen.currency, offer.price, chosen.lead_time_days) == ("NOK", Decimal(450), 10)


def test_a_currency_in_doubt_is_asked_before_the_price_that_is_shown_in_it() -> None:
    values = pressed(said("10 chairs 4100 pounds"), "d0")
    assert offered(values) == ["4,100.00 GBP", "410.00 GBP"]


def test_a_day_or_a_cost_of_delivery_becomes_what_was_pressed() -> None:
    values = said("450, delivery 15.12")
    assert offered(values) == ["15 Dec 2026", "15.12 USD"]
    assert pressed(values, "d1").shipping == Decimal("15.12")
    day = pressed(values, "d0")
    assert (day.shipping, day.note) == (None, "delivery 15.12 (15 Dec 2026)")


def test_a_price_without_a_line_is_asked_by_the_lines_names_and_read_whole() -> None:
    values = said("450 each, 5 days", "Chair", "Desk")
    assert offered(values) == ["1  Chair", "2  Desk"]
    offer = pressed(values, "d1").offer(2)
    assert offer is not None
    assert (offer.price, offer.days) == (Decimal(450), 5)


def test_both_ends_of_a_lead_time_are_offered_and_the_price_is_kept() -> None:
    values = said("450, 2-3 weeks")
    assert offered(values) == ["14 days", "21 days"]
    offer = pressed(values, "d1").offer(1)
    assert offer is not None
    assert (offer.price, offer.days) == (Decimal(450), 21)


@pytest.mark.parametrize("text", ["410", "410.00 USD", "410 each"])
def test_a_reading_or_any_other_price_may_be_typed(text: str) -> None:
    offer = typed(said("10 chairs 4100"), text).offer(1)
    assert offer is not None
    assert offer.price == 410


def test_a_decline_may_be_typed_to_any_question_about_a_price() -> None:
    offer = typed(said("10 chairs 4100"), "no").offer(1)
    assert offer is not None
    assert offer.no_bid


def test_a_lead_time_alone_is_no_price_so_the_line_is_asked_again() -> None:
    values = typed(said("10 chairs 4100"), "5 days")
    assert (FORM.step(values), values.priced) == ("line:1", [])


def test_what_answers_nothing_leaves_the_question_open() -> None:
    values = said("10 chairs 4100")
    assert isinstance(FORM.answer(WHICH, values, "hm", CTX), Rejected)
    assert isinstance(FORM.choose(WHICH, values, "d7", CTX), Rejected)
    assert values.offer(1) is None or values.offer(1).price is None  # type: ignore[union-attr]


async def asked_for_price(bot_env: BotEnv, world: World) -> tuple[ChatUser, Decimal]:
    """A vendor at the question for the only line's price, and how many are asked for."""
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(await world.a_request(), to=[vendor])
    user = await bot_env.a_user(contact)
    await user.press("Quote", await bot_env.card(user, CardKind.vendor_rfq, rfq.rfq.id))
    await user.sees("Line 1 of 1")
    return user, rfq.rfq.lines[0].quantity


@BOTH
async def test_a_vendor_presses_what_one_costs(bot_env: BotEnv, world: World) -> None:
    user, quantity = await asked_for_price(bot_env, world)
    await user.say(f"{quantity:f} laptops {1180 * quantity:f}, 10 days")
    asking = await user.sees("What does one cost")
    assert {money(1180 * quantity, "USD", "en"), "1,180.00 USD"} <= set(labels(asking))
    await user.press("1,180.00 USD")
    await user.press("30 days")
    await user.press("Skip")
    await user.press("Skip")
    await user.press("Skip")
    await user.press("Send quote")
    await user.sees("was sent")
    [quote] = (await bot_env.api.as_(user.person).call(e.list_quotes)).items
    assert [(line.unit_price, quote.lead_time_days) for line in quote.lines] == [(Decimal(1180), 10)]


@BOTH
async def test_a_vendor_types_what_one_costs(bot_env: BotEnv, world: World) -> None:
    user, _ = await asked_for_price(bot_env, world)
    await user.say("1180 or thereabouts, 10 days")
    await user.sees("What does one cost")
    await user.say("1190")
    await user.sees("valid")
