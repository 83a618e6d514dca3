"""A card as Telegram shows it: HTML and an inline keyboard, within the platform's limits.

One rule: what a person wrote is cleaned and escaped here, at the last moment, and nowhere else.
"""

import hashlib
import html
from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bots.cards.card import Button, Card, Style, Table
from bots.cards.clean import clean
from bots.cards.press import pack

ROOM = 3_800
LONGEST_TITLE, LONGEST_FACT, LONGEST_ITEM = 300, 500, 200
FEW = 6
MOST_BUTTONS = 90
FIRST_COLUMN, COLUMN, COLUMNS, TABLE_ROOM = 22, 16, 3, 2_600
LONGEST_LABEL = 64
_STYLES = {Style.good: "success", Style.danger: "danger"}


def as_html(card: Card) -> str:
    """Title, lines, facts, table, history. Too long a list ends with how many more there are."""
    facts = [_line(fact, LONGEST_FACT) for fact in card.facts]
    history = [_line(text, LONGEST_FACT) for text in card.history]
    fixed = [f"<b>{_line(card.title, LONGEST_TITLE)}</b>", *facts, *history]
    room = ROOM - sum(_seen(part) + 1 for part in fixed)
    table = _tables(card.table, card.more, min(room, TABLE_ROOM)) if card.table else []
    room -= sum(_seen(part) + 1 for part in table)
    parts = [fixed[0], *_list(card.items, card.more, room), *facts, *table]
    if history:
        parts.append("<i>" + "\n".join(history) + "</i>")
    return _fitted(parts)


def as_text(words: str) -> str:
    """A plain sentence of any length as one message."""
    return html.escape(clean(words, lines=True)[:ROOM], quote=False)


def keyboard(card: Card) -> InlineKeyboardMarkup | None:
    """The card's buttons; nothing when nothing is left to press."""
    rows, left = [], MOST_BUTTONS
    for row in card.buttons:
        if row and len(row) <= left:
            rows.append([_button(button) for button in row])
            left -= len(row)
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def digest(card: Card) -> bytes:
    """The SHA-256 of what the person would see: equal means that nothing has to be sent."""
    markup = keyboard(card)
    seen = f"{as_html(card)}\n{markup.model_dump_json() if markup else ''}"
    return hashlib.sha256(seen.encode()).digest()


def _button(button: Button) -> InlineKeyboardButton:
    text = clean(button.label)[:LONGEST_LABEL] or "…"
    return InlineKeyboardButton(text=text, callback_data=pack(button.press), style=_STYLES.get(button.style))


def _line(text: str, longest: int) -> str:
    cleaned = clean(text, lines=True).strip()
    cut = cleaned if len(cleaned) <= longest else f"{cleaned[: longest - 1]}…"
    return html.escape(cut, quote=False)


def _seen(part: str) -> int:
    """How long a part is once it is read; what was escaped counts once."""
    return len(html.unescape(part))


def _list(items: Sequence[str], more: str, room: int) -> list[str]:
    """The lines that fit; many stand in a quote that opens by a tap."""
    shown: list[str] = []
    room -= 30
    for item in items:
        line = _line(item.replace("\n", " "), LONGEST_ITEM)
        if _seen(line) + 1 > room:
            shown.append(_line(more.format(n=len(items) - len(shown)), LONGEST_ITEM))
            break
        shown.append(line)
        room -= _seen(line) + 1
    if len(shown) <= FEW:
        return shown
    return ["<blockquote expandable>" + "\n".join(shown) + "</blockquote>"]


def _tables(table: Table, more: str, room: int) -> list[str]:
    """Three columns beside the first at a time, so that a telephone shows them without turning lines."""
    blocks = []
    for start in range(1, len(table.head), COLUMNS):
        places = (0, *range(start, min(start + COLUMNS, len(table.head))))
        rows = [tuple(row[place] for place in places) for row in (table.head, *table.rows)]
        block = _block(rows, more, room)
        room -= _seen(block)
        if room < 0:
            break
        blocks.append(block)
    return blocks


def _block(rows: Sequence[tuple[str, ...]], more: str, room: int) -> str:
    limits = [FIRST_COLUMN, *([COLUMN] * (len(rows[0]) - 1))]
    cells = [[_cell(cell, limit) for cell, limit in zip(row, limits, strict=True)] for row in rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(limits))]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    lines.insert(1, "-+-".join("-" * width for width in widths))
    fitting = max(3, room // (sum(widths) + 3 * len(widths)))
    if len(lines) > fitting:
        lines = [*lines[: fitting - 5], more.format(n=len(lines) - fitting + 1), *lines[-4:]]
    return "<pre>" + html.escape("\n".join(lines), quote=False) + "</pre>"


def _cell(text: str, longest: int) -> str:
    cleaned = clean(text)
    return cleaned if len(cleaned) <= longest else f"{cleaned[: longest - 1]}…"


def _fitted(parts: Sequence[str]) -> str:
    """The last guard: whole parts are left out from the end until the text fits."""
    kept = list(parts)
    while len(kept) > 1 and sum(_seen(part) + 1 for part in kept) > ROOM:
        del kept[-1]
    return "\n".join(kept)
