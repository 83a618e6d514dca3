"""The months of an item as a chart: an SVG made of shapes and words, styled by class.

One rule: a chart shows nothing that the table beside it does not say.

Past months are full bars; the next month is an outline up to the middle of its range, with a line at the high end.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from babel.dates import format_date

from api.contract.demand import DemandDetailsOut, QuantityRangeOut
from api.text import number, right_to_left, translate
from api.text.locales import babel_locale

WIDTH, TALL, FOOT, MARGIN = 720, 180, 40, 6
AHEAD_SHARE = 1.6
"""How much wider than a past month the one ahead stands."""


def svg(details: DemandDetailsOut, locale: str) -> str:
    """The chart as one element."""
    title = translate("demand.column.months", locale)
    box = f"{-MARGIN} {-MARGIN} {WIDTH + 2 * MARGIN} {TALL + FOOT + 2 * MARGIN}"
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="{box}" role="img"',
            ' direction="ltr" aria-labelledby="chart-demand-title chart-demand-desc">',
            f'<title id="chart-demand-title">{escape(details.item.name)}: {escape(title)}</title>',
            f'<desc id="chart-demand-desc">{escape(details.item.sentence)}</desc>',
            *_drawn(details, locale),
            "</svg>",
        )
    )


def _drawn(details: DemandDetailsOut, locale: str) -> Iterator[str]:
    values = [float(each.quantity) for each in details.months]
    ahead = details.item.month
    tops = [*values, float(ahead.high) if ahead is not None else 0.0]
    most = max(tops, default=0.0) or 1.0
    step = WIDTH / (len(values) + (AHEAD_SHARE if ahead is not None else 0))
    mirrored = right_to_left(locale)

    def left(start: float, length: float) -> float:
        return WIDTH - start - length if mirrored else start

    yield f'<line class="axis" x1="0" y1="{TALL}" x2="{WIDTH}" y2="{TALL}"/>'
    for place, value in enumerate(values):
        height, width = round(value / most * (TALL - 24), 1), step * 0.7
        x = left(place * step + step * 0.15, width)
        yield f'<rect class="now" x="{x:g}" y="{TALL - height:g}" width="{width:g}" height="{height:g}"/>'
        if value == max(values) and value > 0 and place == values.index(value):
            yield _words(
                "value", x + width / 2, TALL - height - 6, number(details.months[place].quantity, locale)
            )
    if ahead is not None:
        width = step * AHEAD_SHARE * 0.7
        x = left(len(values) * step + step * AHEAD_SHARE * 0.15, width)
        yield from _range(ahead, x, width, most)
    yield from _months(details, step, locale, mirrored=mirrored)


def _range(ahead: QuantityRangeOut, x: float, width: float, most: float) -> Iterator[str]:
    """What is ahead: an outline up to the middle, and a line at the high end."""
    height = round(float(ahead.middle) / most * (TALL - 24), 1)
    high = TALL - round(float(ahead.high) / most * (TALL - 24), 1)
    yield f'<rect class="ahead" x="{x:g}" y="{TALL - height:g}" width="{width:g}" height="{height:g}"/>'
    yield f'<line class="p90" x1="{x:g}" y1="{high:g}" x2="{x + width:g}" y2="{high:g}"/>'


def _months(details: DemandDetailsOut, step: float, locale: str, *, mirrored: bool) -> Iterator[str]:
    """The first month and the last under their bars, and what stands ahead."""
    count = len(details.months)
    for place, anchor in ((0, "start"), (count - 1, "middle")):
        at = place * step + (0 if place == 0 else step / 2)
        told = format_date(details.months[place].month, "MMM y", locale=babel_locale(locale))
        yield _words(
            "name", WIDTH - at if mirrored else at, TALL + 20, told, _turned(anchor, mirrored=mirrored)
        )
    if details.item.month is not None:
        at = 0 if mirrored else WIDTH
        anchor = _turned("end", mirrored=mirrored)
        yield _words("name", at, TALL + 36, translate("demand.column.month", locale), anchor)


def _turned(anchor: str, *, mirrored: bool) -> str:
    turned = {"start": "end", "end": "start"}
    return turned.get(anchor, anchor) if mirrored else anchor


def _words(kind: str, x: float, y: float, told: str, anchor: str = "middle") -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(told)}</text>'
