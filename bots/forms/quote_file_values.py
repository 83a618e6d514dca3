"""What a vendor's own file adds to the quote's form.

One rule: a file fills what was not said yet; a price that somebody gave is kept, and the difference is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from api.contract.file_quotes import OF_ALTERNATIVES, FileGapOut, FileLineOut, QuoteFileOut
from api.contract.quotes import AlternativeIn
from api.text import money
from api.text.file_gaps import file_gap
from bots.forms.form import FormContext
from bots.forms.quote_values import Offer, QuoteValues

READ_FROM = frozenset({".pdf", ".xlsx", ".csv"})
MOST_NAMED = 6
"""Gaps on one card; the form asks for every line anyway."""


@dataclass(frozen=True)
class FileRead:
    """What a file could not fill: what differs from the values as they were then, and what it leaves open."""

    differences: Sequence[str]
    gaps: Sequence[FileGapOut] = ()


def is_read(name: str) -> bool:
    """Whether a quote is read from a file of this name."""
    return PurePath(name).suffix.lower() in READ_FROM


def is_open(number: int, values: QuoteValues, sent: Mapping[str, Offer]) -> bool:
    """Whether nobody has answered this line, or only the quote that was sent before, of which a file is the next."""
    given = values.offer(number)
    return given is None or given == sent.get(str(number))


def with_file(
    values: QuoteValues, read: QuoteFileOut, ctx: FormContext, sent: Mapping[str, Offer]
) -> tuple[QuoteValues, FileRead]:
    """The values with what the file says of lines that are open, and what it could not fill."""
    if _relabels(values, read, sent):
        kept = {"currency": read.currency, "kept": values.currency}
        return values, FileRead([file_gap("other_currency", kept, ctx.locale)], read.gaps)
    offers, alternatives = dict(values.offers), dict(values.alternatives)
    notes: list[str] = []
    for number, line in enumerate(values.lines, start=1):
        said = next((each for each in read.lines if each.rfq_line_id == line.id), None)
        given = values.offer(number)
        if said is None:
            continue
        if is_open(number, values, sent):
            _take_alternative(alternatives, number, said)
        if said.unit_price is None and not said.no_bid:
            continue
        if is_open(number, values, sent):
            offers[str(number)] = _offer(said)
        elif given is not None and given.price != said.unit_price:
            notes.append(_difference(number, given, said, values, ctx))
    update = {
        "offers": offers,
        "alternatives": alternatives,
        "currency": read.currency if read.lines else values.currency,
        "shipping": values.shipping if values.shipping is not None else read.shipping,
    }
    return values.model_copy(update=update), FileRead(notes, read.gaps)


def notes_of(files: Sequence[FileRead], values: QuoteValues, ctx: FormContext) -> list[str]:
    """What is said of files that came together; what one left open and another filled is not open any more."""
    differences = [each for file in files for each in file.differences]
    gaps = [
        file_gap(gap.kind.value, gap.facts, ctx.locale)
        for file in files
        for gap in file.gaps
        if not _is_answered(gap, values)
    ]
    return list(dict.fromkeys((*differences, *gaps)))[:MOST_NAMED]


def _offer(said: FileLineOut) -> Offer:
    if said.no_bid:
        return Offer(no_bid=True)
    return Offer(price=said.unit_price, days=said.lead_time_days, read_from=said.shown)


def _take_alternative(alternatives: dict[str, AlternativeIn], number: int, said: FileLineOut) -> None:
    """What is offered beside a line, once it is whole; the gaps of the file name what is missing."""
    other = said.alternative
    if other is not None and other.unit_price is not None and other.description:
        alternatives[str(number)] = AlternativeIn(
            description=other.description,
            unit_price=other.unit_price,
            lead_time_days=other.lead_time_days,
            note=other.note,
        )
    elif said.no_alternative:
        alternatives.pop(str(number), None)


def _difference(number: int, given: Offer, said: FileLineOut, values: QuoteValues, ctx: FormContext) -> str:
    no = ctx.translate("buttons.no_bid_line")
    mine = money(given.price, values.currency, ctx.locale) if given.price is not None else no
    theirs = money(said.unit_price, values.currency, ctx.locale) if said.unit_price is not None else no
    return ctx.translate("forms.quote.file_differs", line=str(number), said=mine, file=theirs)


def _relabels(values: QuoteValues, read: QuoteFileOut, sent: Mapping[str, Offer]) -> bool:
    """Whether a price that the file does not replace would get the file's currency."""
    named = {each.rfq_line_id for each in read.lines}
    kept = any(
        not is_open(number, values, sent) or (line.id not in named and values.offer(number) is not None)
        for number, line in enumerate(values.lines, start=1)
    )
    return bool(read.lines) and read.currency != values.currency and kept


def _is_answered(gap: FileGapOut, values: QuoteValues) -> bool:
    if gap.line is None or gap.kind in OF_ALTERNATIVES:
        return False
    return values.offer(gap.line) is not None
