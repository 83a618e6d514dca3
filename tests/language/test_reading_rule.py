"""The rule of the readers: every word is accounted for, or what stands beside it is a question."""

import re
import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.language import (
    QuoteReading,
    opens_request,
    parse_amount,
    parse_date,
    parse_quote,
    parse_request,
)
from api.language.tokenizer import clean
from bots.forms.form import FormContext
from bots.forms.request import initial_values
from bots.slack.payloads import unformatted
from tests.language.test_corpus import SET_ASIDE, WRITTEN
from tests.language.test_real_lines import LINES
from tests.support.properties import examples

SUNDAY = date(2026, 11, 29)
MOST_IN_WORDS = 12
"""Larger quantities have digits."""
LANGUAGES = ("en", "de", "es", "ru", "ar", "fr", "it", "pt", "tr", "uk", "pl")
ALL_LINES = (*LINES, *WRITTEN, *SET_ASIDE)
WORDS = sorted({word for case in ALL_LINES for word in case.text.split()})
PARTS = sorted({part for case in ALL_LINES for part in re.split(r"[,;\n]", case.text) if part.strip()})
TEXTS = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
    st.lists(st.sampled_from(PARTS), max_size=6).map(", ".join),
    st.text(max_size=120),
)


def quote(text: str, locale: str = "en", lines: int = 1, **more: object) -> QuoteReading:
    settings_of = {"quantities": [Decimal(10)] * lines, "currency": "USD", **more}
    return parse_quote(text, locale=locale, today=SUNDAY, lines=lines, **settings_of)  # type: ignore[arg-type]


@given(text=TEXTS, locale=st.sampled_from(LANGUAGES), lines=st.integers(1, 3))
@examples(600)
def test_no_price_comes_out_that_is_not_in_the_text(text: str, locale: str, lines: int) -> None:
    reading = quote(text, locale, lines)
    digits = re.sub(r"\D", "", "".join(_digits(text)))
    for line in reading.lines:
        if line.unit_price is not None:
            assert _plain(line.unit_price) in digits
        asked = {each.field for each in reading.ambiguous if each.line == line.line}
        assert not ("unit_price" in asked and line.unit_price is not None)
    if reading.shipping:
        assert _plain(reading.shipping) in digits


@given(text=TEXTS, locale=st.sampled_from(LANGUAGES))
@examples(600)
def test_nothing_of_a_request_comes_out_that_is_not_in_the_text(text: str, locale: str) -> None:
    reading = parse_request(text, locale=locale, today=SUNDAY, currency="USD")
    digits = re.sub(r"\D", "", "".join(_digits(text)))
    words = _words(clean(text))
    for line in reading.lines:
        if line.quantity is not None and line.quantity > MOST_IN_WORDS:
            assert _plain(line.quantity) in digits
        if line.unit_price is not None and line.read_from is None:
            assert _plain(line.unit_price) in digits
        assert _words(line.description) <= words


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text))


@given(text=TEXTS, locale=st.sampled_from(LANGUAGES))
@examples(300)
def test_a_text_reads_the_same_as_slack_writes_it(text: str, locale: str) -> None:
    sent = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    arrived = unformatted(sent)
    here, there = (
        parse_request(each, locale=locale, today=SUNDAY, currency="USD") for each in (text, arrived)
    )
    assert here == there
    assert quote(text, locale, 2) == quote(arrived, locale, 2)


@given(text=TEXTS, locale=st.sampled_from(["en", "de", "es", "ru", "ar"]))
@examples(300)
def test_a_form_holds_what_was_read_and_asks_the_rest(text: str, locale: str) -> None:
    now = datetime(2026, 11, 29, 9, tzinfo=UTC)
    ctx = FormContext(locale, "UTC", now, "USD")
    reading = parse_request(text, locale=locale, today=SUNDAY, currency="USD", people=[])
    values = initial_values(text, ctx)
    if reading.lines and text.strip():
        read = [(each.description, each.quantity, each.unit_price) for each in reading.lines]
        assert [(each.description, each.quantity, each.price) for each in values.lines] == read
        assert [each.field for each in values.doubts] == [each.field for each in reading.ambiguous]


