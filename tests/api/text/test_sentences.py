"""``say``: look-up, facts, plural forms and fallback."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from api.text import MissingPlaceholder, MissingTranslation, refusal, translate, translate_plural, zone_name


def test_sentence_in_the_persons_language() -> None:
    assert translate("buttons.approve", "en") == "Approve"
    assert translate("buttons.approve", "de") == "Genehmigen"


@pytest.mark.parametrize(
    ("locale", "shown"),
    [("de_AT", "Genehmigen"), ("de-CH", "Genehmigen"), ("fr", "Approve"), ("", "Approve")],
)
def test_region_and_unknown_language_fall_back(locale: str, shown: str) -> None:
    assert translate("buttons.approve", locale) == shown


def test_unknown_key_is_an_error() -> None:
    with pytest.raises(MissingTranslation, match=r"no\.such"):
        translate("no.such", "de")
    with pytest.raises(MissingTranslation):
        translate_plural("buttons.approve", 2, "de")


def test_missing_fact_is_an_error() -> None:
    with pytest.raises(MissingPlaceholder, match="day"):
        translate("errors.rates.missing", "en", currency="EUR")


def test_facts_are_written_as_the_locale_writes_them() -> None:
    sentence = translate("errors.rates.missing", "de", currency="EUR", day=date(2026, 12, 1))
    assert "zum 1. Dez. 2026 keinen" in sentence


def test_decimal_facts_are_formatted_and_times_need_a_zone() -> None:
    assert "1.234,5" in translate(
        "errors.orders.over_receipt", "de", line="Stuhl", ordered=Decimal("1234.5"), received=0, most=1
    )
    with pytest.raises(TypeError, match="moment"):
        translate("errors.too_large", "en", limit=datetime(2026, 1, 1, tzinfo=UTC))


def test_braces_in_a_fact_are_not_read_as_a_pattern() -> None:
    assert "{evil.__class__}" in translate("errors.too_large", "en", limit="{evil.__class__}")


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        (1, "Acme requests a quote for 1 item ·"),
        (2, "Acme requests a quote for 2 items ·"),
        (0, "Acme requests a quote for 0 items ·"),
    ],
)
def test_plural_forms(n: int, shown: str) -> None:
    assert translate_plural("cards.rfq_asks", n, "en", buyer="Acme", currency="USD").startswith(shown)


def test_refusal_is_told_with_our_words_translated() -> None:
    facts = {"what": "rfq", "state": "closed", "verb": "quote"}
    told = refusal("wrong_state", facts, "de")
    assert "Anfrage" in told
    assert "geschlossen" in told
    assert "anbieten" in told


def test_refusal_tells_how_long_ago_somebody_decided() -> None:
    facts = {"by": "Mona", "verb": "approve", "at": "2026-11-23T10:00:00+00:00"}
    now = datetime(2026, 11, 23, 10, 2, tzinfo=UTC)
    assert (
        refusal("approvals.decided", facts, "en", now=now)
        == "Already decided: Mona chose “approve” 2 minutes ago."
    )


def test_refusal_without_a_sentence_or_a_fact_still_tells_something() -> None:
    assert "no.such" in refusal("no.such", {}, "en")
    assert "rates.missing" in refusal("rates.missing", {"currency": "EUR"}, "de")


@pytest.mark.parametrize(
    ("locale", "seconds", "span"),
    [
        ("en", 3600, "1 hr"),
        ("en", 61, "2 min"),
        ("en", 1, "1 min"),
        ("de", 3600, "1 Std."),
        ("es", 3600, "1 h"),
        ("ru", 900, "15 мин"),
        ("ar", 900, "15"),
    ],
)
def test_a_wait_is_told_as_a_span_and_never_in_seconds(locale: str, seconds: int, span: str) -> None:
    told = refusal("rate_limited", {"retry_after": seconds}, locale)
    assert span in told
    assert str(seconds) not in told or seconds == 1


@pytest.mark.parametrize("locale", ["de", "es", "ru", "ar"])
@pytest.mark.parametrize("why", ["outdated", "expired", "rfq open", "withdrawn", "rfq cancelled"])
def test_why_a_quote_cannot_be_proposed_is_no_code(locale: str, why: str) -> None:
    told = refusal("quotes.not_eligible", {"number": "Q-1", "why": why}, locale)
    assert not any(word in told for word in why.split())


def test_a_time_zone_is_named_by_its_city() -> None:
    assert [zone_name("Europe/Berlin", locale) for locale in ("en", "es", "ru")] == [
        "Berlin",
        "Berlín",
        "Берлин",
    ]
