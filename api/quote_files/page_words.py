"""The printed lines of a page: its words from left to right, with groups of digits joined to numbers.

One rule: digits are one number only when the gap between them is as narrow as a space: under 0.45 of the type size.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from api.quote_files.figures import WrittenNumber, currency_in, figure
from api.quote_files.model import Box

JOINED_GAP = 0.45
"""Of the type size; a column apart, ``40`` and ``856,00`` are two numbers."""
SAME_LINE = 0.5
"""Of the type size: how far apart the middles of words of one line are at most."""
_GROUP_BEFORE = re.compile(r"^\D{0,4}\d{1,3}(?:[ .,’'\u00a0\u202f]\d{3})*$")
_GROUP = re.compile(r"^\d{3}(?:[.,]\d+)?\D{0,4}$")


@dataclass(frozen=True)
class Word:
    """Edges in points from the page's left upper corner; ``size`` is that of the type."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float

    def with_next(self, other: "Word", between: str) -> "Word":
        return Word(
            self.text + between + other.text,
            self.x0,
            other.x1,
            min(self.top, other.top),
            max(self.bottom, other.bottom),
            self.size,
        )

    @cached_property
    def figure(self) -> WrittenNumber | None:
        return figure(self.text)


@dataclass(frozen=True)
class PageWords:
    """All words of a page; width and height in points."""

    words: tuple[Word, ...]
    width: float
    height: float


@dataclass
class PrintedLine:
    """One line of a page, ``page`` counted from 1."""

    page: int
    words: list[Word] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def size(self) -> float:
        return max(word.size for word in self.words)

    @cached_property
    def numbers(self) -> list[Word]:
        return [word for word in self.words if word.figure is not None]


def box_of(words: Sequence[Word], page: int, of: PageWords) -> Box:
    """The smallest box around these words, within the page."""

    def part(value: float, whole: float) -> float:
        return round(min(1.0, max(0.0, value / whole)), 4)

    return Box(
        page=page,
        left=part(min(word.x0 for word in words), of.width),
        right=part(max(word.x1 for word in words), of.width),
        top=part(min(word.top for word in words), of.height),
        bottom=part(max(word.bottom for word in words), of.height),
    )


def printed_lines(page: int, of: PageWords) -> list[PrintedLine]:
    """The lines from top to bottom, each from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(of.words, key=lambda each: (each.top + each.bottom, each.x0)):
        middle = (word.top + word.bottom) / 2
        last = lines[-1][-1] if lines else None
        if last is not None and abs(middle - (last.top + last.bottom) / 2) <= SAME_LINE * min(
            last.size, word.size
        ):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [PrintedLine(page, list(_joined(sorted(line, key=lambda each: each.x0)))) for line in lines]


def _joined(words: Sequence[Word]) -> Iterator[Word]:
    """Numbers with their groups, their currency and their percent sign."""
    held: Word | None = None
    for word in words:
        if held is None:
            held = word
            continue
        between = _between(held, word)
        if between is None:
            yield held
            held = word
        else:
            held = held.with_next(word, between)
    if held is not None:
        yield held


def _between(word: Word, after: Word) -> str | None:
    """What stands between two words that are one number; None for words that are not."""
    if after.x0 - word.x1 >= JOINED_GAP * max(word.size, after.size):
        return None
    if _GROUP_BEFORE.match(word.text) and _GROUP.match(after.text):
        return " "
    if word.text[-1:].isdigit() and (after.text == "%" or currency_in(after.text)):
        return " "
    if currency_in(word.text) and after.text[:1].isdigit() and figure(after.text) is not None:
        return " "
    return None
