"""A card as Telegram shows it: HTML and an inline keyboard, within the platform's limits.

One rule: what a person wrote is cleaned and escaped here, at the last moment, and nowhere else.
"""

import hashlib
import html
from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from api.text import fill_commands
from bots.cards.card import Button, Card, Style, Table
from bots.cards.clean import clean
from bots.cards.press import pack

MAX_LENGTH = 3_800
MAX_TITLE, MAX_FACT, MAX_ITEM = 300, 500, 200
MAX_UNFOLDED = 6
MAX_BUTTONS = 90
FIRST_COLUMN, COLUMN, COLUMNS, TABLE_ROOM = 22, 16, 3, 2_600
MAX_LABEL = 64
_STYLES = {Style.good: "success", Style.danger: "danger"}


def as_html(card: Card) -> str:
    """Title, lines, facts, table, history. Too long a list ends with how many more there are."""
    facts = [_line(fact, MAX_FACT) for fact in card.facts]
    history = [_line(text, MAX_FACT) for text in card.history]
    fixed = [f"<b>{_line(card.title, MAX_TITLE)}</b>", *facts, *history]
    remaining = MAX_LENGTH - sum(_visible_length(part) + 1 for part in fixed)
    table = _table_blocks(card.table, card.more, min(remaining, TABLE_ROOM)) if card.table else []
    remaining -= sum(_visible_length(part) + 1 for part in table)
    parts = [fixed[0], *_list(card.items, card.more, remaining), *facts, *table]
    if history:
        parts.append("<i>" + "\n".join(history) + "</i>")
    return _fitted(parts)


def visible_text(text: str, *, lines: bool = False) -> str:
    """The text as it is read here: cleaned, with our commands as Telegram has them."""
    return clean(fill_commands(text, "telegram"), lines=lines)


def as_text(text: str) -> str:
    """A plain sentence of any length as one message."""
    return html.escape(visible_text(text, lines=True)[:MAX_LENGTH], quote=False)


def keyboard(card: Card) -> InlineKeyboardMarkup | None:
    """The card's buttons; nothing when nothing is left to press. Of too many the last row is shown all the same."""
    last = card.buttons[-1:]
    rows, remaining = [], MAX_BUTTONS - sum(len(row) for row in last)
    for row in card.buttons[:-1]:
        if row and len(row) <= remaining:
            rows.append([_button(button) for button in row])
            remaining -= len(row)
    rows += [[_button(button) for button in row] for row in last if row]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def fingerprint(card: Card) -> bytes:
    """The SHA-256 of what the person would see: equal means that nothing has to be sent."""
    markup = keyboard(card)
    visible = f"{as_html(card)}\n{markup.model_dump_json() if markup else ''}"
    return hashlib.sha256(visible.encode()).digest()


def _button(button: Button) -> InlineKeyboardButton:
    text = visible_text(button.label)[:MAX_LABEL] or "…"
    return InlineKeyboardButton(text=text, callback_data=pack(button.press), style=_STYLES.get(button.style))


def _line(text: str, max_length: int) -> str:
    cleaned = visible_text(text, lines=True).strip()
    cut = cleaned if len(cleaned) <= max_length else f"{cleaned[: max_length - 1]}…"
    return html.escape(cut, quote=False)


def _visible_length(part: str) -> int:
    """How long a part is once it is read; what was escaped counts once."""
    return len(html.unescape(part))


def _list(items: Sequence[str], more: str, remaining: int) -> list[str]:
    """The lines that fit; many stand in a quote that opens by a tap."""
    shown: list[str] = []
    remaining -= 30
    for item in items:
        line = _line(item.replace("\n", " "), MAX_ITEM)
        if _visible_length(line) + 1 > remaining:
            shown.append(_line(more.format(n=len(items) - len(shown)), MAX_ITEM))
            break
        shown.append(line)
        remaining -= _visible_length(line) + 1
    if len(shown) <= MAX_UNFOLDED:
        return shown
    return ["<blockquote expandable>" + "\n".join(shown) + "</blockquote>"]


def _table_blocks(table: Table, more: str, remaining: int) -> list[str]:
    """Three columns beside the first at a time, so that a telephone shows them without wrapping."""
    blocks = []
    for start in range(1, len(table.head), COLUMNS):
        columns = (0, *range(start, min(start + COLUMNS, len(table.head))))
        rows = [tuple(row[column] for column in columns) for row in (table.head, *table.rows)]
        block = _block(rows, more, remaining)
        remaining -= _visible_length(block)
        if remaining < 0:
            break
        blocks.append(block)
    return blocks


def _block(rows: Sequence[tuple[str, ...]], more: str, remaining: int) -> str:
    limits = [FIRST_COLUMN, *([COLUMN] * (len(rows[0]) - 1))]
    cells = [[_cell(cell, limit) for cell, limit in zip(row, limits, strict=True)] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(limits))]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    lines.insert(1, "-+-".join("-" * width for width in widths))
    max_lines = max(3, remaining // (sum(widths) + 3 * len(widths)))
    if len(lines) > max_lines:
        lines = [*lines[: max_lines - 5], more.format(n=len(lines) - max_lines + 1), *lines[-4:]]
    return "<pre>" + html.escape("\n".join(lines), quote=False) + "</pre>"


def _cell(text: str, max_length: int) -> str:
    cleaned = visible_text(text)
    return cleaned if len(cleaned) <= max_length else f"{cleaned[: max_length - 1]}…"


def _fitted(parts: Sequence[str]) -> str:
    """The last guard: whole parts are left out from the end until the text fits."""
    shown = list(parts)
    while len(shown) > 1 and sum(_visible_length(part) + 1 for part in shown) > MAX_LENGTH:
        del shown[-1]
    return "\n".join(shown)
