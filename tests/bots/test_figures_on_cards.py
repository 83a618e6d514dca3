"""No figure of a method stands on a card without how many facts it rests on and since when: every language, both chats.

Each figure of the models here is ``FIGURE``, each count ``N``, and each window begins on ``SINCE``; so a line that
tells the one has to tell the others.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from html import unescape

import pytest

from api.contract.approvals import ApprovalOut, NotedFindingOut
from api.contract.awards import ComparisonOut
from api.contract.demand import DemandDetailsOut, DemandItemOut, DemandOut, QuantityRangeOut
from api.contract.findings import FindingOut
from api.contract.recommendations import BoughtBeforeOut, TieOut, WarnedOut, WhyOut
from api.contract.vendor_scores import HereOut, ScoredPartOut, ScorePart, VendorScoreOut
from api.text import SUPPORTED, day, number
from api.text.vendor_scores import in_full, warned_line
from bots.cards import demand
from bots.cards.card import Card
from bots.cards.drawing import CardKind, draw
from bots.cards.recommendations import bought_line, why_line
from bots.cards.viewer import Viewer
from bots.slack.render import blocks
from bots.telegram.render import as_html
from core.approvals.states import ApprovalState
from tests.bots.test_every_language import ME, filled

FIGURE, N = 63, 4711
SINCE, UNTIL = dt.date(1999, 5, 5), dt.date(2001, 7, 7)
PLACES = ("telegram", "slack")
COUNTED = {"n": N, "window_from": SINCE, "window_to": UNTIL}
FACTS = {"price": "63", "low": "62", "high": "64", "extra": "5", "currency": "EUR", "n": N}
PRICE = FACTS | {"since": SINCE.isoformat(), "item": "Laptop", "unit": "pcs", "vendor": "Alder"}


def part(name: ScorePart) -> ScoredPartOut:
    return ScoredPartOut(part=name, value=FIGURE, low=FIGURE - 2, high=FIGURE + 2, **COUNTED)


def score() -> VendorScoreOut:
    return VendorScoreOut(
        vendor_id=ME,
        vendor_name="Alder",
        total=part(ScorePart.total),
        parts=tuple(part(each) for each in ScorePart if each is not ScorePart.total),
        ranked=True,
        computed_at=dt.datetime(2001, 7, 8, tzinfo=dt.UTC),
        stale=True,
        run_id=ME,
        warned_below=70,
        here=HereOut(cost_centre="IT", **dict(part(ScorePart.on_time))),
    )


def item() -> DemandItemOut:
    spread = QuantityRangeOut(low=Decimal(9), middle=Decimal(FIGURE), high=Decimal(64), within=4, origins=4)
    changed = {"n": N, "window_from": SINCE, "window_to": UNTIL, "month": spread, "quarter": spread}
    outlook: DemandItemOut = filled(DemandItemOut, "値")
    return outlook.model_copy(update=changed | {"silent": None})


def cards(viewer: Viewer) -> Iterable[tuple[str, Card]]:
    """Every card that tells a score, a forecast or what looked unusual."""
    quote = filled(ComparisonOut, "値", many=1).quotes[0].model_copy(update={"score": score()})
    compared = filled(ComparisonOut, "値", many=1).model_copy(update={"sealed": False, "quotes": (quote,)})
    yield "comparison", draw(CardKind.comparison, compared, viewer)
    approval = filled(ApprovalOut, "値", many=1)
    noted = NotedFindingOut(id=ME, rule="price", facts=PRICE)
    facts = approval.facts.model_copy(update={"scores": (score(),), "findings": (noted,)})
    waiting = approval.model_copy(update={"state": ApprovalState.pending, "facts": facts})
    yield "approval", draw(CardKind.approval, waiting, viewer)
    found = filled(FindingOut, "値").model_copy(update={"rule": "price", "facts": PRICE})
    yield "finding", draw(CardKind.finding, found, viewer)
    yield "own score", Card("値", facts=in_full(score(), viewer.locale))


def forecasts(viewer: Viewer) -> Iterable[tuple[str, Card]]:
    details = filled(DemandDetailsOut, "値").model_copy(update={"item": item()})
    yield "item", demand.item_card(details, viewer)
    yield "items", demand.list_card(filled(DemandOut, "値").model_copy(update={"items": (item(),)}), viewer)


def suggestions(locale: str) -> Iterable[str]:
    """What a form says beside a vendor, and while somebody writes a request."""
    tie = TieOut(score=FIGURE, **COUNTED)
    why = WhyOut(here=2, cost_centre="IT", last_on=UNTIL, new_here=False, tie=tie, **COUNTED)
    yield why_line("Alder", why, locale)
    yield why_line("Alder", why.model_copy(update={"new_here": True}), locale)
    yield warned_line("Alder", WarnedOut(value=FIGURE, bound=70, **COUNTED), locale)
    told = filled(BoughtBeforeOut, "値").model_copy(update=COUNTED | {"last_price": Decimal(FIGURE)})
    yield bought_line(told, locale)
    yield bought_line(told.model_copy(update={"last_item": "另"}), locale)


def lines(card: Card, place: str) -> list[str]:
    """What the chat shows, line by line."""
    shown = re.sub("<[^>]+>", "", as_html(card)) if place == "telegram" else "\n".join(texts(blocks(card)))
    return unescape(shown).splitlines()


def texts(shown: object) -> Iterator[str]:
    """Every text in Slack's blocks."""
    if isinstance(shown, Mapping):
        yield from (value for name, value in shown.items() if name == "text" and isinstance(value, str))
        shown = list(shown.values())
    if isinstance(shown, list | tuple):
        for each in shown:
            yield from texts(each)


def tells_figure(line: str, locale: str) -> bool:
    return re.search(rf"(?<!\d){number(FIGURE, locale)}(?!\d)", line) is not None


def bare(line: str, locale: str) -> bool:
    """Whether it tells a figure without its n or its window."""
    since = day(SINCE, locale)
    return tells_figure(line, locale) and not (number(N, locale) in line and since in line)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("locale", SUPPORTED)
def test_no_card_tells_a_figure_without_n_and_window(locale: str, place: str) -> None:
    for name, card in cards(Viewer(ME, locale, "UTC", None)):
        shown = lines(card, place)
        assert any(tells_figure(line, locale) for line in shown), name
        assert [line for line in shown if bare(line, locale)] == [], name


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("locale", SUPPORTED)
def test_no_forecast_is_told_without_its_months_and_window(locale: str, place: str) -> None:
    for name, card in forecasts(Viewer(ME, locale, "UTC", None)):
        whole = "\n".join(lines(card, place))
        assert tells_figure(whole, locale), name
        assert str(N) in whole.replace(number(N, locale), str(N)), name
        assert day(SINCE, locale) in whole, name


@pytest.mark.parametrize("locale", SUPPORTED)
def test_no_suggestion_stands_without_n_and_window(locale: str) -> None:
    for line in suggestions(locale):
        assert number(N, locale) in line
        assert day(SINCE, locale) in line


def test_a_line_without_one_of_them_would_be_found() -> None:
    whole = f"Score {FIGURE} of 100; lines since {day(SINCE, 'en')}: {number(N, 'en')}."
    assert not bare(whole, "en")
    assert bare(whole.replace(number(N, "en"), "many"), "en")
    assert bare(whole.replace(day(SINCE, "en"), "long ago"), "en")
