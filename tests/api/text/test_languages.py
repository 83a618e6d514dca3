"""What each language must hold by itself: its plural forms, its address, its direction, the platforms' limits."""

import ast
import re
from decimal import Decimal
from gettext import c2py

import pytest
from babel.core import Locale

from api.text import SUPPORTED, fill_commands, isolate, placeholders, quantity, translate, translate_plural
from api.text.catalogues import read
from api.text.locales import FIRST_STRONG_ISOLATE, POP_ISOLATE
from tests.api.text.test_catalogues import CATALOGUES, SPEAKERS
from tests.architecture.source_files import sources, tree

OTHERS = tuple(locale for locale in SUPPORTED if locale != "en")
LABEL_LIMIT = 24
"""The narrowest of both platforms: a Slack modal's title; a longer Telegram label is cut on a telephone."""

LABELS = (
    "buttons.",
    "forms.close_order.",
    "forms.decline.",
    "forms.decline_change.",
    "forms.propose.",
    "forms.refuse_order.",
    "forms.reject.",
    "forms.withdraw.",
)
LABELS_BY_NAME = (
    "forms.change.keep",
    "forms.correct_rfq.note_button",
    "forms.receive.all",
    "forms.receive.none",
    "forms.receive.record",
    "forms.rfq.other_day",
    "forms.settings.off",
    "forms.split.cheaper",
    "forms.split.faster",
    "forms.split.leave_out",
)
PROMPTS = (".reason", ".sent")

INFORMAL = {
    "de": r"\b(du|dein\w*|dir|dich)\b",
    "es": r"\b(tú|tu|tus|te|ti|contigo|vosotros|vuestr\w+)\b",
    "ru": r"\b(ты|тебя|тебе|тобой|твой|твоя|твоё|твои|твоего|твоей)\b",
    "ar": r"\b(أنتَ|أنتِ|أنت)\b",
}
QUOTES = {"en": ("“", "”"), "de": ("„", "“"), "es": ("«", "»"), "ru": ("«", "»"), "ar": ("«", "»")}


def is_label(key: str) -> bool:
    return key in LABELS_BY_NAME or (key.startswith(LABELS) and not key.endswith(PROMPTS))


def said(sentence: str) -> str:
    """The words of a sentence without its placeholders."""
    return re.sub(r"\{[\w.]+\}", "", sentence)


@pytest.mark.parametrize("locale", SUPPORTED)
def test_every_plural_has_the_forms_of_its_language(locale: str) -> None:
    """The header's rule divides whole numbers as the common locale data divides them."""
    catalog = read(locale)
    form = c2py(re.sub(r"^\(|\)$", "", catalog.plural_expr))
    paired = {(Locale(locale).plural_form(n), form(n)) for n in range(300)}
    assert len(paired) == catalog.num_plurals == len({category for category, _ in paired})
    plurals = {message.id[0]: message.string for message in catalog if message.id and message.pluralizable}
    assert plurals
    assert [
        key
        for key, forms in plurals.items()
        if not isinstance(forms, list | tuple) or len(forms) != catalog.num_plurals
    ] == []


@pytest.mark.parametrize(
    ("locale", "counted"),
    [
        ("en", {0: "0 boxes", 1: "1 box", 2: "2 boxes"}),
        ("de", {1: "1 Karton", 5: "5 Kartons"}),
        ("es", {0: "0 cajas", 1: "1 caja", 21: "21 cajas"}),
        ("ru", {1: "1 коробка", 2: "2 коробки", 5: "5 коробок", 11: "11 коробок", 12: "12 коробок"}),
        ("ru", {21: "21 коробка", 22: "22 коробки", 25: "25 коробок", 111: "111 коробок", 0: "0 коробок"}),
        ("ar", {0: "0 صندوق", 1: "1 صندوق", 2: "2 صندوق", 3: "3 صناديق", 10: "10 صناديق"}),
        ("ar", {11: "11 صندوقًا", 99: "99 صندوقًا", 100: "100 صندوق", 103: "103 صناديق"}),
    ],
)
def test_counted_units(locale: str, counted: dict[int, str]) -> None:
    told = {n: translate_plural("units.box", n, locale, value=n) for n in counted}
    assert {
        n: text.replace(FIRST_STRONG_ISOLATE, "").replace(POP_ISOLATE, "") for n, text in told.items()
    } == counted


