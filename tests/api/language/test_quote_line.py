"""The quote line: whole quotes, answers to one line, and what must be asked back."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from api.language import ParseIssue, QuoteAnswer, QuoteLineReading, QuoteReading, parse_quote
from tests.api.language.phrasings import TODAY
from tests.api.language.quote_phrasings import QUOTED, QuotePhrasing, shown

JUNE = date(2027, 6, 30)


def read(text: str, locale: str = "en", lines: int = 1, **more: object) -> QuoteReading:
    settings: dict[str, object] = {"quantities": [Decimal(10)] * lines, "currency": "USD", **more}
    return parse_quote(text, locale=locale, today=TODAY, lines=lines, **settings)  # type: ignore[arg-type]


def asked(reading: QuoteReading) -> list[tuple[str, int | None, tuple[str, ...]]]:
    return [(each.field, each.line, each.readings) for each in reading.ambiguous]


SAME_QUOTE = [
    ("en", "450 x 10, 5 days, till 30 June"),
    ("en", "450 × 10 5d until June 30"),
    ("en", "10 x 450, 5d, valid until 2027-06-30"),
    ("en", "450.00 usd x 10, lead time 5 days, valid till 30 June 2027"),
    ("en", "@450 each in 5 days valid to 30th of June"),
    ("en", "$450, delivery in 5 days, till 30 June"),
    ("en", "1: 450 5d; till 30 June"),
    ("en", "line 1: 450, 5 d, until 30 June"),
    ("en", "usd 450 within 5 days good until 30 June"),
    ("de", "450 x 10, 5 Tage, bis 30. Juni"),
    ("de", "450,00 USD je Stück, Lieferzeit 5 Tage, gültig bis 30.06.2027"),
    ("de", "450,- lieferbar in 5 Tagen, gültig bis zum 30. Juni"),
    ("de", "Pos. 1: 450 5 Tage bis 30.6."),
    ("de", "10 × 450,00 Lieferung in 5 Tagen bis 30. Juni 2027"),
    ("de", "450 Lieferzeit: 5 bis 30.6.27"),
    ("de", "450 5T gültig bis 30. Juni"),
    ("es", "450 x 10, 5 días, hasta el 30 de junio"),
    ("es", "450,00 plazo de entrega 5 días, válido hasta el 30/06/2027"),
    ("es", "10 x 450 entrega en 5 días válida hasta 30 de junio de 2027"),
    ("es", "línea 1: 450 USD cada uno, 5 días, hasta 30 junio"),
    ("es", "450 plazo 5 hasta el 30 de junio"),
    ("ru", "450 x 10, 5 дней, до 30 июня"),
    ("ru", "450 х 10, 5 дней, до 30.06.2027"),
    ("ru", "450,00 за штуку, срок поставки 5 дней, действует до 30 июня"),
    ("ru", "10 × 450 через 5 дней до 30 июня 2027 г."),
    ("ru", "строка 1: 450 USD 5 дн до 30 июня"),
    ("ru", "450 срок 5 дней в силе до 30 июня"),
    ("en", "450 5 days valid until 30 June, please"),
    ("de", "bitte 450, in 5 Tagen, bis 30. Juni"),
    ("es", "450, dentro de 5 días, vigente hasta 30 de junio"),
]


@pytest.mark.parametrize(("locale", "text"), SAME_QUOTE)
def test_thirty_phrasings_give_the_same_quote(locale: str, text: str) -> None:
    reading = read(text, locale)
    line = reading.lines[0]
    assert (line.line, line.answer, line.unit_price, line.lead_time_days) == (
        1,
        QuoteAnswer.price,
        Decimal(450),
        5,
    )
    assert (reading.lead_time_days, reading.valid_until, reading.currency) == (5, JUNE, "USD")
    assert (reading.unread, reading.ambiguous, reading.missing) == ((), (), ())


@pytest.mark.parametrize("quoted", QUOTED, ids=str)
def test_phrasing_gives_its_fields(quoted: QuotePhrasing) -> None:
    reading = read(quoted.text, quoted.locale, lines=quoted.lines)
    assert shown(reading) == quoted.told()
    assert reading.ambiguous == ()


def test_every_language_has_its_phrasings() -> None:
    counted = Counter(quoted.locale[:2] for quoted in QUOTED)
    assert counted == {"en": 20, "de": 16, "es": 16, "ru": 16, "ar": 5}


def test_whole_quote_in_one_message() -> None:
    reading = read("1: 1180 10d; 2: 45 3d; 3: no", lines=3)
    assert [
        (line.line, line.answer.value, line.unit_price, line.lead_time_days) for line in reading.lines
    ] == [
        (1, "price", 1180, 10),
        (2, "price", 45, 3),
        (3, "no_bid", None, None),
    ]
    assert reading.missing == ("valid_until",)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "1) 1,180.50 10d, 2) 45 3d, 3) no bid, shipping 40, till 30 June, note: with setup"),
        (
            "de",
            "1: 1.180,50 10 Tage\n2: 45 3 Tage\n3: kein Angebot\nVersand 40\ngültig bis 30. Juni\nNotiz: with setup",
        ),
        (
            "es",
            "1: 1.180,50 10 días; 2: 45 3 días; 3: sin oferta; envío 40; hasta el 30 de junio; nota: with setup",
        ),
        ("ru", "1: 1 180,50 10 дней; 2: 45 3 дня; 3: нет; доставка 40; до 30 июня; примечание: with setup"),
    ],
)
def test_whole_quote_with_everything(locale: str, text: str) -> None:
    reading = read(text, locale, lines=3)
    assert [line.unit_price for line in reading.lines] == [Decimal("1180.50"), Decimal(45), None]
    assert [line.lead_time_days for line in reading.lines] == [10, 3, None]
    assert (reading.shipping, reading.valid_until, reading.note) == (Decimal(40), JUNE, "with setup")
    assert (reading.unread, reading.ambiguous, reading.missing) == ((), (), ())


@pytest.mark.parametrize(
    ("locale", "word", "answer"),
    [
        *[("en", word, QuoteAnswer.no_bid) for word in ("no", "No bid", "no quote", "-")],
        *[("de", word, QuoteAnswer.no_bid) for word in ("nein", "kein Angebot", "no")],
        *[("es", word, QuoteAnswer.no_bid) for word in ("no", "sin oferta")],
        *[("ru", word, QuoteAnswer.no_bid) for word in ("нет", "не предлагаем")],
        *[
            (locale, word, QuoteAnswer.skip)
            for locale, word in (("en", "skip"), ("de", "überspringen"), ("ru", "пропустить"))
        ],
        *[
            (locale, word, QuoteAnswer.same)
            for locale, word in (("en", "same"), ("de", "gleich"), ("es", "igual"), ("ru", "то же"))
        ],
    ],
)
def test_single_word_answers(locale: str, word: str, answer: QuoteAnswer) -> None:
    reading = read(word, locale, lines=3, line=2)
    assert [(line.line, line.answer, line.unit_price) for line in reading.lines] == [(2, answer, None)]
    assert reading.unread == ()


def test_same_repeats_the_previous_answer() -> None:
    previous = QuoteLineReading(line=1, unit_price=Decimal(45), lead_time_days=3)
    line = read("same", lines=3, line=2, previous=previous).lines[0]
    assert (line.unit_price, line.lead_time_days) == (Decimal(45), 3)


@pytest.mark.parametrize(
    ("text", "shipping"),
    [
        ("1180 +40 ship", 40),
        ("1180, shipping 40", 40),
        ("40 shipping, 1180", 40),
        ("1180 free shipping", 0),
        ("1180 shipping included", 0),
    ],
)
def test_shipping(text: str, shipping: int) -> None:
    reading = read(text)
    assert (reading.shipping, reading.lines[0].unit_price, reading.unread) == (
        Decimal(shipping),
        Decimal(1180),
        (),
    )


def test_price_without_a_line_is_asked_when_there_are_several() -> None:
    reading = read("1180 10d", lines=3)
    assert reading.lines == ()
    assert asked(reading) == [("line", None, ("1", "2", "3"))]


def test_answer_to_the_asked_line() -> None:
    reading = read("1180 usd 10d", lines=3, line=2)
    assert [(line.line, line.unit_price, line.lead_time_days) for line in reading.lines] == [
        (2, Decimal(1180), 10)
    ]
    assert reading.missing == ()


@pytest.mark.parametrize(
    ("locale", "text", "question"),
    [
        ("de", "1,180 10 Tage", ("unit_price", 1, ("1180", "1.18"))),
        ("en", "12,50", ("unit_price", 1, ("12.5", "1250"))),
        ("en", "450 x 7", ("unit_price", 1, ("450", "7"))),
        ("en", "1180 10-14 days", ("lead_time_days", 1, ("10", "14"))),
        ("en", "1180 10 working days", ("lead_time_days", 1, ("10", "14"))),
        ("en", "1180 8 working days", ("lead_time_days", 1, ("8", "12"))),
        ("de", "1180, Lieferzeit 3-4 Wochen", ("lead_time_days", 1, ("21", "28"))),
        (
            "en",
            "1180, delivered by 11 December",
            ("lead_time_days", 1, (str((date(2026, 12, 11) - TODAY).days),)),
        ),
        ("en", "1180 till 12/01/2026", ("valid_until", None, ("2026-01-12", "2026-12-01"))),
        ("en", "1: 1180; 1: 1190", ("unit_price", 1, ("1180", "1190"))),
    ],
)
def test_ambiguous_values_are_asked_and_not_stored(
    locale: str, text: str, question: tuple[str, int | None, tuple[str, ...]]
) -> None:
    reading = read(text, locale)
    assert asked(reading) == [question]
    line = reading.lines[0]
    stored = {
        "unit_price": line.unit_price,
        "lead_time_days": line.lead_time_days,
        "valid_until": reading.valid_until,
    }
    assert stored[question[0]] is None


@pytest.mark.parametrize(
    ("locale", "text", "days"),
    [
        ("fr", "1180, livré sous 48 h", 2),
        ("pl", "1180, jutro u was", 1),
        ("en", "1180, ships 11 December", None),
        ("en", "1180, ships within 48 hours", None),
    ],
)
def test_a_lead_time_is_when_the_goods_are_there_at_the_latest(
    locale: str, text: str, days: int | None
) -> None:
    assert read(text, locale).lines[0].lead_time_days == days


@pytest.mark.parametrize(
    "text",
    [
        "-5",
        "total 4500 incl. VAT",
        "about 4500 total",
        "1e308",
        "NaN",
        "9" * 40,
        "2: 5",
        "0: 5",
        "hello there",
    ],
)
def test_what_is_no_price_is_quoted_back(text: str) -> None:
    reading = read(text)
    assert reading.lines == ()
    assert reading.unread
    assert "line:1" in reading.missing


@pytest.mark.parametrize(
    ("locale", "text", "price", "source"),
    [
        ("en", "total 4500 for all 10, so 450 each", 450, "total 4500 for all 10, so 450 each"),
        ("fr", "quatre cent cinquante USD pièce", 450, "450 USD pièce"),
    ],
)
def test_a_price_that_follows_says_what_it_follows_from(
    locale: str, text: str, price: int, source: str
) -> None:
    line = read(text, locale).lines[0]
    assert (line.unit_price, line.read_from) == (Decimal(price), source)


@pytest.mark.parametrize(
    "text", ["total 4500 for all 10", "list price 500 USD, less 10%", "1-9: $480, 10-49: $450, 50+: $430"]
)
def test_a_price_that_has_to_be_worked_out_is_asked(text: str) -> None:
    reading = read(text)
    assert [line.unit_price for line in reading.lines] in ([], [None])
    assert asked(reading) == [("unit_price", 1, ("450",))]


def test_a_total_that_is_no_whole_number_of_cents_is_asked() -> None:
    assert asked(read("total 4500 for all 7", quantities=[Decimal(7)])) == [("unit_price", 1, ("642.86",))]


@pytest.mark.parametrize("text", ["total 4500", "4500 total"])
def test_a_total_of_nobody_knows_how_many_is_asked(text: str) -> None:
    assert asked(read(text)) == [("unit_price", 1, ("450",))]


def test_a_total_for_another_number_than_was_asked_for_gives_no_price() -> None:
    assert [line.unit_price for line in read("total 4501 for all 10", quantities=[Decimal(7)]).lines] in (
        [],
        [None],
    )


def test_words_around_a_price_are_quoted_back() -> None:
    reading = read("1180 firm, quick and fair")
    assert (reading.unread, reading.note) == (("quick", "fair"), "firm")


def test_long_text_is_refused_whole() -> None:
    refused = read("1180 " * 1000).refused
    assert refused is not None
    assert (refused.why, refused.limit) == (ParseIssue.too_long, 4000)
