"""A section of figures as a chart: an SVG made of shapes and words, styled by class.

One rule: a chart shows nothing that its table does not say; what is told by colour is told by a pattern or a shape too.

The window is a full bar, the one before a hatched bar below it, P90 a line across. Weeks and months stand side by side,
everything else below each other. The drawing itself runs from left to right; for readers from the right it is mirrored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from xml.sax.saxutils import escape, quoteattr

from api.contract.analytics import FigureOut, SectionOut
from api.text import right_to_left
from api.text.analytics import figure_label, figure_value
from api.text.locales import POP_ISOLATE

WIDTH = 720
LABELS, VALUES = 240, 130
ROW, BAR, THIN = 40, 14, 8
COLUMNS = 200
MOST_LABEL = 28
MARGIN = 6
OTHERS = "others"
RIGHT_TO_LEFT_ISOLATE = "\u2067"
IN_COLUMNS = frozenset({"weeks", "months"})
_DRAWN = 0x530
"""The picture's font has Latin, Greek and Cyrillic letters, which stand below this."""


@dataclass(frozen=True)
class Chart:
    """``title`` is what it shows, ``finding`` what it says; ``plain``: only words that the picture's font has."""

    section: SectionOut
    title: str
    finding: str
    locale: str
    plain: bool = False

    @property
    def mirrored(self) -> bool:
        return right_to_left(self.locale) and not self.plain

    @property
    def rows(self) -> Sequence[FigureOut]:
        return self.section.rows

    @cached_property
    def most(self) -> Decimal:
        """The greatest value that is drawn; the sum of all others would make the rest tiny."""
        drawn = [row for row in self.rows if row.key != OTHERS]
        found = [each for row in drawn for each in (row.value, row.previous, row.p90) if each is not None]
        return max((abs(each) for each in found), default=Decimal(0)) or Decimal(1)

    def label(self, place: int, row: FigureOut) -> str:
        told = figure_label(self.section.name, row.key, row.label, self.locale)
        if self.plain and any(ord(sign) >= _DRAWN for sign in told):
            return f"{place}."
        return self._directed(told if len(told) <= MOST_LABEL else f"{told[: MOST_LABEL - 1]}…")

    def value(self, row: FigureOut) -> str:
        currency = self.section.currency or row.key
        told = figure_value(row.value, self.section.unit.value, currency, self.locale)
        return "" if self.plain and any(ord(sign) >= _DRAWN for sign in told) else self._directed(told)

    def _directed(self, told: str) -> str:
        """Words of readers from the right, in a drawing that runs from the left: a number before its unit."""
        return f"{RIGHT_TO_LEFT_ISOLATE}{told}{POP_ISOLATE}" if self.mirrored else told

    def share(self, value: Decimal | None, length: int) -> float:
        """How long a value is drawn; its sign is told by its words."""
        return 0 if value is None else round(min(1.0, float(abs(value) / self.most)) * length, 1)


def svg(chart: Chart) -> str:
    """The chart as one element, for a page or a picture."""
    upright = chart.section.name in IN_COLUMNS
    height = COLUMNS + 40 if upright else max(1, len(chart.rows)) * ROW + 8
    name = f"chart-{chart.section.name}"
    box = f"{-MARGIN} {-MARGIN} {WIDTH + 2 * MARGIN} {height + 2 * MARGIN}"
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="{box}" role="img"',
            f' direction="ltr" aria-labelledby="{name}-title {name}-desc">',
            f'<title id="{name}-title">{escape(chart.title)}</title>',
            f'<desc id="{name}-desc">{escape(chart.finding)}</desc>',
            f'<defs><pattern id="{name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse"',
            ' patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>',
            *(_columns(chart, f"{name}-hatch") if upright else _bars(chart, f"{name}-hatch")),
            "</svg>",
        )
    )


def _rect(kind: str, place: tuple[float, float], size: tuple[float, float], fill: str = "") -> str:
    where = f'x="{place[0]:g}" y="{place[1]:g}" width="{size[0]:g}" height="{size[1]:g}"'
    return f'<rect class="{kind}" {where}{f" fill={quoteattr(fill)}" if fill else ""}/>'


def _text(kind: str, at: tuple[float, float], words: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{at[0]:g}" y="{at[1]:g}" text-anchor="{anchor}">{escape(words)}</text>'


def _bars(chart: Chart, hatch: str) -> Iterator[str]:
    """One row each: its name, its bar with the bar of before, and its value at the far edge."""
    room = WIDTH - LABELS - VALUES

    def left(start: float, length: float = 0) -> float:
        return WIDTH - start - length if chart.mirrored else start

    far = "start" if chart.mirrored else "end"
    for place, row in enumerate(chart.rows, start=1):
        top = (place - 1) * ROW + 8
        yield _text("name", (left(LABELS - 10), top + 12), chart.label(place, row), far)
        yield _text("value", (left(WIDTH), top + 12), chart.value(row), far)
        if row.key == OTHERS:
            continue
        now, before = chart.share(row.value, room), chart.share(row.previous, room)
        yield _rect("now", (left(LABELS, now), top), (now, BAR))
        if row.previous is not None and not chart.section.now:
            yield _rect("before", (left(LABELS, before), top + BAR + 2), (before, THIN), f"url(#{hatch})")
        if row.p90 is not None:
            x = left(LABELS + chart.share(row.p90, room))
            yield f'<line class="p90" x1="{x:g}" y1="{top - 3:g}" x2="{x:g}" y2="{top + BAR + 3:g}"/>'


def _columns(chart: Chart, hatch: str) -> Iterator[str]:
    """Side by side; the first and the last have their name below, the greatest its value above."""
    count = max(1, len(chart.rows))
    step = WIDTH / count
    width = min(46.0, step * 0.7)
    peak = max(chart.rows, key=lambda row: row.value or Decimal(-1), default=None)
    yield f'<line class="axis" x1="0" y1="{COLUMNS + 16}" x2="{WIDTH}" y2="{COLUMNS + 16}"/>'
    for place, row in enumerate(chart.rows, start=1):
        index = count - place if chart.mirrored else place - 1
        x = index * step + (step - width) / 2
        tall = chart.share(row.value, COLUMNS - 20)
        if row.value is None:
            middle = x + width / 2
            yield f'<circle class="few" cx="{middle:g}" cy="{COLUMNS + 10}" r="3"/>'
        yield _rect("now", (x, COLUMNS + 16 - tall), (width, tall))
        if row.p90 is not None:
            y = COLUMNS + 16 - chart.share(row.p90, COLUMNS - 20)
            yield f'<line class="p90" x1="{x:g}" y1="{y:g}" x2="{x + width:g}" y2="{y:g}"/>'
        if place in (1, count):
            anchor = "middle" if count < 8 else ("start" if index == 0 else "end")
            at = x + width / 2 if count < 8 else (0 if index == 0 else WIDTH)
            yield _text("name", (at, COLUMNS + 34), chart.label(place, row), anchor)
        if row is peak and row.value is not None:
            at = min(max(x + width / 2, 60), WIDTH - 60)
            yield _text("value", (at, COLUMNS + 10 - tall), chart.value(row), "middle")
