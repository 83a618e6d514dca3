"""What a card is, for any platform: a title that alone is the notification, facts, lines, a table, buttons.

One rule: a card knows no platform and no mark-up; the renderer escapes, shortens and lays out.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from bots.cards.press import Press


class Style(StrEnum):
    """How a button looks where colours exist; its label says the same without."""

    plain = "plain"
    good = "good"
    danger = "danger"


@dataclass(frozen=True)
class Button:
    """A label of at most 24 characters, and what pressing it claims."""

    label: str
    press: Press
    style: Style = Style.plain
    opens: str = ""
    """The page that it opens, where the platform logs people in by a button; elsewhere it is the press."""


ButtonRow = tuple[Button, ...]


@dataclass(frozen=True)
class Table:
    """A head and rows of the same width; ``marks`` says in words what differs."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picker:
    """Several of very many things, found by typing, where a platform has a field for that; the card's buttons and
    words do the same everywhere."""

    label: str
    press: Press
    chosen: tuple[tuple[str, str], ...] = ()
    """The id and name of each that is chosen now."""


@dataclass(frozen=True)
class Card:
    """One object for one reader, drawn once; ``items`` is the list that may be long."""

    title: str
    facts: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    table: Table | None = None
    picker: Picker | None = None
    history: tuple[str, ...] = ()
    buttons: tuple[ButtonRow, ...] = field(default=())
    silent: bool = False
    locale: str = "en"
    """The reader's language, for the few words that a platform itself adds."""
    more: str = ""
    """The sentence after a shortened list, with ``{n}`` still in it."""
    lead: str = ""
    """A sentence right under the title, above the list: the question, where the title says why it is asked again."""


def rows_of(*buttons: Button, per_row: int = 3) -> tuple[ButtonRow, ...]:
    """Buttons in rows of at most three."""
    return tuple(buttons[start : start + per_row] for start in range(0, len(buttons), per_row))


LABEL = 24


def label(text: str) -> str:
    """A label that fits, cut visibly."""
    return text if len(text) <= LABEL else f"{text[: LABEL - 1]}…"