@pytest.mark.parametrize(
    ("locale", "shown"),
    [("en", "2.5 boxes"), ("es", "2,5 cajas"), ("ru", "2,5 коробки"), ("ar", f"{isolate('2.5')} صندوق")],
)
def test_a_fraction_takes_its_own_form(locale: str, shown: str) -> None:
    assert quantity(Decimal("2.5"), "box", locale) == shown


@pytest.mark.parametrize("locale", SUPPORTED)
def test_labels_fit_and_are_one_line(locale: str) -> None:
    texts = CATALOGUES[locale]
    shown = {
        key: texts[key][0].replace("{line}", "12").replace("{open}", "12 345,5")
        for key in texts
        if is_label(key)
    }
    assert {key: text for key, text in shown.items() if len(text) > LABEL_LIMIT or "\n" in text} == {}


def test_every_key_on_a_button_is_known_as_a_label() -> None:
    pressed = set()
    for path in sources(*SPEAKERS):
        for node in ast.walk(tree(path)):
            name = (
                node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
            )
            if (
                name == "button"
                and isinstance(node, ast.Call)
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                pressed.add(str(node.args[0].value))
    assert [key for key in sorted(pressed & set(CATALOGUES["en"])) if not is_label(key)] == []


@pytest.mark.parametrize("locale", OTHERS)
def test_people_are_addressed_formally(locale: str) -> None:
    informal = re.compile(INFORMAL[locale], re.IGNORECASE)
    assert [
        key for key, texts in CATALOGUES[locale].items() if any(informal.search(said(text)) for text in texts)
    ] == []


@pytest.mark.parametrize("locale", SUPPORTED)
def test_quoted_words_stand_in_the_quotes_of_the_language(locale: str) -> None:
    foreign = set('“”„«»"') - set(QUOTES[locale])
    assert [
        key for key, texts in CATALOGUES[locale].items() if any(foreign & set(text) for text in texts)
    ] == []
    opening, closing = QUOTES[locale]
    assert [
        k for k, each in CATALOGUES[locale].items() if any(t.count(opening) != t.count(closing) for t in each)
    ] == []


@pytest.mark.parametrize("locale", OTHERS)
def test_nothing_is_left_in_english(locale: str) -> None:
    """A sentence of three words or more that equals the English one was never translated."""
    same = [
        key
        for key, texts in CATALOGUES[locale].items()
        if texts[0] == CATALOGUES["en"][key][0] and len(re.findall(r"[A-Za-z]{2,}", said(texts[0]))) > 2
    ]
    assert same == []


@pytest.mark.parametrize("locale", ["ru", "ar"])
def test_no_word_mixes_alphabets(locale: str) -> None:
    """A Latin ``a`` inside a Russian word looks right and is not found by a search."""
    mixed = re.compile(r"[A-Za-z](?=[^\W\d_a-zA-Z])|[^\W\d_a-zA-Z](?=[A-Za-z])")
    assert [
        key for key, texts in CATALOGUES[locale].items() if any(mixed.search(said(text)) for text in texts)
    ] == []


def test_latin_words_and_facts_are_isolated_in_arabic() -> None:
    told = fill_commands(translate("errors.not_found", "ar", what="x"))
    assert isolate("/status REQ-104") in told
    assert isolate("x") in told
    whole_quote = "quote RFQ-31 1: 1180 10d; 2: 45 3d; 3: no"
    assert isolate(f"/{whole_quote}") in fill_commands(translate("help.vendor", "ar"))
    assert isolate(f"/parley {whole_quote}") in fill_commands(translate("help.vendor", "ar"), "slack")
    assert FIRST_STRONG_ISOLATE not in translate("help.vendor", "es")


def test_every_arabic_sentence_closes_what_it_isolates() -> None:
    for key, texts in CATALOGUES["ar"].items():
        facts = dict.fromkeys(placeholders(texts[0]), "REQ-1")
        told = translate_plural(key, 3, "ar", **facts) if len(texts) > 1 else translate(key, "ar", **facts)
        told = fill_commands(told)
        bare = re.sub(f"{FIRST_STRONG_ISOLATE}[^{POP_ISOLATE}]*{POP_ISOLATE}", "", told)
        assert not re.search(r"[A-Za-z0-9⁨⁩]", bare), key
