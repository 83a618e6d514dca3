"""The week's figures on a digest: what they say, one line for each question."""

from collections.abc import Sequence
from dataclasses import replace

from api.text import translate
from bots.cards.card import Card
from bots.cards.viewer import Viewer


def with_figures(card: Card | None, sentences: Sequence[str], viewer: Viewer) -> Card:
    """The digest with the figures behind what waits; alone when nothing waits."""
    title = translate("digest.figures", viewer.locale)
    if card is None:
        return Card(title, facts=tuple(sentences), silent=True, locale=viewer.locale)
    return replace(card, facts=(*card.facts, title, *sentences))
