"""Reads a quote from the printed lines of a PDF by arithmetic alone, in any language.

One rule: a row is one only when some quantity × unit price on it is its amount to the cent, and the file is read only
when the amounts come to a number that is printed on it. Otherwise the gap is named and nothing is offered.

The heads of the columns are used where two readings of a row are possible, never in place of the proof.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice, product

from api.contract.file_quotes import GapKind
from api.quote_files.arithmetic import has_vat_inside, sums_up
from api.quote_files.figures import currencies_said, distinct_currencies
from api.quote_files.labels import row_kind
from api.quote_files.model import FileReading, FileRow, Gap, PageSize, Price
from api.quote_files.page_words import PageWords, PrintedLine, Word, box_of, printed_lines
from api.quote_files.printed_heads import PrintedHeads
from api.quote_files.proofs import FEWEST, Proof, fitting, has_cents, proofs_of

MOST_CHOICES = 256
"""How many ways of reading doubtful rows are tried against the printed sum."""
NEXT_LINE = 2.2
"""Of the type size: how far below a row its words go on."""
ALIGNED_POINTS = 4.0
"""By which the edges of one column differ at most."""
LONGEST = 300
_EXTRAS = ("shipping", "vat", "discount")


@dataclass
class _Row:
    """A line that adds up, with the words that go on below it; ``kind`` says why it is no line of the quote."""

    line: PrintedLine
    proofs: list[Proof]
    kind: str
    more: list[PrintedLine] = field(default_factory=list)

    @property
    def amounts(self) -> list[Decimal]:
        return list(dict.fromkeys(each.comes_to for each in self.proofs))


def read_pages(pages: Sequence[PageWords]) -> FileReading:
    """The rows that add up, if they come to a printed sum; else which gap is left."""
    lines = [line for n, page in enumerate(pages, start=1) for line in printed_lines(n, page)]
    heads = PrintedHeads(lines)
    rows = _rows(lines, heads)
    asked = [row for row in rows if not row.kind]
    sizes = tuple(PageSize(width=page.width, height=page.height) for page in pages)
    if not asked:
        return FileReading(gaps=(Gap(kind=GapKind.nothing_adds_up),), pages=sizes)
    rest = [line for line in lines if not any(line is row.line for row in rows)]
    extras = [value for line in rest for value in _extras(line)]
    extras += [row.amounts[0] for row in rows if row.kind in _EXTRAS]
    printed = _sums(rest)
    _decide(asked, extras, printed)
    currencies = _currencies(lines, heads, rows)
    gap = _currency_gap(currencies) or _gap(asked, extras, printed) or _vat_gap(asked, rest, heads)
    return FileReading(
        rows=tuple(_told(row, heads, pages) for row in rows if row.kind in ("", "alternative")),
        currency=next(iter(currencies), ""),
        shipping=_shipping(rest, rows),
        gaps=(gap,) if gap is not None else _whole_discount(rest),
        pages=sizes,
    )


def _rows(lines: Sequence[PrintedLine], heads: PrintedHeads) -> list[_Row]:
    """The lines that prove a price, each with its words above and below."""
    found: list[_Row] = []
    for at, line in enumerate(lines):
        proofs = fitting(proofs_of(line, heads.of(line)), heads.of(line))
        if not proofs:
            continue
        kind = row_kind(_words(line), counted=True)
        above = lines[at - 1] if at else None
        if not kind and above is not None and _is_mark_of_alternative(above, line):
            kind = "alternative"
        found.append(_Row(line, proofs, kind))
    starts = {id(row.line) for row in found}
    for row in found:
        _take_words_around(row, lines, starts, heads)
    return found


def _is_mark_of_alternative(above: PrintedLine, line: PrintedLine) -> bool:
    return not above.numbers and _goes_on(above, line) and row_kind(above.text) == "alternative"


def _take_words_around(
    row: _Row, lines: Sequence[PrintedLine], starts: set[int], heads: PrintedHeads
) -> None:
    """The item goes on below the row, or stands above one that has no words of its own."""
    at = next(n for n, line in enumerate(lines) if line is row.line)
    last = row.line
    for line in islice(lines, at + 1, None):
        if id(line) in starts or not _goes_on(last, line) or heads.is_head(line):
            break
        if row_kind(_words(line)) or _has_amount(line, row):
            break
        row.more.append(line)
        last = line
    if not any(sign.isalpha() for sign in _words(row.line)) and at:
        above = lines[at - 1]
        if id(above) not in starts and _goes_on(above, row.line) and not heads.is_head(above):
            row.more.insert(0, above)


def _goes_on(line: PrintedLine, below: PrintedLine) -> bool:
    return line.page == below.page and 0 <= below.bottom - line.bottom <= NEXT_LINE * max(
        line.size, below.size
    )


def _has_amount(line: PrintedLine, row: _Row) -> bool:
    """Whether a number stands where the amounts stand: a line of its own that does not add up."""
    edge = row.proofs[0].amount.x1
    return any(abs(word.x1 - edge) <= ALIGNED_POINTS for word in line.numbers)


def _words(line: PrintedLine) -> str:
    return " ".join(word.text for word in line.words if word.figure is None)


def _values(word: Word) -> tuple[Decimal, ...]:
    return word.figure.readings if word.figure is not None and not word.figure.percent else ()


def _extras(line: PrintedLine) -> list[Decimal]:
    """What a line of freight, tax or discount adds to the sum."""
    kind = row_kind(_words(line))
    if kind not in _EXTRAS or not line.numbers:
        return []
    values = _values(_outermost(line.numbers))
    return [-abs(each) for each in values] if kind == "discount" else list(values)


def _outermost(numbers: Sequence[Word]) -> Word:
    """Amounts stand at the edge that is farther from the words; the largest is taken where there are several."""
    return max(numbers, key=lambda word: max(map(abs, _values(word)), default=Decimal(0)))


def _sums(rest: Sequence[PrintedLine]) -> set[Decimal]:
    """The numbers that a sum may be: those beside a word for it, else those in cents on lines that are no rows."""
    kinds = [(line, row_kind(_words(line))) for line in rest]
    for wanted in (("total",), ("total", "subtotal")):
        named = {value for line, kind in kinds if kind in wanted for value in _numbers(line)}
        if named:
            return named
    alone = [line for line, kind in kinds if kind not in ("carried", *_EXTRAS) and len(line.numbers) < FEWEST]
    return {
        value
        for line in alone
        for word in line.numbers
        if has_cents(word)
        for value in _values(word)
        if value > 0
    }


def _numbers(line: PrintedLine) -> list[Decimal]:
    return [value for word in line.numbers for value in _values(word) if value > 0]


def _decide(rows: Sequence[_Row], extras: Sequence[Decimal], printed: set[Decimal]) -> None:
    """Leave doubtful rows the proofs whose amounts stand in the column of amounts, then those that make the sum."""
    edges = Counter(round(row.proofs[0].amount.x1) for row in rows if len(row.amounts) == 1)
    column = edges.most_common(1)[0][0] if edges else None
    for row in rows:
        inside = [
            each for each in row.proofs if column is None or abs(each.amount.x1 - column) <= ALIGNED_POINTS
        ]
        row.proofs = inside or row.proofs
    choices = islice(product(*(row.amounts for row in rows)), MOST_CHOICES)
    fits = [each for each in choices if sums_up(sum(each, Decimal(0)), extras, printed)]
    if len(fits) == 1:
        for row, amount in zip(rows, fits[0], strict=True):
            row.proofs = [each for each in row.proofs if each.comes_to == amount]


def _gap(rows: Sequence[_Row], extras: Sequence[Decimal], printed: set[Decimal]) -> Gap | None:
    doubtful = next((row for row in rows if len(row.amounts) > 1), None)
    if doubtful is not None:
        return Gap(kind=GapKind.nothing_adds_up, facts={"row": doubtful.line.text[:LONGEST]})
    total = sum((row.amounts[0] for row in rows), Decimal(0))
    if sums_up(total, extras, printed):
        return None
    larger = sorted(each for each in printed if each > total)
    if not larger:
        return Gap(kind=GapKind.no_sum, facts={"sum": str(total)})
    facts = {"sum": str(total), "printed": str(larger[0]), "missing": str(larger[0] - total)}
    return Gap(kind=GapKind.lines_missing, facts=facts)


def _currencies(lines: Sequence[PrintedLine], heads: PrintedHeads, rows: Sequence[_Row]) -> list[str]:
    """Those beside the numbers and in the heads; without them those that are named anywhere but in an item."""
    beside = [word.figure.currency for line in lines for word in line.numbers if word.figure is not None]
    named = distinct_currencies([*beside, *heads.currencies])
    items = {id(line) for row in rows for line in (row.line, *row.more)}
    said = (currencies_said([word.text for word in line.words]) for line in lines if id(line) not in items)
    return named or distinct_currencies(code for codes in said for code in codes)


def _currency_gap(currencies: Sequence[str]) -> Gap | None:
    if len(currencies) < 2:
        return None
    return Gap(kind=GapKind.currencies, facts={"currencies": ", ".join(currencies)})


def _vat_gap(rows: Sequence[_Row], rest: Sequence[PrintedLine], heads: PrintedHeads) -> Gap | None:
    """A quote whose prices include VAT, as a head or a line under the sum says."""
    total = sum((row.amounts[0] for row in rows), Decimal(0))
    said = [line for line in rest if row_kind(_words(line)) == "vat_inside"]
    inside = [value for line in said for value in _values(_outermost(line.numbers or line.words))]
    everything = {value for line in rest for value in _numbers(line)}
    if heads.are_gross or has_vat_inside(total, inside, everything):
        return Gap(kind=GapKind.with_vat)
    return None


def _whole_discount(rest: Sequence[PrintedLine]) -> tuple[Gap, ...]:
    """A discount on the whole is in no price of a line."""
    lines = (line for line in rest if row_kind(_words(line)) == "discount" and line.numbers)
    amounts = (abs(value) for line in lines for value in _values(_outermost(line.numbers)))
    return tuple(Gap(kind=GapKind.whole_discount, facts={"amount": str(each)}) for each in islice(amounts, 1))


def _shipping(rest: Sequence[PrintedLine], rows: Sequence[_Row]) -> Decimal | None:
    """What freight costs, if one line says so."""
    found = [_extras(line) for line in rest if row_kind(_words(line)) == "shipping"]
    found += [row.amounts for row in rows if row.kind == "shipping"]
    return found[0][0] if len(found) == 1 and len(found[0]) == 1 else None


def _told(row: _Row, heads: PrintedHeads, pages: Sequence[PageWords]) -> FileRow:
    proof, page = row.proofs[0], pages[row.line.page - 1]
    position = heads.position(row.line, proof.words)
    days = heads.days(row.line, proof.words)
    own = [word for word in row.line.words if word not in (*proof.words, position, *days)]
    item = [*(word.text for word in own), *(word.text for line in row.more for word in line.words)]
    prices = dict.fromkeys(Price(unit_price=each.unit_price, quantity=each.counted) for each in row.proofs)
    around = [*row.line.words, *(word for line in row.more for word in line.words)]
    return FileRow(
        item=" ".join(item)[:LONGEST],
        line=position.text if position is not None else "",
        prices=tuple(prices),
        days=" ".join(word.text for word in days),
        unit=heads.unit(row.line),
        alternative=row.kind == "alternative",
        shown=row.line.text[:LONGEST],
        box=box_of(around, row.line.page, page),
        price_box=box_of([proof.price], row.line.page, page),
    )
