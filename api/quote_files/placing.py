"""Which row of a vendor's file answers which line of the RFQ.

One rule: a row is placed by what it says itself, its key, its number, its words, its quantity, when they point to one
line and to no other; otherwise it is named and its line is asked.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from api.contract.file_quotes import GapKind
from api.language.tokenizer import clean
from api.quote_files.alternatives import Offered, offered_below, offered_beside
from api.quote_files.figures import meant
from api.quote_files.likeness import Likeness
from api.quote_files.model import Box, FileReading, FileRow, Gap, PageSize
from api.quote_files.written_units import is_other_unit, lead_days

MOST_SAID = 120


@dataclass(frozen=True)
class WantedLine:
    """A line of the RFQ."""

    id: UUID
    description: str
    quantity: Decimal
    unit: str = ""


@dataclass(frozen=True)
class PlacedLine:
    """What the file says of one line: a price for one, or no bid; without either a gap says why it is asked."""

    line_id: UUID
    unit_price: Decimal | None = None
    days: int | None = None
    no_bid: bool = False
    text: str = ""
    """The price as it is written, where that is asked about."""
    shown: str = ""
    box: Box | None = None
    price_box: Box | None = None
    instead: Offered | None = None
    nothing_instead: bool = False
    """The file has columns for an alternative, and they are empty."""


@dataclass(frozen=True)
class PlacedFile:
    """Everything that a file adds to the quote, and what it leaves open."""

    lines: tuple[PlacedLine, ...]
    currency: str
    shipping: Decimal | None
    gaps: tuple[Gap, ...]
    pages: tuple[PageSize, ...]


def place(reading: FileReading, asked: Sequence[WantedLine], currency: str) -> PlacedFile:
    """The rows at their lines; ``currency`` is the RFQ's, which a ``$`` may mean."""
    named = meant(reading.currency, currency)
    if not named:
        unclear = Gap(kind=GapKind.which_currency, facts={"sign": reading.currency})
        return PlacedFile((), currency, None, (*reading.gaps, unclear), reading.pages)
    if reading.refused:
        return PlacedFile((), currency, None, reading.gaps, reading.pages)
    rows = [row for row in reading.rows if not row.alternative]
    at = _lines_of(rows, asked)
    lines: list[PlacedLine] = []
    gaps = list(reading.gaps)
    for n, row in enumerate(rows):
        if n in at:
            line, more = _with_other(row, *_placed(row, asked[at[n]], at[n] + 1), at[n] + 1)
            lines.append(line)
            gaps += more
        elif row.prices or row.gap is not None:
            gaps.append(Gap(kind=GapKind.not_placed, facts={"row": (row.shown or row.item)[:MOST_SAID]}))
    below = offered_below(reading.rows, {n: asked[place].id for n, place in at.items()})
    lines = [_with(line, instead=line.instead or below.get(line.line_id)) for line in lines]
    missing = [n for n in range(len(asked)) if n not in at.values()]
    gaps += [_not_named(asked[n], n + 1) for n in missing]
    return PlacedFile(tuple(lines), named, reading.shipping, tuple(gaps), reading.pages)


def _not_named(line: WantedLine, number: int) -> Gap:
    return Gap(kind=GapKind.not_named, facts={"line": str(number), "item": line.description[:MOST_SAID]})


def _lines_of(rows: Sequence[FileRow], asked: Sequence[WantedLine]) -> dict[int, int]:
    """The position of each row's line, for rows that point to one; two rows for one line are none."""
    by_key = {str(line.id): n for n, line in enumerate(asked)}
    likeness = Likeness([row.item for row in rows], [line.description for line in asked])
    numbers = _numbers(rows)
    found: dict[int, int] = {}
    for n, row in enumerate(rows):
        place = by_key.get(row.key.lower())
        if place is None and not row.key:
            place = _pointed(n, rows, asked, likeness, numbers.get(n, 0) - 1)
        if place is not None:
            found[n] = place
    taken = Counter(found.values())
    return {n: place for n, place in found.items() if taken[place] == 1}


