"""Phrases that several cards share."""

from collections.abc import Iterable
from decimal import Decimal

from api.contract.quotes import DocumentOut
from api.text import has_key, money, number, quantity, translate


def line(amount: Decimal, unit: str, item: str, locale: str) -> str:
    """``3 × Laptop Dell 5440`` or ``10 boxes Paper``."""
    if unit == "pcs":
        return translate("cards.line_pieces", locale, quantity=number(amount, locale), item=item)
    return translate("cards.line_unit", locale, quantity=quantity(amount, unit, locale), item=item)


def priced(text: str, price: Decimal | None, currency: str, locale: str) -> str:
    """A line with its unit price, where there is one."""
    if price is None:
        return text
    return translate("cards.line_price", locale, line=text, price=money(price, currency, locale))


def state(family: str, value: str, locale: str) -> str:
    """A state in one or two words."""
    return translate(f"states.{family}.{value}", locale)


def title(subject: str, state: str, locale: str) -> str:
    """The first line, which alone is the notification."""
    return translate("cards.title", locale, subject=subject, state=state)


def note(text: str, locale: str) -> tuple[str, ...]:
    return (translate("cards.note", locale, text=text),) if text else ()


def reason(text: str | None, locale: str) -> tuple[str, ...]:
    return (translate("cards.reason", locale, text=text),) if text else ()


def asked_by(person: str, entered_by: str | None, locale: str) -> str:
    """Whose request it is, and who wrote it for them."""
    if entered_by is None:
        return translate("cards.asked_by", locale, person=person)
    return translate("cards.asked_for", locale, person=person, enterer=entered_by)


def resembles(numbers: Iterable[str], locale: str) -> tuple[str, ...]:
    """Submitted all the same."""
    named = ", ".join(numbers)
    return (translate("cards.resembles", locale, numbers=named),) if named else ()


def days(count: int, locale: str) -> str:
    return quantity(Decimal(count), "day", locale)


def files(documents: Iterable[DocumentOut], locale: str) -> str:
    """``Files: quote-881.pdf (84 kB)``."""
    named = ", ".join(f"{each.name} ({size(each.size, locale)})" for each in documents)
    return translate("cards.files", locale, files=named)


def size(size_in_bytes: int, locale: str) -> str:
    """``84 kB``."""
    return f"{number(max(1, round(size_in_bytes / 1000)), locale)} kB"


def role(name: str, locale: str) -> str:
    """A role's name for people; a service's stays as it is."""
    return translate(f"roles.{name}", locale) if has_key(f"roles.{name}") else name
