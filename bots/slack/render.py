"""A card as Slack shows it: blocks within Slack's limits, and the words of the notification.

    header     the title
    section    lines, then facts as fields, or as lines where they are long
    table      the native one
    context    history
    actions    a row of buttons; approving is primary, what cannot be taken back is danger and asks once more

One rule: a message stays under 8,000 characters and 50 blocks, whatever the card holds.
"""

import hashlib
import json
from collections.abc import Sequence

from api.text import translate
from bots.cards.card import Button, Card, Style, Table
from bots.cards.press import pack
from bots.slack.texts import Block, cut, escaped, line, plain

ROOM = 7_200
LONGEST_TITLE, LONGEST_FACT, LONGEST_ITEM, LONGEST_FIELD = 150, 500, 200, 140
SECTION = 2_900
FIELDS, MOST_FIELDS = 10, 20
MOST_ROWS_OF_BUTTONS, BUTTON_ROOM, LONGEST_LABEL, LONGEST_SPOKEN = 30, 16_000, 75, 75
COLUMNS, ROWS, CELL, TABLE_ROOM = 20, 60, 60, 9_000
LAST_ROWS = 4
PRESSED = "press"
_STYLES = {Style.good: "primary", Style.danger: "danger"}


def blocks(card: Card) -> list[Block]:
    """The card, whole or shortened with how many more there are."""
    title = line(card.title, LONGEST_TITLE)
    facts = [line(fact, LONGEST_FACT, lines=True) for fact in card.facts]
    history = [line(text, LONGEST_FACT) for text in card.history]
    whole = _overlong(card.title)
    fixed = sum(len(part) + 1 for part in (title, whole, *facts, *history))
    if fixed > ROOM:
        facts = _fitting(facts, ROOM - len(title) - len(whole), card.more)
        history = []
        fixed = sum(len(part) + 1 for part in (title, whole, *facts))
    shown: list[Block] = [{"type": "header", "text": plain(title, LONGEST_TITLE)}]
    shown += _lines([whole]) if whole else []
    shown += _lines(_items(card.items, card.more, ROOM - fixed))
    shown += _facts(facts)
    shown += [_table(card.table, card.more)] if card.table and card.table.head else []
    if history:
        shown.append({"type": "context", "elements": [plain("\n".join(history), SECTION, lines=True)]})
    return shown + actions(card)


def text(card: Card) -> str:
    """The notification, and what a screen reader begins with: the first two lines."""
    second = next(iter((*card.items, *card.facts)), "")
    first = line(card.title, 300)
    return escaped(f"{first}\n{second}" if second else first)


def actions(card: Card) -> list[Block]:
    """A block per row; a button's value is the press, its id only tells it from its neighbours."""
    rows: list[Block] = []
    room = BUTTON_ROOM
    for number, row in enumerate(card.buttons[:MOST_ROWS_OF_BUTTONS]):
        elements = [_button(button, f"{PRESSED}:{place}", card) for place, button in enumerate(row)]
        room -= len(json.dumps(elements, ensure_ascii=False))
        if room < 0:
            break
        if elements:
            rows.append({"type": "actions", "block_id": f"row:{number}", "elements": elements})
    return rows


def digest(card: Card) -> bytes:
    """The SHA-256 of what the person would see: equal means that nothing has to be sent."""
    seen = json.dumps([text(card), blocks(card)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(seen.encode("utf-8", "surrogatepass")).digest()


def _button(button: Button, action_id: str, card: Card) -> Block:
    label = line(button.label, LONGEST_LABEL)
    shown: Block = {
        "type": "button",
        "action_id": action_id,
        "text": plain(label, LONGEST_LABEL),
        "value": pack(button.press),
        "accessibility_label": cut(f"{label}: {line(card.title, LONGEST_TITLE)}", LONGEST_SPOKEN),
    }
    if button.style in _STYLES:
        shown["style"] = _STYLES[button.style]
    if button.style is Style.danger:
        shown["confirm"] = {
            "title": plain(label, 100),
            "text": plain(card.title, 100),
            "confirm": plain(translate("buttons.yes", card.locale), 30),
            "deny": plain(translate("buttons.no", card.locale), 30),
            "style": "danger",
        }
    return shown


def _overlong(title: str) -> str:
    """A title that does not fit into a header is said in full below it."""
    full = line(title, LONGEST_FACT)
    return full if len(full) > LONGEST_TITLE else ""


def _fitting(parts: Sequence[str], room: int, more: str) -> list[str]:
    """The first that fit, and how many more there are."""
    shown: list[str] = []
    room -= 60
    for part in parts:
        if len(part) + 1 > room:
            shown.append(_more(more, len(parts) - len(shown)))
            break
        shown.append(part)
        room -= len(part) + 1
    return shown


def _items(items: Sequence[str], more: str, room: int) -> list[str]:
    return _fitting([line(item, LONGEST_ITEM) for item in items], room, more)


def _more(more: str, count: int) -> str:
    return more.replace("{n}", str(count)) or f"+ {count}"


def _lines(parts: Sequence[str]) -> list[Block]:
    """Lines in as few sections as their limit allows."""
    shown: list[Block] = []
    held: list[str] = []
    for part in parts:
        if held and sum(len(each) + 1 for each in held) + len(part) > SECTION:
            shown.append(_section(held))
            held = []
        held.append(part)
    return [*shown, _section(held)] if held else shown


def _section(parts: Sequence[str]) -> Block:
    return {"type": "section", "text": plain("\n".join(parts), SECTION + 100, lines=True)}


def _facts(facts: Sequence[str]) -> list[Block]:
    """Short facts side by side; long or many ones as lines."""
    if not facts:
        return []
    if len(facts) < 2 or len(facts) > MOST_FIELDS or any(len(fact) > LONGEST_FIELD for fact in facts):
        return _lines(facts)
    return [
        {
            "type": "section",
            "fields": [plain(fact, 2_000, lines=True) for fact in facts[start : start + FIELDS]],
        }
        for start in range(0, len(facts), FIELDS)
    ]


def _table(table: Table, more: str) -> Block:
    """The head, the rows that fit, and always the last ones, which hold the totals."""
    wide = min(len(table.head), COLUMNS)
    size = max(8, min(CELL, TABLE_ROOM // (wide * max(1, min(len(table.rows), ROWS) + 1))))
    rows = [[line(cell, size) for cell in row[:wide]] for row in (table.head, *table.rows)]
    most = max(LAST_ROWS + 3, min(ROWS, TABLE_ROOM // (wide * size)))
    if len(rows) > most:
        left = [_more(more, len(rows) - most + 1), *["…"] * (wide - 1)]
        rows = [*rows[: most - LAST_ROWS - 1], left, *rows[-LAST_ROWS:]]
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]}
