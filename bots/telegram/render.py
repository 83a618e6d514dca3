"""A card as Telegram shows it: HTML and an inline keyboard, within the platform's limits.

One rule: everything that a person wrote is escaped here, at the last moment, and nowhere else.
"""

import html

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bots.cards.model import Button, Card, Style
from bots.telegram.payloads import pack

LONGEST = 3900
LONGEST_LABEL = 60
LONGEST_FACT = 600
_HIDDEN = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e"), None)


def as_html(card: Card) -> str:
    """Title, facts, table, history; the least important goes first when it is too long."""
    parts = [f"<b>{clean(card.title)}</b>"]
    parts += [clean(fact) for fact in card.facts]
    if card.table:
        parts.append(f"<pre>{_table(card.table)}</pre>")
    parts += [f"<i>{clean(line)}</i>" for line in card.history]
    while len("\n".join(parts)) > LONGEST and len(parts) > 2:
        del parts[len(parts) // 2]
    return "\n".join(parts)


def clean(text: str) -> str:
    """Escaped, without signs that turn the reading direction or end a line unseen."""
    kept = "".join(sign for sign in text.translate(_HIDDEN) if sign.isprintable() or sign == "\n")
    return html.escape(kept[:LONGEST_FACT], quote=False)


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        clean(" ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        for row in rows
    )


def keyboard(card: Card) -> InlineKeyboardMarkup | None:
    """The card's buttons; None when nothing is left to press."""
    if not card.rows:
        return None
    return InlineKeyboardMarkup(inline_keyboard=[[_button(button) for button in row] for row in card.rows])


def _button(button: Button) -> InlineKeyboardButton:
    style = {Style.good: "success", Style.bad: "danger"}.get(button.style)
    return InlineKeyboardButton(
        text=button.label[:LONGEST_LABEL], callback_data=pack(button.press), style=style
    )


def fingerprint(card: Card) -> bytes:
    """What the person would see, as bytes: equal means nothing has to be sent."""
    markup = keyboard(card)
    return f"{as_html(card)}\n{markup.model_dump_json() if markup else ''}".encode()
