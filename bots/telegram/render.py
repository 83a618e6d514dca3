"""A card as Telegram shows it: HTML and an inline keyboard, within the platform's limits.

One rule: what a person wrote is cleaned and escaped here, at the last moment, and nowhere else.
"""

import hashlib
import html
import unicodedata
from collections.abc import Sequence
from urllib.parse import urlencode

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LoginUrl

from api.text import fill_commands
from bots.cards.card import Button, Card, Style, Table
from bots.cards.clean import clean
from bots.cards.press import pack

MAX_LENGTH = 3_800
MAX_TITLE, MAX_FACT, MAX_ITEM = 300, 500, 200
MAX_UNFOLDED = 6
MAX_BUTTONS = 90
TABLE_WIDTH, COLUMN, COLUMNS, TABLE_ROOM = 34, 14, 2, 2_600
"""A table in columns of a fixed font: so many fit on a telephone; and how many characters all of it may take."""
LAST_ROWS = 4
"""What a table that is too long ends with all the same: shipping, total, time and validity."""
MAX_LABEL = 64
_STYLES = {Style.good: "success", Style.danger: "danger"}


def as_html(card: Card) -> str:
    """Title, lead, lines, facts, table, history. Too long a list ends with how many more there are."""
    facts = [_line(fact, MAX_FACT) for fact in card.facts]
    history = [_line(text, MAX_FACT) for text in card.history]
    head = [f"<b>{_line(card.title, MAX_TITLE)}</b>"]
    head += [_line(card.lead, MAX_FACT)] if card.lead else []
    fixed = [*head, *facts, *history]
    remaining = MAX_LENGTH - sum(_visible_length(part) + 1 for part in fixed)
    table = _table_blocks(card.table, card.more, min(remaining, TABLE_ROOM)) if card.table else []
    remaining -= sum(_visible_length(part) + 1 for part in table)
    parts = [*head, *_list(card.items, card.more, remaining), *facts, *table]
    if history:
        parts.append("<i>" + "\n".join(history) + "</i>")
    return _fitted(parts)


def visible_text(text: str, *, lines: bool = False) -> str:
    """The text as it is read here: cleaned, with our commands as Telegram has them."""
    return clean(fill_commands(text, "telegram"), lines=lines)


def as_text(text: str) -> str:
    """A plain sentence of any length as one message."""
    return html.escape(visible_text(text, lines=True)[:MAX_LENGTH], quote=False)


def keyboard(card: Card, login_url: str = "") -> InlineKeyboardMarkup | None:
    """The card's buttons; nothing when nothing is left to press. Of too many the last row is shown all the same."""
    last = card.buttons[-1:]
    rows, remaining = [], MAX_BUTTONS - sum(len(row) for row in last)
    for row in card.buttons[:-1]:
        if row and len(row) <= remaining:
            rows.append([_button(button, login_url) for button in row])
            remaining -= len(row)
    rows += [[_button(button, login_url) for button in row] for row in last if row]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def fingerprint(card: Card) -> bytes:
    """The SHA-256 of what the person would see: equal means that nothing has to be sent."""
    markup = keyboard(card)
    visible = f"{as_html(card)}\n{markup.model_dump_json() if markup else ''}"
    return hashlib.sha256(visible.encode()).digest()


def _button(button: Button, login_url: str) -> InlineKeyboardButton:
    text = visible_text(button.label)[:MAX_LABEL] or "…"
    if button.opens and login_url:
        address = f"{login_url}/login/telegram/chat?{urlencode({'next': button.opens})}"
        return InlineKeyboardButton(text=text, login_url=LoginUrl(url=address))
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
    """Two columns at a time, each row below its own name, so that a telephone shows them without wrapping."""
    blocks = []
    for start in range(1, len(table.head), COLUMNS):
        rows = [(row[0], row[start : start + COLUMNS]) for row in (table.head, *table.rows)]
        block = _block(rows, more, remaining)
        remaining -= _visible_length(block)
        if remaining < 0:
            break
        blocks.append(block)
    return blocks


def _block(rows: Sequence[tuple[str, Sequence[str]]], more: str, remaining: int) -> str:
    """The heads of the columns, then each row: what it is about, and its cells."""
    cells = [[_cell(cell, COLUMN) for cell in row] for _, row in rows]
    widths = [max(_columns(row[index]) for row in cells) for index in range(len(cells[0]))]
    head, *body = [" | ".join(map(_padded, row, widths)).rstrip() for row in cells]
    about = [_cell(name, TABLE_WIDTH) for name, _ in rows[1:]]
    sections = [f"{name}\n  {line}" for name, line in zip(about, body, strict=True)]
    most = max(LAST_ROWS + 1, remaining // (2 * TABLE_WIDTH) - 1)
    if len(sections) > most:
        kept = most - LAST_ROWS
        left_out = more.format(n=len(sections) - most)
        sections = [*sections[:kept], left_out, *sections[-LAST_ROWS:]]
    rule = "  " + "-+-".join("-" * width for width in widths)
    return "<pre>" + html.escape("\n".join([f"  {head}", rule, *sections]), quote=False) + "</pre>"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


def _columns(text: str) -> int:
    """How many columns of a fixed font it takes."""
    return sum(map(_width, text))


def _width(sign: str) -> int:
    """An ideograph takes two columns, an accent none."""
    return 0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _cell(text: str, most: int) -> str:
    """As much of it as fits into so many columns."""
    cleaned, columns, fitting = visible_text(text), 0, 0
    for place, sign in enumerate(cleaned):
        columns += _width(sign)
        if columns < most:
            fitting = place + 1
        elif columns > most:
            return f"{cleaned[:fitting]}…"
    return cleaned


def _fitted(parts: Sequence[str]) -> str:
    """The last guard: whole parts are left out from the end until the text fits."""
    shown = list(parts)
    while len(shown) > 1 and sum(_visible_length(part) + 1 for part in shown) > MAX_LENGTH:
        del shown[-1]
    return "\n".join(shown)
