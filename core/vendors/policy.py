"""What a vendor must have: pure checks, each naming the field and a correct example."""

import re
import unicodedata

from core.kernel.errors import invalid
from core.kernel.money import currencies_in_use
from core.vendors.commands import CreateVendor

_COUNTRY = re.compile(r"[A-Z]{2}")


def check_vendor(command: CreateVendor) -> None:
    """Refuse a vendor without a readable name and category, a currency and a country."""
    if not _is_readable(command.name, 300):
        raise invalid("/name", "name.unreadable", "write a name of 1 to 300 characters", "Alder Computing")
    if not _is_readable(command.category, 40):
        raise invalid("/category", "category.unreadable", "write 1 to 40 characters", "IT hardware")
    if command.currency not in currencies_in_use():
        raise invalid("/currency", "currency.unknown", "is not a currency in use", "EUR")
    if not _COUNTRY.fullmatch(command.country):
        raise invalid("/country", "country.unknown", "write two capital letters (ISO 3166)", "DE")


def _is_readable(text: str, longest: int) -> bool:
    marks = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return (
        bool(text.strip())
        and len(text) <= longest
        and not any(unicodedata.category(sign) in marks for sign in text)
    )
