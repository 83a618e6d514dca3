"""The card of an approval says everything that is decided, on both platforms and in every language."""

import html
import re
from collections.abc import Iterator
from typing import Any

from api.text.locales import SUPPORTED
from bots.cards.approval_facts import MAX_LINES
from bots.cards.card import Card
from bots.cards.drawing import CardKind, draw
from bots.cards.viewer import Viewer
from bots.slack import render as slack
from bots.telegram import render as telegram
from core.approvals.states import ApprovalState
from tests.api.deciding import NOTE, REASON, WANTED, Decided
from tests.api.sourcing import Sourcing, sourcing

__all__ = ["sourcing"]


def on_telegram(card: Card) -> str:
    """What is read on Telegram, without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", telegram.as_html(card)))


def on_slack(card: Card) -> str:
    """What is read on Slack: all texts of its blocks."""
    return html.unescape("\n".join(_strings(slack.blocks(card))))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("type", "action_id", "value", "block_id"):
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def drawn(decided: Decided, locale: str = "en") -> Card:
    viewer = Viewer(decided.approval.requested_by, locale, "UTC", None)
    return draw(CardKind.approval, decided.approval, viewer)


async def test_the_card_says_everything_that_is_decided_on_both_platforms(sourcing: Sourcing) -> None:
    decided = await Decided.of(sourcing)
    card = drawn(decided)
    for told in (on_telegram(card), on_slack(card)):
        missing = {name: fact for name, fact in (await decided.facts()).items() if fact not in told}
        assert missing == {}, told


async def test_its_lines_are_folded_and_the_first_ones_have_their_prices(sourcing: Sourcing) -> None:
    decided = await Decided.of(sourcing)
    card = drawn(decided)
    rest = f"… and {len(WANTED) - MAX_LINES + 1} more"
    paid = f"last paid 1,100.00 USD ({sourcing.vendors[1].name}, {decided.earlier.order.number})"
    assert card.items[0] == f"1 × Laptop 14 inch · 11.00 USD each · {paid}"
    assert card.items[1:] == (*(f"1 × Part {each} · 11.00 USD each" for each in range(2, MAX_LINES)), rest)
    for told in (on_telegram(card), on_slack(card)):
        places = [told.index(each) for each in card.items]
        assert places == sorted(places)


async def test_it_says_the_same_in_every_language(sourcing: Sourcing) -> None:
    decided = await Decided.of(sourcing)
    plain = {NOTE, REASON, "drawing.pdf", decided.alike, decided.earlier.order.number, decided.request_number}
    heights = set()
    for locale in SUPPORTED:
        card = drawn(decided, locale)
        heights.add((len(card.facts), len(card.items)))
        for told in (on_telegram(card), on_slack(card)):
            bare = re.sub("[\u200e\u200f\u2066-\u2069]", "", told)
            assert [each for each in plain if each not in bare] == [], locale
    assert len(heights) == 1, "no language leaves a fact out"


async def test_a_decided_one_has_no_past_and_keeps_the_rest(sourcing: Sourcing) -> None:
    decided = await Decided.of(sourcing)
    facts = await decided.facts()
    past = {"on time", "similar", "similar and bought", "last price", "last order"}
    decided.approval = decided.approval.model_copy(update={"state": ApprovalState.approved})
    told = on_telegram(drawn(decided))
    assert {name for name, fact in facts.items() if fact not in told} == past
