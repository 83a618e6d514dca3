"""Into which items a request is cut: where it may be cut otherwise, its readings are buttons, and may be typed."""

import datetime as dt

import pytest

from api.contract import endpoints as e
from api.language import CUT, lines_of_cut, parse_request
from api.text import SUPPORTED
from bots.forms.form import FormContext
from bots.forms.request import RequestForm, initial_values
from bots.forms.request_values import RequestValues
from tests.bots.bot_env import BOTH, BotEnv
from tests.support.world import World

FORM = RequestForm()
DOUBTFUL = "3 hole punches and sellotape needed 1 Dec 2027 for IT"
APART, TOGETHER = "3 × hole punches; sellotape", "3 × hole punches and sellotape"
TODAY = dt.date(2026, 11, 29)


def context(locale: str = "en") -> FormContext:
    now = dt.datetime(2026, 11, 29, 9, tzinfo=dt.UTC)
    return FormContext(locale, "UTC", now, "USD", (("IT", "Information technology"),))


def described(values: object) -> list[tuple[str, str]]:
    assert isinstance(values, RequestValues)
    return [(line.description, f"{line.quantity or ''}") for line in values.lines]


@pytest.mark.parametrize("locale", SUPPORTED)
def test_both_readings_are_shown_whole_and_have_a_button(locale: str) -> None:
    values = initial_values(DOUBTFUL, context(locale))
    assert (FORM.step(values), values.cost_centre) == ("which", "IT")
    question = FORM.question("which", values, context(locale))
    assert question.items == [f"1) {APART}", f"2) {TOGETHER}"]
    assert [len(row) for row in question.buttons] == [2]


def test_a_button_fills_the_lines_and_asks_for_what_is_missing() -> None:
    chosen = FORM.choose("which", initial_values(DOUBTFUL, context()), "d0", context())
    assert described(chosen) == [("hole punches", "3"), ("sellotape", "")]
    assert isinstance(chosen, RequestValues)
    assert (chosen.doubts, FORM.step(chosen)) == ([], "quantity:2")


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("2", [("hole punches and sellotape", "3")]),
        (APART, [("hole punches", "3"), ("sellotape", "")]),
        ("3 hole punches\n2 rolls sellotape", [("hole punches", "3"), ("sellotape", "2")]),
    ],
)
def test_a_readings_number_itself_or_other_lines_may_be_typed(
    typed: str, lines: list[tuple[str, str]]
) -> None:
    found = FORM.answer("which", initial_values(DOUBTFUL, context()), typed, context())
    assert described(found) == lines
    assert isinstance(found, RequestValues)
    assert found.doubts == []


@pytest.mark.parametrize(
    ("locale", "text", "reading"),
    [
        ("en", "10 mice 10 keyboards", "10 × mice; 10 × keyboards"),
        ("de", "Tisch 1, Stuhl 4, Lampe 2", "1 × Tisch; 4 × Stuhl; 2 × Lampe"),
        ("es", "necesitamos 3 sillas y mesas", "3 × sillas; mesas"),
        ("ru", "2 принтера, бумага 10 пачек, ручки", "2 × принтера; 10 pack × бумага; ручки"),
        ("ar", "نحتاج 3 كراسي وطاولات", "3 × كراسي; طاولات"),
        ("en", "Router (1) Switch (2)", "1 × Router; 2 × Switch"),
        ("en", "* 3 brooms\n* dustpan", "3 × brooms; dustpan"),
        ("en", "2 hammers/3 saws", "2 × hammers; 3 × saws"),
        ("en", "6 chairs + mats @ 40", "6 × chairs @ 40; mats"),
    ],
)
def test_what_may_be_several_items_is_no_line_and_one_question(locale: str, text: str, reading: str) -> None:
    found = parse_request(text, locale=locale, today=TODAY, currency="USD")
    (question,) = [each for each in found.ambiguous if each.field == CUT]
    assert (found.lines, question.readings[0]) == ((), reading)
    assert not {"item", "quantity"} & set(found.missing)


def test_weights_behind_every_item_of_a_list_are_read() -> None:
    found = parse_request("Milch 20 l, Sahne 5 l, Butter 10 kg", locale="de", today=TODAY, currency="USD")
    assert [(line.description, f"{line.quantity}", line.unit) for line in found.lines] == [
        ("Milch", "20", "l"),
        ("Sahne", "5", "l"),
        ("Butter", "10", "kg"),
    ]
    assert found.ambiguous == ()


@pytest.mark.parametrize(
    "text",
    [
        "iPhone 15, Pixel 9, Galaxy 24",
        "mats 5, room 12, floor 3",
        "bin 50 l, bin 120 l, bin 240 l",
        "shoes (42), socks (43)",
        "chair (2024), desk (2023), lamp (2022)",
        "3 No. 8 paint brushes",
        "5 no smoking signs",
        "Buckets 10 L, 20 L",
    ],
)
def test_numbers_that_may_be_models_rooms_or_sizes_are_asked(text: str) -> None:
    found = parse_request(text, locale="en", today=TODAY, currency="USD")
    assert [each.field for each in found.ambiguous] in (["lines"], ["description"])
    assert all(line.description == "" for line in found.lines)


@pytest.mark.parametrize(
    "text",
    [
        "50 pens, blue",
        "2 whiteboards, 120 x 90 cm",
        "6 HP 305 cartridges",
        "5 cartons (each 12 bottles)",
        "3 Dell 5440",
    ],
)
def test_a_colour_a_size_or_a_model_is_no_item_of_its_own(text: str) -> None:
    found = parse_request(text, locale="en", today=TODAY, currency="USD")
    assert [each.field for each in found.ambiguous] == []
    assert len(found.lines) == 1


def test_a_reading_is_read_back_with_its_unit_and_its_price() -> None:
    (sugar, cups) = lines_of_cut("2.5 kg × sugar @ 1.20; cups")
    assert (sugar.description, f"{sugar.quantity}", sugar.unit, f"{sugar.unit_price}") == (
        "sugar",
        "2.5",
        "kg",
        "1.20",
    )
    assert (cups.description, cups.quantity, cups.unit_price) == ("cups", None, None)


@BOTH
async def test_the_reading_that_is_pressed_is_requested(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say(f"/request {DOUBTFUL}")
    await user.sees(APART)
    await user.press(f"2) {TOGETHER}"[:23] + "…")
    await user.press("Submit")
    await user.with_button("Withdraw…")
    page = await bot_env.api.as_(user.person).call(e.list_requests, query={"mine": "true"})
    assert [line.description for request in page.items for line in request.lines] == [
        "hole punches and sellotape"
    ]
