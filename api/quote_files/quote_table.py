"""Reads a quote from a table of cells, whatever the order of its columns.

One rule: a column counts by its head and a price by its row: where a row says what it comes to, price times quantity
must be that to the cent.

Title rows stand above the heads, totals below; a row that has nothing but words goes on with the item above it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from api.contract.file_quotes import GapKind
from api.quote_files import alternatives
from api.quote_files.arithmetic import Terms, has_vat_inside, proven, sums_up
from api.quote_files.figures import (
    WrittenNumber,
    convention_of,
    currencies_said,
    currency_in,
    distinct_currencies,
    exact,
    figure,
)
from api.quote_files.labels import Head, head_of, is_no_bid, row_kind
from api.quote_files.model import FileReading, FileRow, Gap, Price, refused

MOST_HEAD_ROWS = 60
"""How far down the heads are looked for."""
LONGEST_ITEM = 300
Cell = str | Decimal
Row = Sequence[Cell]
_PRICES = ("price", "gross")
_AMOUNTS = ("amount", "gross_amount")
_EXTRAS = ("shipping", "vat", "discount")
_FIGURES = (*_PRICES, *_AMOUNTS, "quantity", "discount", "basis")


@dataclass
class _Columns:
    """Where the heads stand: the row below them, and the column of each kind."""

    below: int
    heads: dict[int, Head]

    def at(self, kind: str) -> list[int]:
        return [column for column, head in self.heads.items() if head.kind == kind]

    def unit(self, *kinds: str) -> str:
        """The unit that the first head of these kinds names, as it is written."""
        return next((head.unit for head in self.heads.values() if head.kind in kinds and head.unit), "")

    @property
    def per(self) -> int:
        """For how many the prices are."""
        return max((head.per for head in self.heads.values() if head.kind in _PRICES), default=1)

    @property
    def has_percent(self) -> bool:
        """Whether the head of the discounts says that they are parts of a hundred."""
        return any(head.percent for head in self.heads.values() if head.kind == "discount")

    @property
    def weight(self) -> int:
        """How much this row looks like heads; 0 when it cannot be one."""
        kinds = {head.kind for head in self.heads.values()}
        says_what = kinds & {"item", "article", "line", "key", "id"}
        says_price = kinds & {*_PRICES, *_AMOUNTS}
        return len(kinds) if says_what and says_price else 0


@dataclass
class _Read:
    """What is known of a row before the rows are looked at together."""

    item: list[str]
    line: str = ""
    key: str = ""
    days: str = ""
    unit: str = ""
    currencies: list[str] = field(default_factory=list)
    no_bid: bool = False
    other: alternatives.OtherCells | None = None
    terms: Terms = field(default_factory=Terms)
    price_text: str = ""
    shown: str = ""


@dataclass
class _Sheet:
    """The lines of the quote, what its other rows come to, by their kind, and the currencies that those name."""

    lines: list[_Read] = field(default_factory=list)
    footers: list[tuple[str, WrittenNumber]] = field(default_factory=list)
    currencies: list[str] = field(default_factory=list)

    def footer(self, *kinds: str) -> list[WrittenNumber]:
        return [number for kind, number in self.footers if kind in kinds]


def read_table(rows: Sequence[Row]) -> FileReading:
    """The rows of a quote below the best heads of a sheet."""
    columns = _heads(rows)
    if columns is None:
        return refused(GapKind.no_heads)
    if not columns.at("price") and not columns.at("amount"):
        return refused(GapKind.with_vat)
    sheet = _sorted(rows, columns)
    return _told(sheet, columns) if sheet.lines else refused(GapKind.no_prices)


def _heads(rows: Sequence[Row]) -> _Columns | None:
    """The row that looks most like heads, alone or with the one below it."""
    found: list[_Columns] = []
    for at, row in enumerate(rows[:MOST_HEAD_ROWS]):
        found.append(_Columns(at + 1, _heads_in(row)))
        if at + 1 < len(rows):
            both = [f"{_text(above)} {_text(below)}".strip() for above, below in _paired(row, rows[at + 1])]
            found.append(_Columns(at + 2, _heads_in(both)))
    best = max(found, key=lambda each: each.weight, default=None)
    return best if best is not None and best.weight else None


def _paired(above: Row, below: Row) -> list[tuple[Cell, Cell]]:
    wide = max(len(above), len(below))
    return [(above[n] if n < len(above) else "", below[n] if n < len(below) else "") for n in range(wide)]


def _heads_in(row: Row) -> dict[int, Head]:
    found = ((at, head_of(cell)) for at, cell in enumerate(row) if isinstance(cell, str) and cell.strip())
    return {at: head for at, head in found if head is not None}


def _text(cell: Cell) -> str:
    """A cell as people read it; a whole number has no fraction."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    return f"{cell.normalize():f}"


