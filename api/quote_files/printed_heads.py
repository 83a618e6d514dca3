"""The heads of the columns on a page: where each kind of number stands.

One rule: a line is one of heads when it names a price or an amount and two other columns.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import dropwhile

from api.quote_files.figures import currency_word
from api.quote_files.labels import head_at
from api.quote_files.page_words import PrintedLine, Word
from api.quote_files.proofs import Columns, nearest
from api.quote_files.written_units import span_unit

FEWEST = 3
_BASIS = re.compile(r"\b(10|100|1000)\b")


class PrintedHeads:
    """The heads of a document: a page's own, else the last before it."""

    def __init__(self, lines: Sequence[PrintedLine]) -> None:
        found = ((line, _columns(line)) for line in lines)
        self._heads = [(line, columns) for line, columns in found if columns]

    @property
    def currencies(self) -> list[str]:
        return [code for line, _ in self._heads for word in line.words if (code := currency_word(word.text))]

    @property
    def are_gross(self) -> bool:
        """Whether the only prices that they name include VAT."""
        named = {kind for _, columns in self._heads for kind in columns}
        return bool(named & {"gross", "gross_amount"}) and not named & {"price", "amount"}

    def is_head(self, line: PrintedLine) -> bool:
        return any(line is head for head, _ in self._heads)

    def of(self, line: PrintedLine) -> Columns:
        """The columns that a line stands under."""
        above = [
            columns
            for head, columns in self._heads
            if head.page < line.page or (head.page == line.page and head.bottom <= line.bottom)
        ]
        return above[-1] if above else {}

    def position(self, line: PrintedLine, used: Sequence[Word]) -> Word | None:
        """The number of the line: under its head, or the whole number at the edge where reading begins."""
        columns = self.of(line)
        free = [word for word in line.words if word not in used and _is_whole(word)]
        if "line" in columns:
            return next((word for word in free if nearest(word, columns) == "line"), None)
        first = line.words[-1] if is_right_to_left(line) else line.words[0]
        return first if first in free else None

    def days(self, line: PrintedLine, used: Sequence[Word]) -> list[Word]:
        """How long a delivery takes, where a column says it: ``14``, ``2 weeks``."""
        words = line.words[::-1] if is_right_to_left(line) else line.words
        below = [word for word in words if word not in used and self._is_below("days", word, line)]
        return list(dropwhile(lambda word: not _is_whole(word), below))

    def unit(self, line: PrintedLine) -> str:
        """What a column says that the quantity counts; empty without one."""
        return " ".join(
            word.text for word in line.words if word.text.isalpha() and self._is_below("unit", word, line)
        )

    def _is_below(self, kind: str, word: Word, line: PrintedLine) -> bool:
        columns = self.of(line)
        return kind in columns and nearest(word, columns) == kind


def _is_whole(word: Word) -> bool:
    return word.text.rstrip(".)").isdecimal() and len(word.text) <= 5


def is_right_to_left(line: PrintedLine) -> bool:
    letters = [unicodedata.bidirectional(sign) for word in line.words for sign in word.text if sign.isalpha()]
    return sum(each in ("R", "AL") for each in letters) > len(letters) / 2


def _columns(line: PrintedLine) -> Columns:
    """Where each head of this line stands; empty when it is no line of heads."""
    words = line.words[::-1] if is_right_to_left(line) else line.words
    texts = [word.text for word in words]
    found: dict[str, tuple[float, float]] = {}
    at = 0
    while at < len(words):
        head = head_at(texts, at)
        if head is None:
            at += 1
            continue
        kind, after = head
        edges = words[at:after]
        at = after
        if kind == "days" and span_unit(line.text):
            continue  # a number below it counts weeks
        found.setdefault(kind, (min(word.x0 for word in edges), max(word.x1 for word in edges)))
    if len(found) < FEWEST or not {"price", "amount", "gross", "gross_amount"} & set(found):
        return {}
    basis = _BASIS.search(line.text)
    return found | ({f"per {basis[1]}": (0.0, 0.0)} if basis else {})
