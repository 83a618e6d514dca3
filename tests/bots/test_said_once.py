"""What a question says: once, in its place, in the reader's numbers, and with the reason why it is asked again."""

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from api.contract.digest import DigestOut, TaskOut, WaitingOut
from api.text import SUPPORTED, has_key, translate
from api.text import reading as format_reading
from bots.cards import digest, phrases
from bots.cards.card import Card
from bots.cards.viewer import Viewer
from bots.forms import engine
from bots.forms.change import ChangeableLine, ChangeForm, ChangeValues
from bots.forms.engine import OpenForm
from bots.forms.field_parsers import quantity_from
from bots.forms.form import FieldErrors, FormContext, FormQuestion, Rejected
from bots.forms.reason import ReasonKind, ReasonValues
from bots.forms.request import RequestForm, initial_values
from bots.forms.request_values import RequestValues
from bots.forms.rfq_choice import RfqChoiceValues
from bots.slack import render as slack
from bots.telegram import render as telegram

ID = UUID(int=7)
NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
VIEWER = Viewer(person_id=ID, locale="en", zone="UTC")


def context(locale: str = "en") -> FormContext:
    return FormContext(locale, "UTC", NOW, "USD", (("OFF", "Office"),))


# ---- where a sentence stands


def test_the_question_stands_above_its_list_when_the_last_answer_could_not_be_taken() -> None:
    asked = FormQuestion("Please check:", facts=("Total: 5",), items=("3 × Hammer", "2 × Saw"))
    card = asked.card(context(), back=False, error="Please press a button.")
    lines = telegram.as_html(card).split("\n")
    assert lines == ["<b>Please press a button.</b>", "Please check:", "3 × Hammer", "2 × Saw", "Total: 5"]
    told = str(slack.blocks(card))
    places = [told.index(each) for each in ("press a button", "Please check:", "Hammer", "Total")]
    assert places == sorted(places)


@pytest.mark.parametrize("length", [150, 151, 400])
def test_a_title_of_any_length_is_shown_in_slack_once_and_whole(length: int) -> None:
    title = ("long words " * 50)[:length].strip().ljust(length, "x")
    shown = [block for block in slack.blocks(Card(title, facts=("a fact",))) if "long words" in str(block)]
    assert len(shown) == 1
    assert title in str(shown)


# ---- days


def waiting(due_on: dt.date | None) -> WaitingOut:
    return WaitingOut(
        task=TaskOut.receive,
        subject_id=ID,
        request_id=ID,
        number="PO-7",
        since=NOW,
        due=None,
        due_on=due_on,
        amount=None,
        currency=None,
    )


def test_what_is_overdue_is_not_said_to_be_due_today() -> None:
    late, today = waiting(dt.date(2026, 11, 19)), waiting(NOW.date())
    assert "overdue since 19 Nov 2026" in digest.line(late, NOW, VIEWER)
    assert "today" not in digest.line(late, NOW, VIEWER)
    assert "due today" in digest.line(today, NOW, VIEWER)
    items = (late, late, today, waiting(None), waiting(dt.date(2026, 12, 24)))
    whole = DigestOut(at=NOW, waiting=items, waits=5, moved=(), closing=(), kept=())
    assert "2 overdue · 1 due today" in digest.for_person(whole, VIEWER).title


def test_a_day_in_the_past_is_asked_again_with_the_reason() -> None:
    values = initial_values("10 x Toner @88 for OFF needed 1 Nov 2026", context())
    form = RequestForm()
    assert form.step(values) == "needed_by"
    assert "1 Nov 2026 is in the past" in str(form.question("needed_by", values, context()).facts)
    other = initial_values("10 x Toner @88 for OFF", context())
    assert form.question("needed_by", other, context()).facts == ()


# ---- numbers


@pytest.mark.parametrize(("locale", "decimal"), [("en", "1.234"), ("de", "1,234"), ("ru", "1,234")])
def test_two_readings_of_a_number_never_look_the_same(locale: str, decimal: str) -> None:
    assert [format_reading(each, locale) for each in ("1234", "1.234")] == ["1234", decimal]
    refused = quantity_from("1,234", context(locale))
    if isinstance(refused, Rejected):
        assert f"1234 / {decimal}" in refused.text or f"{decimal} / 1234" in refused.text


def change() -> ChangeValues:
    line = ChangeableLine(
        id=ID, description="Bolt", unit="pcs", quantity=Decimal(9000), arrived=Decimal(5000), price=Decimal(2)
    )
    return ChangeValues(
        order_id=ID,
        number="PO-7",
        version=1,
        currency="EUR",
        due_on=NOW.date(),
        lines=[line],
        day_asked=True,
    )


@pytest.mark.parametrize("typed", ["0", "4999"])
def test_less_than_what_arrived_is_refused_where_it_is_typed(typed: str) -> None:
    form = ChangeForm()
    refused = form.answer("quantity:1", change(), typed, context("de"))
    assert isinstance(refused, Rejected)
    assert "Schon angekommen: 5.000" in refused.text
    filled = form.read_fields(change(), {"quantity:1": typed, "reason": "sold out"}, context("de"))
    assert isinstance(filled, FieldErrors)
    assert "5.000" in filled.errors["quantity:1"]
    assert isinstance(form.answer("quantity:1", change(), "5000", context("de")), ChangeValues)


# ---- words


@pytest.mark.parametrize("locale", SUPPORTED)
def test_the_step_of_a_head_has_a_word_in_every_language(locale: str) -> None:
    assert has_key("roles.head")
    assert phrases.role("head", locale) == translate("roles.head", locale) != "head"
    assert phrases.role("Werkleitung", locale) == "Werkleitung", "a company's own word stays"


# ---- what is parked


COMMENT = ReasonValues(saying=ReasonKind.comment, id=ID, about="REQ-7", text="one for each room")


@pytest.mark.parametrize(("name", "values"), [("saying", COMMENT), ("which", RfqChoiceValues(options=[]))])
def test_a_side_question_that_was_parked_comes_back_once(
    name: str, values: ReasonValues | RfqChoiceValues
) -> None:
    other = RequestValues()
    asked = OpenForm(name, values, uuid4())
    back = engine.resume(engine.start("request", other, uuid4(), asked))
    assert back is not None
    assert back.values == values
    assert engine.resume(engine.start("request", other, uuid4(), back)) is None


def test_a_draft_that_was_parked_comes_back_every_time() -> None:
    form = OpenForm("request", RequestValues(note="keep"), uuid4())
    for _ in range(3):
        back = engine.resume(engine.start("saying", COMMENT, uuid4(), form))
        assert back is not None
        assert back.values == form.values
        form = back