def _sorted(rows: Sequence[Row], columns: _Columns) -> _Sheet:
    """The rows by what they are."""
    sheet = _Sheet(currencies=[code for row in rows[: columns.below] for code in _currencies_of(row)])
    for row in rows[columns.below :]:
        if not any(_text(cell) for cell in row) or len(_heads_in(row)) >= 3:
            continue
        read = _read(row, columns)
        label = next(
            (_text(cell) for cell in row if isinstance(cell, str) and any(map(str.isalpha, cell))), ""
        )
        counted = bool(read.terms.quantities and (read.terms.prices or read.terms.amounts))
        kind = row_kind(label, counted=counted)
        if kind and kind != "alternative":
            numbers = [number for cell in row if (number := _figure(cell)) is not None and not number.percent]
            sheet.footers += [(kind, numbers[-1])] if numbers else []
        elif read.terms.any or read.price_text or read.no_bid or read.line or read.key:
            sheet.lines.append(read)
            continue
        elif sheet.lines and read.item:
            sheet.lines[-1].item += read.item
        sheet.currencies += _currencies_of(row)
    return sheet


def _currencies_of(row: Row) -> list[str]:
    """What a row that is no line of the quote says of its currency."""
    return [code for cell in row if isinstance(cell, str) for code in currencies_said(cell.split())]


def _read(row: Row, columns: _Columns) -> _Read:
    by_kind: dict[str, list[Cell]] = {}
    for column, head in columns.heads.items():
        if column < len(row) and _text(row[column]):
            by_kind.setdefault(head.kind, []).append(row[column])

    def words(*kinds: str) -> list[str]:
        return [_text(cell) for kind in kinds for cell in by_kind.get(kind, ())]

    figures = {kind: [each for cell in by_kind.get(kind, ()) if (each := _figure(cell))] for kind in _FIGURES}
    priced = [_text(cell) for cell in by_kind.get("price", ())]
    return _Read(
        item=words("item", "article"),
        line=next(iter(words("line")), ""),
        key=next(iter(words("id")), ""),
        days=_with_unit(next(iter(words("days")), ""), columns.unit("days")),
        unit=next(iter(words("unit")), "") or columns.unit("price", "quantity"),
        currencies=[code for each in words("currency") if (code := currency_in(each))],
        no_bid=any(is_no_bid(each) for each in priced),
        other=_other(by_kind) if any(columns.at(kind) for kind in alternatives.COLUMNS) else None,
        terms=Terms(
            quantities=figures["quantity"],
            prices=figures["price"] if columns.at("price") else figures["gross"],
            amounts=figures["amount"] if columns.at("amount") else figures["gross_amount"],
            discounts=figures["discount"],
            bases=figures["basis"],
        ),
        price_text=next((each for each in priced if figure(each) is None), ""),
        shown=" · ".join(_text(cell) for cell in row if _text(cell)),
    )


def _other(by_kind: Mapping[str, Sequence[Cell]]) -> alternatives.OtherCells:
    """What the columns of an alternative hold."""
    cells = {kind: next(iter(by_kind.get(kind, ())), "") for kind in alternatives.COLUMNS}
    said = {kind: _text(cell) for kind, cell in cells.items()}
    return alternatives.OtherCells.of(said, cells["other_price"])


