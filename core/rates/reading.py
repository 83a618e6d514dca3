"""Reads exchange rates as people send them: rows of currency, day and rate, or a CSV file of such rows.

One rule: a row that cannot be read is told by its place (in a file its line), and the next one is read.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from core.kernel.errors import FieldError, invalid
from core.rates.service import MAX_RATES, ExchangeRate, LoadRates

COLUMNS = ("currency", "day", "rate")
EXAMPLE = "EUR,2026-11-23,1.09"


def read_csv(content: bytes, source: str) -> LoadRates:
    """The rates of a file; Invalid when there is no table at all."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise invalid("/file", "file.encoding", "is not UTF-8", "rates.csv") from None
    return read_rows(_lines(text), source)


def read_rows(rows: Iterable[tuple[int, Mapping[str, str]]], source: str) -> LoadRates:
    """The rows that can be read, and what is wrong with the others; each with its place."""
    rates: list[ExchangeRate] = []
    refused: list[FieldError] = []
    for place, row in rows:
        found = _read(place, row)
        if isinstance(found, ExchangeRate):
            rates.append(found)
        else:
            refused.append(found)
        if len(rates) + len(refused) > MAX_RATES:
            break
    return LoadRates(tuple(rates), source, tuple(refused))


def _lines(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each line by itself, so that an open quotation mark in one does not swallow the rest."""
    lines = text.splitlines()
    separator = ";" if lines and ";" in lines[0] else ","
    names = [name.strip().lower() for name in _cells(lines[0], separator)] if lines else []
    if not set(COLUMNS) <= set(names):
        why = "needs a first line with the columns currency, day and rate"
        raise invalid("/file", "file.columns", why, ",".join(COLUMNS))
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            yield number, dict(zip(names, _cells(line, separator), strict=False))


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _read(place: int, row: Mapping[str, str]) -> ExchangeRate | FieldError:
    currency, day, rate = (row.get(name, "").strip() for name in COLUMNS)
    at = f"/rates/{place}"
    try:
        on = dt.date.fromisoformat(day)
    except ValueError:
        return FieldError(f"{at}/day", "date_parsing", "write the day as 2026-11-23", "2026-11-23")
    try:
        worth = Decimal(rate.replace("_", "?"))
    except InvalidOperation:
        return FieldError(f"{at}/rate", "decimal.unreadable", "write the rate as 1.09", "1.09")
    return ExchangeRate(currency.upper(), on, worth, place)
