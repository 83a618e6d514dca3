"""What a card is: a title, facts, perhaps a table, and buttons; it knows no platform.

One rule: a button says what it would do, to which thing, in which version. It is a claim, never a right.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Op(StrEnum):
    """What a button may ask for; short, because a button carries 64 bytes."""

    approve = "ap"
    reject = "rj"
    ask = "as"
    answer = "an"
    withdraw = "wd"
    cancel_request = "cr"
    ask_vendors = "av"
    quote = "qu"
    no_bid = "nb"
    withdraw_quote = "wq"
    close_rfq = "cl"
    compare = "cm"
    propose = "pr"
    acknowledge = "ak"
    receive_all = "ra"
    receive_lines = "rl"
    show_request = "sr"


@dataclass(frozen=True)
class Press:
    """What a button carries: operation, object, version seen, and a short argument."""

    op: Op
    id: UUID
    version: int = 0
    arg: str = ""


class Style(StrEnum):
    plain = "plain"
    good = "good"
    bad = "bad"


@dataclass(frozen=True)
class Button:
    label: str
    press: Press
    style: Style = Style.plain


@dataclass(frozen=True)
class Card:
    """One object as one person sees it; the title alone is what a notification shows."""

    title: str
    facts: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    history: tuple[str, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True)
class Viewer:
    """Who looks at a card: buttons stand only where this person may act."""

    person_id: UUID
    locale: str
    zone: str
    roles: frozenset[str]
    vendor_id: UUID | None = None