def _with_unit(said: str, unit: str) -> str:
    """``2`` below ``Lead time (weeks)`` is ``2 week``."""
    return f"{said} {unit}".strip() if said.isdecimal() else said


def _figure(cell: Cell) -> WrittenNumber | None:
    return exact(cell) if isinstance(cell, Decimal) else figure(cell)


def _told(sheet: _Sheet, columns: _Columns) -> FileReading:
    convention = convention_of(_numbers(sheet))
    rows = [_row(line, convention, columns) for line in sheet.lines]
    total = _total(sheet.lines, rows, convention)
    printed = [
        value for kind, number in sheet.footers if kind != "shipping" for value in number.by(convention)
    ]
    rows, gap = _summed(sheet, rows, convention, total, printed)
    currencies = _currencies(sheet, columns)
    if len(currencies) > 1:
        return refused(GapKind.currencies, currencies=", ".join(currencies))
    inside = [number.by(convention)[0] for number in sheet.footer("vat_inside")]
    if inside and (total is None or has_vat_inside(total, inside, printed)):
        return refused(GapKind.with_vat)
    whole = [abs(number.by(convention)[0]) for number in sheet.footer("discount")]
    gaps = [gap] if gap is not None else []
    gaps += [Gap(kind=GapKind.whole_discount, facts={"amount": str(each)}) for each in whole[:1]]
    shipping = [number.by(convention) for number in sheet.footer("shipping")]
    return FileReading(
        rows=tuple(rows),
        currency=next(iter(currencies), ""),
        shipping=shipping[0][0] if len(shipping) == 1 and len(shipping[0]) == 1 else None,
        gaps=tuple(gaps),
    )


def _numbers(sheet: _Sheet) -> list[WrittenNumber]:
    return [
        *(each for line in sheet.lines for each in line.terms.all),
        *(
            line.other.price
            for line in sheet.lines
            if line.other is not None and line.other.price is not None
        ),
        *(number for _, number in sheet.footers),
    ]


def _currencies(sheet: _Sheet, columns: _Columns) -> list[str]:
    """Those of the lines, the heads and the numbers; without them those that are named above or below the lines."""
    beside = [
        *(head.currency for head in columns.heads.values()),
        *(code for line in sheet.lines for code in line.currencies),
        *(number.currency for number in _numbers(sheet)),
    ]
    return distinct_currencies(beside) or distinct_currencies(sheet.currencies)


def _summed(
    sheet: _Sheet,
    rows: list[FileRow],
    convention: str,
    total: Decimal | None,
    printed: Sequence[Decimal],
) -> tuple[list[FileRow], Gap | None]:
    """The rows, with prices that are for all where the printed sum proves it; and what the sum differs by else."""
    extras = [_extra(kind, number.by(convention)[0]) for kind, number in sheet.footers if kind in _EXTRAS]
    if total is None or not printed or sums_up(total, extras, printed):
        return rows, None
    as_amounts = _as_amounts(sheet.lines, rows, convention, extras, printed)
    if as_amounts is not None:
        return as_amounts, None
    nearest = min(printed, key=lambda each: abs(each - total))
    return rows, Gap(kind=GapKind.sum_differs, facts={"sum": str(total), "printed": str(nearest)})


def _extra(kind: str, value: Decimal) -> Decimal:
    return -abs(value) if kind == "discount" else value


def _row(line: _Read, convention: str, columns: _Columns) -> FileRow:
    item = " ".join(dict.fromkeys(each for each in line.item if each))[:LONGEST_ITEM]
    prices, gap = ((), None) if line.no_bid else _prices(line, convention, columns)
    return FileRow(
        item=item,
        line=line.line,
        key=line.key,
        prices=prices,
        text=line.price_text or next((each.text for each in line.terms.prices), ""),
        days=line.days,
        unit=line.unit,
        no_bid=line.no_bid,
        alternative=row_kind(item) == "alternative",
        other=line.other.offer(convention) if line.other is not None else None,
        shown=line.shown[:LONGEST_ITEM],
        gap=gap,
    )


