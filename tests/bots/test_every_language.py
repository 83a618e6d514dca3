"""Every card in every language: no sentence hard-coded, nothing too long for the platform.

The pseudo-locale writes every catalogue sentence in full-width letters and Babel's words in Chinese; the facts
are Chinese too. A Latin word on a card then stands in the code itself.
"""

import datetime as dt
import re
import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from html import unescape
from itertools import product
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel

from api.contract.actions import ActionOut, ActionVerb, Needs
from api.contract.approvals import ApprovalOut
from api.contract.awards import ComparisonOut
from api.contract.findings import FindingOut
from api.contract.orders import OrderOut
from api.contract.requests import RequestOut
from api.contract.rfqs import RfqOut
from api.text import SUPPORTED, all_keys, translate, translate_plural, translation
from api.text.catalogues import Catalogue, catalogue
from api.text.translation import placeholders
from bots.cards.card import LABEL, Card
from bots.cards.drawing import CardKind, draw
from bots.cards.viewer import Viewer
from bots.telegram.render import as_html, keyboard

MODELS: dict[CardKind, type[BaseModel]] = {
    CardKind.request: RequestOut,
    CardKind.officer_request: RequestOut,
    CardKind.vendor_rfq: RfqOut,
    CardKind.comparison: ComparisonOut,
    CardKind.approval: ApprovalOut,
    CardKind.order: OrderOut,
    CardKind.vendor_order: OrderOut,
    CardKind.finding: FindingOut,
}
EVERY_ACTION = tuple(ActionOut(verb=verb, needs=Needs.nothing) for verb in ActionVerb)
READERS = ("staff", "vendor")
ME = UUID(int=7)
DAY = dt.datetime(2026, 12, 1, 17, tzinfo=dt.UTC)
FULL_WIDTH = {ord(char): ord(char) + 0xFEE0 for char in map(chr, range(0x21, 0x7F)) if char.isalpha()}
FACTS = {
    "price": "1180",
    "low": "1",
    "high": "2",
    "extra": "3",
    "currency": "EUR",
    "n": 5,
    "since": "2026-12-01",
}
"""Of a finding about a price."""
NOT_SENTENCES = {"EUR", "UTC", "kB"}
TELEGRAM_LIMIT = 4096


def filled(kind: typing.Any, text: str, name: str = "", many: int = 2) -> typing.Any:
    """A value of a contract's type: every text is ``text``, every list has ``many``, everybody is the reader."""
    if name == "actions":
        return EVERY_ACTION
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return filled(inner[0], text, name, many)
    if origin in (typing.Union, types.UnionType):
        return filled(next(each for each in inner if each is not type(None)), text, name, many)
    if origin is typing.Literal:
        return inner[0]
    if origin is dict:
        return FACTS | dict.fromkeys(("item", "unit", "vendor"), text)
    if origin is tuple:
        return tuple(filled(inner[0], text, name, many) for _ in range(many))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        kind.model_rebuild()
        values = {key: filled(each.annotation, text, key, many) for key, each in kind.model_fields.items()}
        return kind.model_construct(**values)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if kind is str:
        return "EUR" if "currency" in name else "pcs" if name == "unit" else text
    simple = {
        int: 3,
        bool: True,
        Decimal: Decimal("1234567.89"),
        UUID: ME,
        float: 0.5,
        dt.date: DAY.date(),
        dt.datetime: DAY,
    }
    simple |= {AwareDatetime: DAY, dict: {}, object: text}
    return simple[kind]


def cards(locale: str, text: str, many: int = 2) -> Iterator[tuple[str, Card]]:
    """Every card, in every state of its subject, with the buttons of every action."""
    for (kind, model), reader in product(MODELS.items(), READERS):
        whole = filled(model, text, many=many)
        viewer = Viewer(ME, locale, "UTC", ME if reader == "vendor" else None)
        state = getattr(whole, "state", None)
        states: list[Enum | None] = list(type(state)) if isinstance(state, Enum) else [None]
        for state in states:
            shown = whole.model_copy(update={"state": state}) if state else whole
            yield f"{kind} {state} {reader}", draw(kind, shown, viewer)


def texts(card: Card) -> Iterator[str]:
    yield from (card.title, *card.facts, *card.items, *card.history, card.more.replace("{n}", ""))
    yield from (button.label for row in card.buttons for button in row)
    if card.table:
        yield from card.table.head
        yield from (cell for row in card.table.rows for cell in row)


def test_no_card_says_a_sentence_that_no_catalogue_has(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pseudo(Catalogue):
        def one(self, key: str) -> str | None:
            return _pseudo(super().one(key))

        def many(self, key: str, n: int) -> str | None:
            return _pseudo(super().many(key, n))

    def pseudo(locale: str) -> Catalogue:
        of = catalogue(locale)
        return Pseudo(of.locale, of.keys, of.plural_keys, of.translations)

    monkeypatch.setattr(translation, "catalogue", pseudo)
    hard_coded = {
        word
        for _, card in cards("zh", "値")
        for text in texts(card)
        for word in re.findall("[A-Za-z]{2,}", text)
    }
    assert hard_coded <= NOT_SENTENCES


def test_a_step_that_is_called_as_a_role_is_told_as_the_role_in_the_readers_language() -> None:
    def waiting(step: str) -> str:
        approval = filled(ApprovalOut, "Stuhl", many=1)
        (place,) = approval.steps
        open_step = place.model_copy(update={"name": step, "state": type(place.state)("open")})
        change = {"state": type(approval.state)("pending"), "steps": (open_step,), "questions": ()}
        pending = approval.model_copy(update=change)
        return draw(CardKind.approval, pending, Viewer(ME, "de", "UTC", None)).title

    assert waiting("manager").endswith("wartet auf Führungskraft (1 von 1)")
    assert waiting("Werkleitung").endswith("wartet auf Werkleitung (1 von 1)")


def _pseudo(sentence: str | None) -> str | None:
    parts = re.split(r"(\{[\w.]+\})", sentence or "")
    told = "".join(part if part.startswith("{") else part.translate(FULL_WIDTH) for part in parts)
    return told if sentence else None


@pytest.mark.parametrize("locale", SUPPORTED)
def test_every_card_fits_when_everything_in_it_is_long(locale: str) -> None:
    long = "Ein sehr langer Name mit & und <Zeichen> " * 7
    for what, card in cards(locale, long, many=8):
        html = as_html(card)
        assert len(unescape(re.sub("<[^>]+>", "", html))) <= TELEGRAM_LIMIT, what
        drawn = keyboard(card)
        labels = [button.text for row in drawn.inline_keyboard for button in row] if drawn else []
        assert [label for label in labels if len(label) > LABEL] == [], what


@pytest.mark.parametrize("locale", SUPPORTED)
def test_every_sentence_fits_with_long_facts(locale: str) -> None:
    long = "ш" * 300
    for key in all_keys():
        plural = key in catalogue(locale).plural_keys
        raw = catalogue(locale).many(key, 5) if plural else catalogue(locale).one(key)
        facts = dict.fromkeys(placeholders(raw or ""), long)
        told = translate_plural(key, 5, locale, **facts) if plural else translate(key, locale, **facts)
        assert 0 < len(told) <= TELEGRAM_LIMIT, key
