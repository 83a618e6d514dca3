"""A yes or a no in chat words, in five languages; what is neither stays neither."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.language import VerdictReading, read_verdict
from core.approvals.states import Verdict

YES = {
    "en": ("ok", "OK!", "Ok, thanks", "approved", "Approved. Thank you!", "yes please", "go ahead", "LGTM",
           "looks good to me", "fine by me", "no objections", "no problem", "👍", "yes, approved", "k"),
    "de": ("ok", "ja", "Genehmigt!", "ja, danke", "passt so", "in Ordnung", "keine Einwände", "kein Problem",
           "Einverstanden, vielen Dank", "geht klar", "ich stimme zu"),
    "es": ("sí", "Si", "vale, gracias", "aprobado", "de acuerdo", "adelante", "está bien", "sin problema"),
    "ru": ("да", "ок", "согласовано", "Одобряю!", "не возражаю", "хорошо, спасибо", "без проблем"),
    "ar": ("نعم", "موافق", "موافق، شكرا", "لا مانع", "تمت الموافقة", "لا بأس", "حسنًا"),
}  # fmt: skip
NO = {
    "en": (("no", ""), ("No, too dear", "too dear"), ("no too dear", "too dear"), ("nope - not this year",
           "not this year"), ("rejected: over budget", "over budget"), ("no. We have three already.",
           "We have three already."), ("not approved", ""), ("no – ask Vendor B, they are cheaper",
           "ask Vendor B, they are cheaper"), ("don't buy this", "this")),
    "de": (("nein", ""), ("Nein, zu teuer", "zu teuer"), ("nein zu teuer", "zu teuer"),
           ("abgelehnt, Budget ist aufgebraucht", "Budget ist aufgebraucht")),
    "es": (("no", ""), ("no, demasiado caro", "demasiado caro"), ("no es necesario", "es necesario"),
           ("rechazado: ya tenemos dos", "ya tenemos dos")),
    "ru": (("нет", ""), ("нет, слишком дорого", "слишком дорого"), ("не согласен, дорого", "дорого"),
           ("отклонено", "")),
    "ar": (("لا", ""), ("لا، غالي جدا", "غالي جدا"), ("مرفوض: السعر مرتفع", "السعر مرتفع")),
}  # fmt: skip
NEITHER = {
    "en": ("ok?", "ok but not this week", "is it approved?", "yes and no", "no idea", "no hurry", "who approved this",
           "approve REQ-104 when Bob is back", "", "  ", "not sure", "ok if cheaper", "I will look tomorrow",
           "yes" * 400, "don't know", "thanks", "please"),
    "de": ("ok, aber erst im Januar", "nein?", "keine Ahnung", "ja wenn es billiger wird", "danke"),
    "es": ("vale pero más tarde", "no sé", "gracias"),
    "ru": ("да, но позже", "не знаю", "спасибо"),
    "ar": ("موافق لكن لاحقا", "شكرا", "نعم؟"),
}  # fmt: skip


def cases(table: Mapping[str, tuple[object, ...]]) -> list[tuple[str, object]]:
    return [(locale, case) for locale, found in table.items() for case in found]


@pytest.mark.parametrize(("locale", "text"), cases(YES))
def test_a_yes_is_read_as_an_approval(locale: str, text: str) -> None:
    assert read_verdict(text, locale) == VerdictReading(Verdict.approve)


@pytest.mark.parametrize(("locale", "case"), cases(NO))
def test_a_no_is_read_as_a_rejection_with_its_reason(locale: str, case: tuple[str, str]) -> None:
    text, reason = case
    assert read_verdict(text, locale) == VerdictReading(Verdict.reject, reason)


@pytest.mark.parametrize(("locale", "text"), cases(NEITHER))
def test_a_question_a_condition_and_a_doubt_are_no_verdict(locale: str, text: str) -> None:
    assert read_verdict(text, locale) is None


def test_english_is_read_beside_the_persons_own_language() -> None:
    assert read_verdict("approved", "de") == VerdictReading(Verdict.approve)
    assert read_verdict("ja", "en") is None


@given(st.text(), st.sampled_from(["en", "de", "es", "ru", "ar", "xx", ""]))
def test_any_text_is_answered(text: str, locale: str) -> None:
    reading = read_verdict(text, locale)
    assert reading is None or len(reading.comment) <= len(text) * 3 + 8