def _digits(text: str) -> list[str]:
    return [str(int(char)) if char.isdecimal() else char for char in text]


def _plain(value: Decimal) -> str:
    """The digits of a number as it may be written: without zeros at its ends."""
    return re.sub(r"\D", "", f"{value:f}").strip("0")


@given(text=TEXTS, locale=st.sampled_from(LANGUAGES), today=st.dates())
@examples(400)
def test_every_text_is_answered_in_every_language(text: str, locale: str, today: date) -> None:
    parse_request(text, locale=locale, today=today, currency="EUR", cost_centres=["IT", "OFF"])
    parse_quote(text, locale=locale, today=today, lines=3, items=["Laptop", "Paper A4", "Cable"])
    parse_amount(text, locale)
    parse_date(text, locale, today)


@pytest.mark.parametrize(
    ("text", "locale", "readings"),
    [
        ("45 per 100", "en", ("0.45", "45")),
        ("12.50 per dozen", "en", ("1.041667", "12.5")),
        ("450 less 10%", "en", ("405", "450")),
        ("410 net, plus 20% VAT", "en", ("410",)),
        ("410 + 19% MwSt", "de", ("410",)),
        ("450, 10% Rabatt, zzgl. 19% MwSt", "de", ("405", "450")),
        ("price per 100 pcs: 24.80", "en", ("0.248", "24.8")),
        ("10 pack 45.00", "en", ("45", "4.5")),
        ("box of 10 - 45.00", "en", ("45", "4.5")),
        ("10 chairs 4100", "en", ("4100", "410")),
        ("410 euro cents", "en", ("4.1", "410")),
        ("450 / 10", "en", ("45", "450")),
        ("was 500 now 450", "en", ("450", "500")),
        ("between 400 and 450", "en", ("400", "450")),
        ("12.50 - 13.50", "en", ("12.5", "13.5")),
        ("450 incl. VAT", "en", ("450",)),
        ("approx 450", "en", ("450",)),
        ("450 zorkmids", "en", ("450",)),
        ("Chair Ergo 200", "en", ("200",)),
        ("ab 450", "de", ("450",)),
        ("4,50 je 100 Stück", "de", ("0.045", "4.5")),
        ("450 за 100 шт", "ru", ("4.5", "450")),
    ],
)
def test_what_changes_a_price_makes_it_a_question_that_shows_what_it_may_be(
    text: str, locale: str, readings: tuple[str, ...]
) -> None:
    reading = quote(text, locale)
    assert [line.unit_price for line in reading.lines] == [None]
    assert [(each.field, each.line, each.readings) for each in reading.ambiguous] == [
        ("unit_price", 1, readings)
    ]


def test_a_line_that_proves_itself_says_what_it_was_read_from() -> None:
    line = quote("10 chairs @ 410 = 4,100.00").lines[0]
    assert (line.unit_price, line.quantity, line.read_from) == (
        Decimal(410),
        Decimal(10),
        "10 chairs @ 410 = 4,100.00",
    )


def test_arithmetic_that_is_wrong_proves_nothing() -> None:
    reading = quote("10 chairs @ 410 = 4,000.00")
    assert reading.lines == ()
    assert reading.unread


def test_a_currency_named_later_never_changes_an_earlier_price() -> None:
    reading = quote("1: 1180; 2: 22.50; 3: 3.20 EUR", lines=3)
    assert reading.currency is None
    assert [(each.field, each.readings) for each in reading.ambiguous] == [("currency", ("USD", "EUR"))]


def test_a_currency_named_first_holds_for_what_follows() -> None:
    reading = quote("1: 1180 EUR; 2: 22.50; 3: 3.20", lines=3)
    assert (reading.currency, reading.ambiguous) == ("EUR", ())


def test_dates_and_spans_say_what_they_were_read_from() -> None:
    reading = quote("450, delivery within 2 weeks, offer valid until 15 Jan 2027")
    assert reading.read_from == {
        "lead_time_days": "delivery within 2 weeks",
        "valid_until": "offer valid until 15 Jan 2027",
    }


