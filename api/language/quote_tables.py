"""The head of a table that a vendor pasted: it says which column is the price, and in which currency.

One rule: a column's name holds for each row that has as many columns.
"""

from dataclasses import dataclass

from babel.core import Locale

from api.language.amounts import currency_named
from api.language.tokenizer import tokenize
from api.language.vocabulary import language_of, vocabulary

MIN_NAMED = 2
"""So many columns must have a known name."""


@dataclass(frozen=True)
class TableHead:
    """How many columns a table has, and which is the price of one."""

    columns: int
    price: int
    currency: str = ""
    """As the head names it with the price; empty when it does not."""

    def row(self, written: str) -> str:
        """A row with the price marked as such: ``1 | Chair | 3 | @ 318.00 USD``."""
        cells = [cell.strip() for cell in written.split("|")]
        if len(cells) != self.columns or not any(char.isdigit() for char in cells[self.price]):
            return written
        named = any(char.isalpha() or char in "$€£" for char in cells[self.price])
        cells[self.price] = f"@ {cells[self.price]}" + (
            f" {self.currency}" if self.currency and not named else ""
        )
        return " | ".join(cells)


def table_head(written: str, locale: Locale) -> TableHead | None:
    """``# | Description | Qty | Price USD``; None for any other line, and where no column is the price of one."""
    cells = [cell.strip() for cell in written.split("|")]
    if len(cells) < MIN_NAMED or any(char.isdigit() for char in written):
        return None
    kinds = [_kinds(cell, locale) for cell in cells]
    prices = [at for at, kind in enumerate(kinds) if "price" in kind] or [
        at for at, kind in enumerate(kinds) if "each" in kind
    ]
    if sum(bool(kind) for kind in kinds) < MIN_NAMED or len(prices) != 1:
        return None
    return TableHead(len(cells), prices[0], _currency(cells[prices[0]], locale))


def _kinds(cell: str, locale: Locale) -> set[str]:
    """What a column's name may say; ``total price`` is no price of one."""
    vocab, tokens = vocabulary(language_of(locale)), tokenize(cell)
    label = vocab.quote.at(tokens, 0)
    found = set(label[0].split("/")) if label is not None else set()
    if vocab.words["header"].at(tokens, 0) or vocab.units.at(tokens, 0):
        found.add("header")
    if vocab.each.at(tokens, 0) == ("each", len(tokens)):
        found.add("each")  # ``Unit.``, ``unitario``: what one costs
    return found - {"price"} if "total" in found or _says_total(cell, locale) else found


def _says_total(cell: str, locale: Locale) -> bool:
    vocab, tokens = vocabulary(language_of(locale)), tokenize(cell)
    labels = (vocab.quote.at(tokens, at) for at in range(len(tokens)))
    return any(label is not None and "total" in label[0].split("/") for label in labels)


def _currency(cell: str, locale: Locale) -> str:
    """The currency's code in a column's name; empty without one, and where the name is that of several."""
    tokens = tokenize(cell.replace("(", " ").replace(")", " ").replace("/", " "))
    named = (currency_named(tokens, at, locale, None) for at in range(len(tokens)))
    return next(
        (code for found in named if found and isinstance(code := found[0], str) and len(code) == 3), ""
    )