def _pointed(
    n: int, rows: Sequence[FileRow], asked: Sequence[WantedLine], likeness: Likeness, number: int
) -> int | None:
    """The line that a row's words name best, and that no other row names better; else the one of its number."""
    best, fits = likeness.best(n)
    alike = len(fits) > 1
    if alike:
        fits = [place for place in fits if _counts(rows[n], asked[place])] or fits
    if len(fits) > 1:
        fits = [place for place in fits if place == number] or fits
    if len(fits) == 1:
        rival = likeness.rival(n, fits[0])
        return fits[0] if best > rival or (best == rival and alike) else None
    if best or not 0 <= number < len(asked):
        return None
    return number if _only_one(n, number, rows, asked) else None


def _only_one(n: int, place: int, rows: Sequence[FileRow], asked: Sequence[WantedLine]) -> bool:
    """Whether number and quantity together leave no other line: words of another language name nothing."""
    same_lines = [each for each in asked if each.quantity == asked[place].quantity]
    same_rows = [each for each in rows if _counts(each, asked[place])]
    alone = len(asked) == 1 and len(rows) == 1
    named = not rows[n].item.strip()
    return named or (
        _counts(rows[n], asked[place]) and (alone or (len(same_lines) == 1 and len(same_rows) == 1))
    )


def _counts(row: FileRow, line: WantedLine) -> bool:
    """Whether the row is for as many as were asked."""
    return any(each.quantity == line.quantity for each in row.prices)


def _numbers(rows: Sequence[FileRow]) -> dict[int, int]:
    """The lines' numbers as the rows count them: 1, 2, 3, or 10, 20, 30 as some systems do."""
    found = {}
    for n, row in enumerate(rows):
        digits = clean(row.line).strip(" .)")
        if digits.isdecimal() and len(digits) <= 5:
            found[n] = int(digits)
    if found and min(found.values()) >= 10 and all(each % 10 == 0 for each in found.values()):
        return {n: each // 10 for n, each in found.items()}
    return found


def _placed(row: FileRow, line: WantedLine, number: int) -> tuple[PlacedLine, Gap | None]:
    """What a row says of its line, or why its price is asked."""
    base = PlacedLine(
        line.id,
        days=lead_days(row.days),
        shown=row.shown,
        box=row.box,
        price_box=row.price_box,
        no_bid=row.no_bid,
    )
    if row.no_bid:
        return base, None
    facts = {"line": str(number)}
    if row.prices and is_other_unit(row.unit, line.unit):
        units = {"unit": row.unit[:MOST_SAID], "wanted": line.unit}
        return _with(base, text=row.text), Gap(kind=GapKind.other_unit, facts=facts | units)
    counted = [each for each in row.prices if each.quantity in (None, line.quantity)]
    prices = list(dict.fromkeys(each.unit_price for each in counted))
    if len(prices) == 1 and prices[0] == round(prices[0], 6):
        return _with(base, unit_price=prices[0]), None
    if row.prices and not counted:
        said = ", ".join(dict.fromkeys(str(each.quantity) for each in row.prices))
        return base, Gap(
            kind=GapKind.other_quantity, facts=facts | {"asked": str(line.quantity), "said": said}
        )
    if prices:
        several = ", ".join(str(each) for each in prices)
        text = row.shown[:MOST_SAID]
        return _with(base, text=row.text), Gap(
            kind=GapKind.several_prices, facts=facts | {"prices": several, "row": text}
        )
    if row.gap is not None:
        return _with(base, text=row.text), Gap(kind=row.gap.kind, facts=row.gap.facts | facts)
    return base, Gap(kind=GapKind.not_named, facts=facts | {"item": line.description[:MOST_SAID]})


def _with_other(row: FileRow, line: PlacedLine, gap: Gap | None, number: int) -> tuple[PlacedLine, list[Gap]]:
    """The line with what its row offers beside it; with nothing but that, the line itself is left out."""
    gaps = [gap] if gap is not None else []
    if row.other is None:
        return line, gaps
    other, more = offered_beside(row.other, number)
    if other is not None and gap is not None and gap.kind is GapKind.not_named:
        line, gaps = _with(line, no_bid=True), []
    return _with(line, instead=other, nothing_instead=other is None), [*gaps, *more]


def _with(line: PlacedLine, **changes: object) -> PlacedLine:
    return PlacedLine(**{**line.__dict__, **changes})