def test_what_has_no_field_is_kept_in_the_vendors_words() -> None:
    reading = quote("450, MOQ 20, payment 30 days, 2 year warranty, delivery 10 days")
    assert (reading.lines[0].lead_time_days, reading.note) == (10, "MOQ 20; payment 30 days; 2 year warranty")


@pytest.mark.parametrize("kept", ["support 12 months", "rental 30 days"])
def test_days_of_something_else_are_kept_with_the_quote(kept: str) -> None:
    assert (quote(f"410, {kept}").note, quote(f"410, {kept}").lines[0].lead_time_days) == (kept, None)


def test_lines_in_any_order_are_found_by_their_names() -> None:
    reading = quote(
        "Cable 2 m 3.20\nLaptop 1180\nPaper 22.50",
        lines=3,
        items=["Laptop 14 inch", "Paper A4", "Network cable"],
    )
    assert {line.line: line.unit_price for line in reading.lines} == {
        1: 1180,
        2: Decimal("22.50"),
        3: Decimal("3.20"),
    }


def test_an_answer_under_quoted_text_belongs_to_the_line_that_is_quoted() -> None:
    reading = quote("> 2. 20 x Paper\n22.50\n> 1. 5 x Laptop\n1180", lines=3)
    assert {line.line: line.unit_price for line in reading.lines} == {1: 1180, 2: Decimal("22.50")}


@pytest.mark.parametrize(
    ("text", "locale"), [("we don't do chairs", "en"), ("Stühle nicht im Programm", "de")]
)
def test_a_decline_in_words_is_no_bid(text: str, locale: str) -> None:
    assert [line.answer.value for line in quote(text, locale).lines] == ["no_bid"]


@pytest.mark.parametrize("text", ["later", "next"])
def test_later_is_no_refusal(text: str) -> None:
    reading = quote(f"1: 5 5d; 2: {text}", lines=2)
    assert [line.line for line in reading.lines] == [1]
    assert reading.missing[:1] == ("line:2",)


@pytest.mark.parametrize(
    ("text", "price", "lead"),
    [("450 euro, consegna 10 giorni", 450, 10), ("389 EUR za sztukę, termin dostawy 10 dni", 389, 10)],
)
def test_a_text_in_another_language_than_the_persons_is_read_in_its_own(
    text: str, price: int, lead: int
) -> None:
    line = quote(text, "en").lines[0]
    assert (line.unit_price, line.lead_time_days) == (Decimal(price), lead)


def test_a_line_takes_less_than_five_milliseconds() -> None:
    def costs() -> list[float]:
        """Seconds of CPU, the mean of a line's reading as a quote and as a request."""
        found = []
        for case in ALL_LINES:
            begun = time.process_time()
            quote(case.text, case.locale, len(case.asked))
            parse_request(case.text, locale=case.locale, today=SUNDAY, currency="USD")
            found.append((time.process_time() - begun) / 2)
        return found

    costs()  # the tables are read once
    least = map(
        min, zip(costs(), costs(), strict=True)
    )  # what else runs on the machine slows one or the other
    assert sorted(least)[int(len(ALL_LINES) * 0.99)] < 0.005


def test_sixty_four_kilobytes_of_anything_are_answered_at_once() -> None:
    for text in ("450 " * 16_000, "x" * 64_000, "1\n" * 32_000, "до 5 декабря " * 5000):
        begun = time.process_time()
        quote(text)
        parse_request(text, locale="ru", today=SUNDAY, currency="USD")
        assert time.process_time() - begun < 0.05


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("189 but only in blue", "en"),
        ("Chair 189 USD zorkmids", "en"),
        ("179 € inkl. Aufbau", "de"),
        ("179 con montaje", "es"),
        ("179 с подъёмом", "ru"),
        ("179 مع التركيب", "ar"),
    ],
)
def test_a_word_that_nobody_knows_beside_a_price_makes_it_a_question(text: str, locale: str) -> None:
    reading = quote(text, locale, items=["Chair"])
    assert [line.unit_price for line in reading.lines] == [None]
    assert [each.field for each in reading.ambiguous] == ["unit_price"]


