"""Quantities with their unit in the person's language.

One rule: units are stored as short codes (``pcs``, ``kg``, ``box``); their words are the keys ``units.*``.
"""

from decimal import Decimal

from api.text.formats import number
from api.text.locales import chain
from api.text.translation import has_key, translate_plural

FRACTIONS = {"ar": 100}


def quantity(value: Decimal, unit: str, locale: str) -> str:
    """``3 pcs``, ``2.5 kg``, ``10 boxes``; a unit that the catalogue lacks is shown as it is."""
    shown = number(value, locale)
    key = f"units.{unit}"
    if not has_key(key):
        return f"{shown} {unit}".strip()
    return translate_plural(
        key, int(value) if value == int(value) else _fraction(locale), locale, value=shown
    )


def _fraction(locale: str) -> int:
    """The integer whose plural form a fraction takes: 2,5 коробки as 2, 2.5 صندوق as 100."""
    return FRACTIONS.get(chain(locale)[0], 2)
