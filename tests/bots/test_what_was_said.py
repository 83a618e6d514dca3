"""A form keeps what a person said: no later message relabels, shortens or drops it."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest

from bots.forms.field_parsers import count_from
from bots.forms.form import FormContext, Rejected
from bots.forms.quote import QuoteForm
from bots.forms.quote_message import with_text
from bots.forms.quote_values import AskedLine, QuoteValues
from bots.forms.request import RequestForm, initial_values
from bots.forms.request_values import RequestValues

ID = UUID(int=7)
CTX = FormContext("en", "UTC", dt.datetime(2026, 11, 29, 9, tzinfo=dt.UTC), "USD", (("OFF", "Office"),))


def quote(*items: str) -> QuoteValues:
    lines = [
        AskedLine(id=UUID(int=n), description=item, quantity=Decimal(10), unit="pcs")
        for n, item in enumerate(items)
    ]
    return QuoteValues(rfq_id=ID, number="RFQ-31", buyer="Northwind", lines=lines, currency="USD")


def answered(values: QuoteValues, *texts: str) -> QuoteValues:
    """The form after these answers, each to the question that stands then."""
    form = QuoteForm()
    for text in texts:
        found = form.answer(form.step(values), values, text, CTX)
        assert isinstance(found, QuoteValues), found
        values = found
    return values


def test_a_line_in_another_currency_is_refused_and_the_first_keeps_its_own() -> None:
    form, values = QuoteForm(), answered(quote("Laptop", "Paper", "Cable"), "1180 USD 10d", "22.50 3d")
    refused = form.answer("line:3", values, "3.20 EUR 3d", CTX)
    assert isinstance(refused, Rejected)
    assert "USD" in refused.text
    assert values.currency == "USD"


def test_a_whole_quote_may_be_in_another_currency() -> None:
    values = with_text(quote("Laptop", "Paper"), "1: 1180 EUR 10d; 2: 22.50 EUR 3d", CTX)
    assert isinstance(values, QuoteValues)
    assert (values.currency, values.total) == ("EUR", Decimal("12025.00"))


def test_the_quotes_lead_time_is_never_shorter_than_its_slowest_lines() -> None:
    values = with_text(quote("Laptop", "Paper"), "1: 1180 10d; 2: 22.50; valid 30 days", CTX)
    assert isinstance(values, QuoteValues)
    assert answered(values, "2").lead_time_days == 10


def test_days_that_were_asked_for_are_those_of_the_lines_without_their_own() -> None:
    values = with_text(quote("Laptop", "Paper", "Cable"), "1: 1180 20d; 2: 22.50; 3: 3; valid 30 days", CTX)
    assert isinstance(values, QuoteValues)
    assert QuoteForm().step(values) == "lead_time"
    told = answered(values, "18", "0", "none")
    assert told.lead_time_days == 20
    assert [line.lead_time_days for line in told.body().lines] == [20, 18, 18]
    told = told.model_copy(update={"passed": ["shipping", "note", "files"]})
    items = QuoteForm().question("review", told, CTX).items
    assert [next(days for days in ("18 days", "20 days") if days in item) for item in items] == [
        "20 days",
        "18 days",
        "18 days",
    ]


def test_later_leaves_a_line_open() -> None:
    values = with_text(quote("Laptop", "Paper"), "1: 5 5d; 2: later; till 30 Dec; free shipping", CTX)
    assert isinstance(values, QuoteValues)
    assert (values.offer(2), QuoteForm().step(values)) == (None, "line:2")


def test_facts_without_a_field_are_kept_with_the_note() -> None:
    values = with_text(quote("Laptop"), "450 5d, MOQ 20, note: with setup", CTX)
    assert isinstance(values, QuoteValues)
    assert values.note == "with setup; MOQ 20"
    again = with_text(values, "450 5d, payment 30 days", CTX)
    assert isinstance(again, QuoteValues)
    assert again.note == "with setup; MOQ 20; payment 30 days"


def test_the_review_says_what_was_worked_out_and_from_what() -> None:
    values = with_text(
        quote("Chair"), "10 chairs @ 410 = 4,100.00, delivery within 2 weeks, valid 30 days", CTX
    )
    assert isinstance(values, QuoteValues)
    shown = "\n".join(QuoteForm().question("review", values, CTX).facts)
    assert "“10 chairs @ 410 = 4,100.00" in shown
    assert "“delivery within 2 weeks”" in shown
    assert "“valid 30 days”" in shown


def test_one_reading_that_is_not_certain_is_asked_with_the_word_that_answers_it() -> None:
    form = QuoteForm()
    asked = form.answer("line:1", quote("Laptop"), "approx 450", CTX)
    assert isinstance(asked, QuoteValues)
    assert (form.step(asked), asked.priced) == ("which", [])
    question = form.question("which", asked, CTX)
    assert "“approx 450”" in question.title
    assert [[button.label for button in row] for row in question.buttons] == [["450.00 USD"]]
    assert [offer.price for _, offer in answered(asked, "450").priced] == [450]


def test_a_later_line_in_another_currency_is_asked_and_relabels_nothing() -> None:
    values = initial_values("3x laptop @1200 USD needed 24 Dec for OFF", CTX)
    values = values.model_copy(update={"asked": "item"})
    added = RequestForm().answer("item", values, "2 chairs @45 EUR", CTX)
    assert isinstance(added, RequestValues)
    assert added.currency == "USD"
    assert [(each.field, each.readings) for each in added.doubts] == [("currency", ["USD", "EUR"])]


def test_two_currencies_in_one_message_are_asked() -> None:
    values = initial_values("3x laptop @1200 needed 24 Dec for OFF\n2 chairs @45 EUR", CTX)
    assert [(each.field, each.readings) for each in values.doubts] == [("currency", ["USD", "EUR"])]


@pytest.mark.parametrize("text", ["free", "none"])
def test_a_count_has_digits(text: str) -> None:
    assert isinstance(count_from(text, Decimal(10), CTX), Rejected)