def test_a_word_in_another_clause_leaves_the_price_as_it_is() -> None:
    reading = quote("189 each. Our driver calls first")
    assert [line.unit_price for line in reading.lines] == [Decimal(189)]
    assert reading.unread


def test_the_items_own_words_and_numbers_are_accounted_for() -> None:
    reading = quote("Driver 40W - 9.10\nPanel 60x60 27.40", lines=2, items=["Driver 40W", "Panel 60x60"])
    assert {line.line: line.unit_price for line in reading.lines} == {1: Decimal("9.10"), 2: Decimal("27.40")}


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("2 chairs instead of the 3 we ordered", "chairs"),
        ("12 pens, boss wants them quick", "pens"),
        ("3 desks, 2nd floor needs them", "desks"),
        ("5 monitors, ideally from Dell", "monitors"),
        ("2 mugs - the old ones broke", "mugs"),
        ("w/c 14 December: 40 folding chairs", "folding chairs"),
        ("Hi team! Hope you are well :) Could we get 2 kettles? Thanks, Dana", "kettles"),
    ],
)
def test_vendors_read_the_item_and_nothing_that_was_said_beside_it(text: str, item: str) -> None:
    reading = parse_request(text, locale="en", today=SUNDAY, currency="USD")
    assert [line.description for line in reading.lines] == [item]
    assert reading.unread or reading.vendor


@pytest.mark.parametrize(
    "text", ["24 batteries (the shop is fine)", "2 bikes, second hand or nearly new", "4 L ethanol"]
)
def test_an_item_that_may_be_more_than_its_name_is_asked_with_what_was_read(text: str) -> None:
    reading = parse_request(text, locale="en", today=SUNDAY, currency="USD")
    assert [line.description for line in reading.lines] == [""]
    assert [(each.field, len(each.readings)) for each in reading.ambiguous] == [("description", 1)]
    assert "item" not in reading.missing


@pytest.mark.parametrize(
    ("text", "locale", "item", "place"),
    [
        ("6 chairs for the new meeting room", "en", "chairs", "the new meeting room"),
        ("2 Sessel fürs Büro", "de", "Sessel", "Büro"),
        ("Für die Teeküche brauchen wir 4 Wasserkocher", "de", "Wasserkocher", "die Teeküche"),
        ("4 sillas para la sala de juntas", "es", "sillas", "la sala de juntas"),
        ("2 tabourets pour l'atelier", "fr", "tabourets", "l'atelier"),
        ("3 scaffali al magazzino", "it", "scaffali", "magazzino"),
        ("2 cafeteiras para a copa", "pt", "cafeteiras", "a copa"),
        ("2 чайника на кухню", "ru", "чайника", "кухню"),
        ("5 ламп бухгалтерам", "ru", "ламп", "бухгалтерам"),
        ("4 крісла в приймальню", "uk", "крісла", "приймальню"),
        ("10 kasków na magazyn", "pl", "kasków", "magazyn"),
        ("2 czajniki do kuchni", "pl", "czajniki", "kuchni"),
        ("Toplantı odasına 6 sandalye", "tr", "sandalye", "Toplantı odasına"),
        ("3 كراسي لقاعة الاجتماعات", "ar", "كراسي", "لقاعة الاجتماعات"),
    ],
)
def test_a_place_of_the_company_is_no_word_of_the_item(text: str, locale: str, item: str, place: str) -> None:
    reading = parse_request(text, locale=locale, today=SUNDAY, currency="USD", cost_centres=["IT"])
    assert [line.description for line in reading.lines] == [item]
    assert reading.place == place


@pytest.mark.parametrize(
    ("text", "locale", "item"),
    [
        ("2 cases for iPhone", "en", "cases for iPhone"),
        ("5 szafek na akta", "pl", "szafek na akta"),
        ("3 sillas para oficina", "es", "sillas para oficina"),
        ("2 столика для офисной техники", "ru", None),
        ("4 toners for the office printer", "en", None),
    ],
)
def test_any_other_purpose_stays_in_the_item_or_is_asked(text: str, locale: str, item: str | None) -> None:
    reading = parse_request(text, locale=locale, today=SUNDAY, currency="USD", cost_centres=["IT"])
    assert [line.description or None for line in reading.lines] == [item]
    assert reading.place is None


