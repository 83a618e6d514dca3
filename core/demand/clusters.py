"""Which texts name the same item: those of one unit whose trigrams are alike, and whose numbers and sizes are the same.

One rule: a text joins the item whose first text it is most like, or founds one; who came before is never moved.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

ALIKE = 0.6
SHORT_WORD = 2
"""Words this short, such as L and XL, tell things apart, as do words with a digit."""
ITEMS = UUID("00000000-0000-7000-8000-000000000041")


@dataclass(frozen=True)
class ItemText:
    """``words`` as the kernel normalises them; ``unit`` in lower case."""

    words: str
    unit: str


def trigrams(words: str) -> frozenset[str]:
    """Of each word with two blanks before it and one behind."""
    return frozenset(
        padded[at : at + 3]
        for padded in (f"  {word} " for word in words.split())
        for at in range(len(padded) - 2)
    )


def telling(words: str) -> frozenset[str]:
    """The words that must be the same: with a digit, or as short as a size."""
    return frozenset(
        word for word in words.split() if len(word) <= SHORT_WORD or any(sign.isdigit() for sign in word)
    )


def item_id(text: ItemText) -> UUID:
    """The id of the item that this text founds; the same in every installation."""
    return uuid5(ITEMS, f"{text.unit}\n{text.words}")


class Clusters:
    """The items so far, each with its first text."""

    def __init__(self, items: Iterable[tuple[UUID, ItemText]]) -> None:
        self._ids: list[UUID] = []
        self._grams: list[frozenset[str]] = []
        self._with_gram: dict[tuple[str, frozenset[str], str], list[int]] = defaultdict(list)
        for identity, text in items:
            self._found(identity, text)

    def item_of(self, text: ItemText) -> UUID:
        """The item that a new text names; the oldest of those that are equally alike."""
        grams = trigrams(text.words)
        shared: dict[int, int] = defaultdict(int)
        for gram in grams:
            for place in self._with_gram.get((text.unit, telling(text.words), gram), ()):
                shared[place] += 1
        best, most = None, ALIKE
        for place, count in sorted(shared.items()):
            alike = count / (len(grams) + len(self._grams[place]) - count)
            if alike > most or (best is None and alike >= most):
                best, most = place, alike
        return self._ids[best] if best is not None else self._found(item_id(text), text)

    def _found(self, identity: UUID, text: ItemText) -> UUID:
        place, grams, must = len(self._ids), trigrams(text.words), telling(text.words)
        self._ids.append(identity)
        self._grams.append(grams)
        for gram in grams:
            self._with_gram[text.unit, must, gram].append(place)
        return identity
