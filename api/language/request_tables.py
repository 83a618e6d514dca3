"""Tables with a head: ``| Qty | Description | Colour |``, ``Item,Qty``; each row becomes a line of a request.

One rule: the head says which cell is what; a cell under a head that nobody knows describes the item, and a table
whose head does not say where the items or their counts stand is left as it is.
"""

import re
from collections.abc import Sequence

from babel.core import Locale

from api.language.amounts import quantity_at
from api.language.tokenizer import tokenize
from api.language.vocabulary import language_of, vocabulary

SEPARATORS = ("|", "\t", ";", ",")
MIN_ROWS = 2
_RULE = re.compile(r"[\s|:+=\-–—]+")
_COLUMNS = ("how_many", "what", "when", "where", "which_centre", "which_department", "why")
_SAID_AS = {
    "when": ", needed by {}",
    "where": ", deliver to {}",
    "which_centre": ", cost centre {}",
    "which_department": ", for {}",
}


def without_tables(text: str, locale: Locale) -> str:
    """The text with each row of a table that has a head as a line: ``4 x Desk pad grey``."""
    lines = text.split("\n")
    for sign in SEPARATORS:
        for at, line in enumerate(lines[:-1]):
            head = _head(_cells(line, sign), locale)
            rows = _rows(lines[at + 1 :], sign, len(_cells(line, sign))) if head else []
            if head and rows:
                written = [_written(_cells(row, sign), head) for row in rows if not _RULE.fullmatch(row)]
                return "\n".join([*lines[:at], *written, *lines[at + 1 + len(rows) :]])
    return text


def _cells(line: str, sign: str) -> list[str]:
    bare = line.strip().strip("|") if sign == "|" else line
    return [cell.strip() for cell in bare.split(sign)]


def _rows(lines: Sequence[str], sign: str, cells: int) -> list[str]:
    """The lines under a head that have as many cells."""
    found: list[str] = []
    for line in lines:
        if len(_cells(line, sign)) != cells:
            break
        found.append(line)
    return found


def _head(cells: Sequence[str], locale: Locale) -> list[str]:
    """What stands in each column; empty where this is no head of items and counts."""
    if len(cells) < MIN_ROWS or any(any(char.isdigit() for char in cell) for cell in cells):
        return []
    columns = [_column(cell, locale) for cell in cells]
    told = columns.count("what") == 1 and columns.count("how_many") == 1
    return columns if told else []


def _column(cell: str, locale: Locale) -> str:
    tokens = tokenize(cell)
    vocab = vocabulary(language_of(locale))
    for kind in _COLUMNS:
        found = vocab.words[kind].at(tokens, 0)
        if found is not None and found[1] == len(tokens):
            return kind
    labels = [vocab.quote.at(tokens, at) for at in range(len(tokens))]
    if any(label is not None and {"price", "total"} & set(label[0].split("/")) for label in labels):
        total = any(label is not None and "total" in label[0].split("/") for label in labels)
        return "total" if total else "price"
    unit = vocab.words["unit_head"].at(tokens, 0)
    if unit is not None:
        return "unit"
    known = vocab.words["header"].at(tokens, 0)
    return "number" if known is not None and known[1] == len(tokens) else "kind"


def _written(cells: Sequence[str], columns: Sequence[str]) -> str:
    """``4 box x Desk pad grey @ 12.00``."""
    by = {kind: [cell for cell, each in zip(cells, columns, strict=True) if each == kind] for kind in columns}
    count, item = by["how_many"][0], by["what"][0]
    unit = next((cell for cell in by.get("unit", ()) if cell), "")
    many = f"{count} {unit}".strip()
    sign = " x" if many.isdigit() else ""
    kinds = "".join(f" {cell}" for cell in by.get("kind", ()) if cell)
    price = "".join(f" @ {cell}" for cell in by.get("price", ()) if cell)
    said = "".join(_SAID_AS[kind].format(cell) for kind in _SAID_AS for cell in by.get(kind, ()) if cell)
    return f"{many}{sign} {item}{kinds}{price}{said}".strip()


def is_header(written: str, locale: Locale) -> bool:
    """``Qty | Item | Price``: the head of a table, and no item."""
    vocab = vocabulary(language_of(locale))
    cells = [tokenize(cell) for cell in written.split("|") if cell.strip()]
    named = [
        vocab.words["header"].at(cell, 0) or vocab.quote.at(cell, 0) or vocab.units.at(cell, 0)
        for cell in cells
    ]
    return len(cells) > 1 and all(
        found is not None and found[1] == len(cell) for found, cell in zip(named, cells, strict=True)
    )


def table_row(written: str, locale: Locale) -> str | None:
    """A row of a table, ``Laptop | 3 | 1200``, as a line: ``3 x Laptop @ 1200``; None when it is no such row."""
    cells = [cell.strip() for cell in written.split("|") if cell.strip()]
    if written.count("|") < 1 or len(cells) < 2:
        return None
    words = [cell for cell in cells if any(char.isalpha() for char in cell) and not _is_amount(cell)]
    numbers = [cell for cell in cells if cell not in words]
    counted = all(any(char.isdecimal() for char in cell) for cell in numbers)
    if len(words) != 1 or not (counted and 1 <= len(numbers) <= 3):
        return None
    if len(numbers) == 3 and cells[0] == numbers[0] and numbers[0].isdigit():
        numbers = numbers[1:]
    many = tokenize(numbers[0])
    found = quantity_at(many, 0, locale) if many else None
    if found is None or found.after != len(many):
        return None
    priced = f" @ {numbers[1]}" if len(numbers) > 1 else ""
    return f"{numbers[0]} x {words[0]}{priced}"


def _is_amount(cell: str) -> bool:
    return any(char.isdigit() for char in cell) and len(tokenize(cell)) <= 2 and not cell[0].isalpha()