@pytest.mark.parametrize("text", ["IT: 3 mice", "3 mice (IT)", "3 mice for the IT team", "3 mice IT, thanks"])
def test_a_known_cost_centre_that_stands_apart_is_no_word_of_the_item(text: str) -> None:
    reading = parse_request(text, locale="en", today=SUNDAY, currency="USD", cost_centres=["IT"])
    assert ([line.description for line in reading.lines], reading.cost_centre) == (["mice"], "IT")


def test_counts_that_stand_behind_are_read_in_a_list_that_shows_them() -> None:
    reading = parse_request(
        "Paper 10 packs\nStapler 2\nPens, qty 50", locale="en", today=SUNDAY, currency="USD"
    )
    assert [(line.description, line.quantity) for line in reading.lines] == [
        ("Paper", Decimal(10)),
        ("Stapler", Decimal(2)),
        ("Pens", Decimal(50)),
    ]


def test_two_lines_that_end_with_a_number_may_be_models() -> None:
    reading = parse_request("iPhone 15\nGalaxy 24", locale="en", today=SUNDAY, currency="USD")
    assert not any(line.quantity for line in reading.lines)


@pytest.mark.parametrize(
    ("text", "price", "lead", "shipping"),
    [
        ("340 / shipping 25 / 10 days", 340, 10, 25),
        ("340,00 / Versand 25", 340, None, 25),
        ("12.50 -> 10 days -> free shipping", Decimal("12.5"), 10, 0),
    ],
)
def test_what_stands_between_slashes_or_arrows_is_a_clause(
    text: str, price: Decimal, lead: int | None, shipping: int
) -> None:
    reading = quote(text, "de" if "Versand" in text else "en")
    assert [line.unit_price for line in reading.lines] == [price]
    assert (reading.lines[0].lead_time_days, reading.shipping) == (lead, Decimal(shipping))


@pytest.mark.parametrize("text", ["Saw 20\nHammer 35\nprices in EUR", "Saw 20\nHammer 35\nTotal 90.00 EUR"])
def test_a_currency_that_is_said_of_all_prices_holds_for_them(text: str) -> None:
    reading = quote(text, lines=2, items=["Saw", "Hammer"], quantities=[Decimal(1), Decimal(2)])
    assert (reading.currency, reading.ambiguous) == ("EUR", ())


def test_a_total_that_the_prices_do_not_come_to_says_nothing_of_their_currency() -> None:
    reading = quote(
        "Saw 20\nHammer 35\nTotal 95.00 EUR",
        lines=2,
        items=["Saw", "Hammer"],
        quantities=[Decimal(1), Decimal(2)],
    )
    assert [each.field for each in reading.ambiguous] == ["currency"]


@pytest.mark.parametrize(
    ("text", "locale", "items"),
    [
        ("chairs 95, sofas no", "en", ["Chairs", "Sofas"]),
        ("стулья 950, шкафов нет", "ru", ["Стулья", "Шкафы"]),
        ("sandalye 950, dolap yok", "tr", ["Sandalye", "Dolap"]),
    ],
)
def test_an_item_with_a_not_and_nothing_else_is_no_bid(text: str, locale: str, items: list[str]) -> None:
    reading = quote(text, locale, lines=2, items=items)
    assert [line.answer.value for line in reading.lines] == ["price", "no_bid"]


@pytest.mark.parametrize(
    ("text", "locale", "wished"),
    [
        ("bitte 3 Laptops bestellen", "de", True),
        ("3 laptop sipariş edelim", "tr", True),
        ("3 Laptops", "de", False),
        ("bitte 3 Laptops", "de", False),
    ],
)
def test_a_wish_may_stand_at_the_end(text: str, locale: str, wished: bool) -> None:
    assert opens_request(text, locale) is wished
