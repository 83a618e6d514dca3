"""What could not be taken from a vendor's file, in a reader's language.

One rule: chats and pages say the same sentence, with numbers as the reader writes them.
"""

from collections.abc import Mapping
from decimal import Decimal

from api.text.formats import number
from api.text.translation import translate

NUMBERS = frozenset({"sum", "printed", "missing", "asked", "amount", "example"})
SEVERAL = frozenset({"said", "prices"})
"""Facts that are numbers with a comma and a space between them."""


def file_gap(kind: str, facts: Mapping[str, str], locale: str) -> str:
    """The sentence of a gap with its facts."""
    return translate(
        f"uploads.{kind}", locale, **{name: _shown(name, value, locale) for name, value in facts.items()}
    )


def _shown(name: str, value: str, locale: str) -> str:
    if name in NUMBERS:
        return number(Decimal(value), locale)
    if name in SEVERAL:
        return " · ".join(number(Decimal(each), locale) for each in value.split(", "))
    return value
