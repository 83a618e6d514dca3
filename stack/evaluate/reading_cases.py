"""Lines as people write them, each with what it must be read as, and how a reading is judged.

One rule: a value that is not the expected one is wrong, also when something else was asked about.

    {"kind": "lead time", "reads": "quote", "locale": "en", "text": "450, 10 days", "asked": ["10"],
     "expect": {"prices": {"1": "450"}, "lead": "10"}}

``reads`` is what the line is: a ``quote``, a ``request``, or the answer to a question for a ``date``, an
``amount`` or a ``verdict``. ``expect`` holds the fields that are compared; null means that no value may be
offered, ``never`` what may not come out beside a price. With ``ask`` a question is right too.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from api.language import (
    Amount,
    LineReading,
    QuoteLineReading,
    parse_amount,
    parse_date,
    parse_quote,
    parse_request,
    read_verdict,
)
from stack.errors import StackError

SUNDAY = "2026-11-29"
COST_CENTRES = ("IT", "OFF", "WH", "HR", "OPS", "LAB")
TOLERATED = frozenset({"the", "of", "a", "d'", "de"})
"""Words that may stand beside an item in what vendors see."""
Value = str | None


class Outcome(StrEnum):
    """What became of one line; ``silent`` is a wrong value that nothing points at."""

    right = "right"
    asked = "asked"
    wrong = "wrong"
    silent = "silent"


@dataclass(frozen=True, kw_only=True)
class ReadingCase:
    """One line, where it is typed, and what it means."""

    kind: str
    reads: str
    locale: str
    text: str
    expect: Mapping[str, object]
    never: Mapping[str, object] = field(default_factory=dict)
    asked: tuple[str, ...] = ("10",)
    """How much the RFQ asks for, line by line."""
    items: tuple[str, ...] = ()
    line: int | None = None
    currency: str = "USD"
    today: str = SUNDAY
    ask: bool = False

    def __str__(self) -> str:
        return f"{self.locale}: {self.text}"

    @property
    def day(self) -> date:
        return date.fromisoformat(self.today)


@dataclass(frozen=True)
class FoundFields:
    """The fields that were read, and whether anything was asked or quoted back."""

    fields: Mapping[str, object]
    flagged: bool = False
    asked: frozenset[str] = field(default_factory=frozenset)


def load_cases(*paths: Path) -> list[ReadingCase]:
    """The cases of these files in their order; a file that is none is refused with its line."""
    cases = []
    for path in paths:
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not row.strip():
                continue
            try:
                fields = json.loads(row)
                for name in ("asked", "items"):
                    fields[name] = tuple(fields[name]) if name in fields else getattr(ReadingCase, name)
                cases.append(ReadingCase(**fields))
            except (ValueError, TypeError) as error:
                raise StackError(f"{path}:{number} is no case: {error}") from error
    return cases


def judge(case: ReadingCase) -> Outcome:
    """Whether a line was read right, asked about, or read wrongly."""
    found = READERS[case.reads](case)
    pairs = [(name, case.expect[name], found.fields.get(name)) for name in case.expect]
    forbidden = any(found.fields.get(name) == value for name, value in case.never.items())
    if forbidden or any(_wrong(expected, got) for _, expected, got in pairs):
        return Outcome.wrong if found.flagged else Outcome.silent
    if case.ask or all(expected == got for _, expected, got in pairs):
        return Outcome.right
    return Outcome.asked if found.flagged or case.reads in ("date", "amount") else Outcome.wrong


def _wrong(expected: object, got: object) -> bool:
    """A value other than the expected one; a missing value is a question."""
    if isinstance(expected, dict):
        given = got if isinstance(got, dict) else {}
        return any(_wrong(expected.get(name), value) for name, value in given.items())
    if isinstance(expected, list):
        return _wrong_lines(expected, got if isinstance(got, list) else [])
    return got is not None and got != expected


def _wrong_lines(expected: list[list[object]], got: list[list[object]]) -> bool:
    """Lines of a request: how much, in which unit, words of the item, words that are none, the price."""
    return bool(got) and (
        len(expected) != len(got)
        or any(
            _wrong(wanted, value)
            for want, line in zip(expected, got, strict=True)
            for wanted, value in zip(want, line, strict=True)
        )
    )


def _quote(case: ReadingCase) -> FoundFields:
    reading = parse_quote(
        case.text,
        locale=case.locale,
        today=case.day,
        lines=len(case.asked),
        quantities=tuple(Decimal(each) for each in case.asked),
        items=case.items,
        currency=case.currency,
        line=case.line,
    )
    prices = {str(each.line): value for each in reading.lines if (value := _answer(each)) is not None}
    fields = {
        "prices": prices,
        "currency": reading.currency if prices or reading.shipping else None,
        "lead": None if reading.lead_time_days is None else str(reading.lead_time_days),
        "leads": {
            str(each.line): str(each.lead_time_days)
            for each in reading.lines
            if each.lead_time_days is not None
        },
        "valid": reading.valid_until and reading.valid_until.isoformat(),
        "shipping": _plain(reading.shipping),
    }
    flagged = bool(reading.unread or reading.ambiguous or reading.refused or not reading.lines)
    return FoundFields(fields, flagged)


def _answer(line: QuoteLineReading) -> Value:
    return _plain(line.unit_price) if line.answer.value == "price" else line.answer.value


def _request(case: ReadingCase) -> FoundFields:
    reading = parse_request(
        case.text, locale=case.locale, today=case.day, currency=case.currency, cost_centres=COST_CENTRES
    )
    wanted = case.expect.get("lines")
    lines = list(wanted) if isinstance(wanted, list) else []
    fields = {
        "lines": [
            _line(each, lines[number] if number < len(lines) else [])
            for number, each in enumerate(reading.lines)
        ],
        "date": reading.needed_by and reading.needed_by.isoformat(),
        "cost_centre": reading.cost_centre,
        "currency": reading.currency,
    }
    asked = {"item", "quantity", *case.expect} & set(reading.missing) or "needed_by" in reading.missing
    return FoundFields(fields, bool(reading.unread or reading.ambiguous or reading.refused or asked))


def _plain_words(item: str) -> list[str]:
    """The words of an item for comparison: without case, punctuation and what says nothing of the item."""
    words = (word.strip(".,:;!?()").casefold() for word in item.split())
    return [word for word in words if word and word not in TOLERATED]


def _line(line: LineReading, wanted: list[object]) -> list[object]:
    """The line in the shape of what is wanted: the item as the wanted words when it is these, else as it is.

    A word that must not be in the item and is there makes the fourth field longer than the wanted one.
    """
    if len(wanted) != 5:
        return [_plain(line.quantity), line.unit, line.description, [], _plain(line.unit_price)]
    _, unit, words, foreign, _ = wanted
    item = line.description or None  # without one, it is asked
    there = item is not None and (not words or _plain_words(str(words)) == _plain_words(item))
    others = foreign if isinstance(foreign, list) else []
    strange = [each for each in others if str(each).casefold() in line.description.casefold()]
    return [
        _plain(line.quantity),
        line.unit if unit is not None else None,
        words if there else item,
        [*others, *strange],
        _plain(line.unit_price),
    ]


def _date(case: ReadingCase) -> FoundFields:
    reading = parse_date(case.text, case.locale, case.day)
    return FoundFields({"value": reading.isoformat() if isinstance(reading, date) else None})


def _amount(case: ReadingCase) -> FoundFields:
    reading = parse_amount(case.text, case.locale, case.currency)
    if not isinstance(reading, Amount):
        return FoundFields({"value": None, "currency": None}, flagged=True)
    return FoundFields({"value": _plain(reading.value), "currency": reading.currency or case.currency})


def _verdict(case: ReadingCase) -> FoundFields:
    reading = read_verdict(case.text, case.locale)
    return FoundFields({"value": None if reading is None else reading.verb.value})


READERS: Mapping[str, Callable[[ReadingCase], FoundFields]] = {
    "quote": _quote,
    "request": _request,
    "date": _date,
    "amount": _amount,
    "verdict": _verdict,
}


def _plain(value: Decimal | None) -> Value:
    if value is None:
        return None
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def counted(cases: Iterable[ReadingCase]) -> dict[tuple[str, str], dict[Outcome, int]]:
    """How many lines of each kind and language had each outcome."""
    counts: dict[tuple[str, str], dict[Outcome, int]] = {}
    for case in cases:
        row = counts.setdefault((case.kind, case.locale[:2]), dict.fromkeys(Outcome, 0))
        row[judge(case)] += 1
    return counts
