"""Phrases that several cards share."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from api.contract.quotes import AlternativeIn, AlternativeOut, DocumentOut
from api.text import comma_separated, has_key, money, number, quantity, translate

MAX_LINES = 5
"""How many lines a sentence names."""


def line(amount: Decimal, unit: str, item: str, locale: str) -> str:
    """``3 × Laptop Dell 5440`` or ``10 boxes Paper``."""
    if unit == "pcs":
        return translate("cards.line_pieces", locale, quantity=number(amount, locale), item=item)
    return translate("cards.line_unit", locale, quantity=quantity(amount, unit, locale), item=item)


class SomeLine(Protocol):
    """A line of anything, as it stands on the wire."""

    @property
    def quantity(self) -> Decimal: ...

    @property
    def unit(self) -> str: ...

    @property
    def description(self) -> str: ...


def lines(found: Iterable[SomeLine], locale: str) -> str:
    """``3 × Laptop, 2 × Dock``, the first few of many."""
    told = [line(each.quantity, each.unit, each.description, locale) for each in found]
    if len(told) <= MAX_LINES:
        return comma_separated(told, locale)
    rest = translate("cards.more", locale, n=number(Decimal(len(told) - MAX_LINES + 1), locale))
    return comma_separated([*told[: MAX_LINES - 1], rest], locale)


def priced(text: str, price: Decimal | None, currency: str, locale: str) -> str:
    """A line with its unit price, where there is one."""
    if price is None:
        return text
    return translate("cards.line_price", locale, line=text, price=money(price, currency, locale))


def in_place_of(text: str, asked_for: str, locale: str) -> str:
    """``ThinkPad T14 · in place of: Laptop 14 inch``."""
    return translate("cards.in_place_of", locale, line=text, asked=asked_for)


def alternative(offered: AlternativeIn | AlternativeOut, currency: str, locale: str) -> str:
    """``instead: ThinkPad T14 · 990.00 USD · 5 days``."""
    terms = alternative_terms(offered, currency, locale)
    return translate("cards.alternative", locale, text=offered.description, price=terms)


def alternative_terms(offered: AlternativeIn | AlternativeOut, currency: str, locale: str) -> str:
    """What an alternative costs per unit, when it would arrive, and what its vendor says about it."""
    told = [money(offered.unit_price, currency, locale)]
    if offered.lead_time_days is not None:
        told.append(days(offered.lead_time_days, locale))
    if offered.note:
        told.append(offered.note)
    return " · ".join(told)


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
    named = comma_separated(numbers, locale)
    return (translate("cards.resembles", locale, numbers=named),) if named else ()


def days(count: int, locale: str) -> str:
    return quantity(Decimal(count), "day", locale)


def files(documents: Iterable[DocumentOut], locale: str) -> str:
    """``Files: quote-881.pdf (84 kB)``."""
    named = comma_separated((f"{each.name} ({size(each.size, locale)})" for each in documents), locale)
    return translate("cards.files", locale, files=named)


def size(size_in_bytes: int, locale: str) -> str:
    """``84 kB``."""
    return f"{number(max(1, round(size_in_bytes / 1000)), locale)} kB"


def role(name: str, locale: str) -> str:
    """A role's name for people; a service's stays as it is, and so does a step's that has a name of its own."""
    return translate(f"roles.{name}", locale) if has_key(f"roles.{name}") else name