def _prices(line: _Read, convention: str, columns: _Columns) -> tuple[tuple[Price, ...], Gap | None]:
    terms, per = line.terms, columns.per
    if line.price_text and not terms.prices:
        return (), Gap(kind=GapKind.no_price, facts={"text": line.price_text[:80]})
    if terms.amounts and terms.quantities:
        found = proven(terms, [per] if per > 1 else [1, 100, 1000] if terms.bases else [1])
        if found:
            return found, None
        return (), Gap(kind=GapKind.row_differs, facts={"row": line.shown[:120]})
    quantities: list[Decimal | None] = [*terms.values("quantities", convention)] or [None]
    bases = [int(each) for each in terms.values("bases", convention)] or [per]
    less = [each for number in terms.discounts for each in _rests(number, convention, columns)] or [
        Decimal(1)
    ]
    found = tuple(
        Price(unit_price=price * rest / basis, quantity=quantity)
        for price in terms.values("prices", convention)
        for quantity in quantities
        for rest in less
        for basis in bases
        if price >= 0 and 0 < rest <= 1 and basis > 0
    )
    return found, None


def _rests(discount: WrittenNumber, convention: str, columns: _Columns) -> list[Decimal]:
    """What a discount leaves of a price that no amount proves: a number that is not called percent may be none."""
    left = [1 - each / 100 for each in discount.by(convention)]
    is_percent = discount.percent or columns.has_percent
    plain = all(each in (0, 1) or each >= 1 for each in discount.by(convention))
    return left if not any(discount.readings) or (is_percent and plain) else [*left, Decimal(1)]


def _total(lines: Sequence[_Read], rows: Sequence[FileRow], convention: str) -> Decimal | None:
    """What all lines come to, by their own amounts or by price times quantity; None when a line has neither."""
    total = Decimal(0)
    for line, row in zip(lines, rows, strict=True):
        if row.alternative or row.no_bid:
            continue
        amounts = line.terms.values("amounts", convention)
        worked = {each.unit_price * each.quantity for each in row.prices if each.quantity is not None}
        if len(amounts) != 1 and len(worked) != 1:
            return None
        total += amounts[0] if len(amounts) == 1 else worked.pop()
    return total


def _as_amounts(
    lines: Sequence[_Read],
    rows: Sequence[FileRow],
    convention: str,
    extras: Sequence[Decimal],
    printed: Sequence[Decimal],
) -> list[FileRow] | None:
    """The rows with their prices taken for all that is asked, where the printed total proves that they are meant so."""
    found: list[FileRow] = []
    total = Decimal(0)
    for line, row in zip(lines, rows, strict=True):
        price = line.terms.values("prices", convention)
        quantity = line.terms.values("quantities", convention)
        if line.terms.amounts or len(price) != 1 or len(quantity) != 1 or not quantity[0]:
            return None
        total += price[0]
        each = price[0] / quantity[0]
        found.append(row.model_copy(update={"prices": (Price(unit_price=each, quantity=quantity[0]),)}))
    return found if sums_up(total, extras, printed) and all(_is_exact(each) for each in found) else None


def _is_exact(row: FileRow) -> bool:
    return all(each.unit_price == round(each.unit_price, 4) for each in row.prices)


def best_of(sheets: Mapping[str, Sequence[Row]]) -> FileReading:
    """The one sheet that is a quote; two are a question."""
    read = {name: read_table(rows) for name, rows in sheets.items()}
    priced = {name: each for name, each in read.items() if any(row.prices for row in each.rows)}
    if len(priced) > 1:
        return refused(GapKind.sheets, sheets=", ".join(priced))
    if priced:
        return next(iter(priced.values()))
    return next(
        (each for each in read.values() if not _has(each, GapKind.no_heads)), refused(GapKind.no_heads)
    )


def _has(reading: FileReading, kind: GapKind) -> bool:
    return any(each.kind is kind for each in reading.gaps)
