"""A card as Slack shows it: blocks within Slack's limits, and the text of the notification.

    header     the title, or a section of its own where it does not fit into one
    section    the lead, lines, then facts as fields, or as lines where they are long
    table      the native one
    context    history
    actions    a row of buttons; approving is primary, what cannot be taken back is danger and asks once more

One rule: a message stays under 8,000 characters and 50 blocks, whatever the card holds.
"""

import hashlib
import json
from collections.abc import Sequence

from api.text import translate
from bots.cards.card import Button, Card, Picker, Style, Table
from bots.cards.press import pack
from bots.slack.text_objects import Block, clean_line, escape_mrkdwn, plain_text, shorten

MAX_LENGTH = 7_200
MAX_TITLE, MAX_FACT, MAX_ITEM, MAX_FIELD = 150, 500, 200, 48
SECTION = 2_900
FIELDS, MAX_FIELDS = 10, 20
MAX_ROWS_OF_BUTTONS, BUTTON_ROOM, MAX_LABEL, MAX_SPOKEN = 30, 16_000, 75, 75
COLUMNS, ROWS, CELL, TABLE_ROOM = 20, 60, 60, 9_000
LAST_ROWS = 4
PRESS_ACTION, PICK_ACTION = "press", "pick"
_STYLES = {Style.good: "primary", Style.danger: "danger"}


def blocks(card: Card) -> list[Block]:
    """The card, whole or shortened with how many more there are."""
    title = clean_line(card.title, MAX_FACT)
    facts = [clean_line(fact, MAX_FACT, lines=True) for fact in card.facts]
    history = [clean_line(text, MAX_FACT) for text in card.history]
    lead = [clean_line(card.lead, MAX_FACT, lines=True)] if card.lead else []
    fixed = sum(len(part) + 1 for part in (title, *lead, *facts, *history))
    if fixed > MAX_LENGTH:
        facts = _fit(facts, MAX_LENGTH - len(title) - len("".join(lead)), card.more)
        history = []
        fixed = sum(len(part) + 1 for part in (title, *lead, *facts))
    shown = [_title(title)]
    shown += _lines(lead)
    shown += _lines(_items(card.items, card.more, MAX_LENGTH - fixed))
    shown += _facts(facts)
    shown += [_table(card.table, card.more)] if card.table and card.table.head else []
    if history:
        shown.append({"type": "context", "elements": [plain_text("\n".join(history), SECTION, lines=True)]})
    return [*shown, *_picker(card.picker), *actions(card)]


def text(card: Card) -> str:
    """The notification, and what a screen reader begins with: the first two lines."""
    second = card.lead or next(iter((*card.items, *card.facts)), "")
    first = clean_line(card.title, 300)
    return escape_mrkdwn(f"{first}\n{second}" if second else first)


def actions(card: Card) -> list[Block]:
    """A block per row; a button's value is the press, its id only tells it from its neighbours.

    Of too many rows the last, with which a form is left, is shown all the same.
    """
    drawn = [_row(number, row, card) for number, row in enumerate(card.buttons) if row]
    remaining = BUTTON_ROOM - sum(_size(row) for row in drawn[-1:])
    rows: list[Block] = []
    for row in drawn[:-1][: MAX_ROWS_OF_BUTTONS - 1]:
        remaining -= _size(row)
        if remaining < 0:
            break
        rows.append(row)
    return [*rows, *drawn[-1:]]


def _row(number: int, row: Sequence[Button], card: Card) -> Block:
    elements = [_button(button, f"{PRESS_ACTION}:{index}", card) for index, button in enumerate(row)]
    return {"type": "actions", "block_id": f"row:{number}", "elements": elements}


def _size(row: Block) -> int:
    return len(json.dumps(row["elements"], ensure_ascii=False))


def fingerprint(card: Card) -> bytes:
    """The SHA-256 of what the person would see: equal means that nothing has to be sent."""
    visible = json.dumps([text(card), blocks(card)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(visible.encode("utf-8", "surrogatepass")).digest()


def _button(button: Button, action_id: str, card: Card) -> Block:
    label = clean_line(button.label, MAX_LABEL)
    shown: Block = {
        "type": "button",
        "action_id": action_id,
        "text": plain_text(label, MAX_LABEL),
        "value": pack(button.press),
        "accessibility_label": shorten(f"{label}: {clean_line(card.title, MAX_TITLE)}", MAX_SPOKEN),
    }
    if button.style in _STYLES:
        shown["style"] = _STYLES[button.style]
    if button.style is Style.danger:
        shown["confirm"] = {
            "title": plain_text(label, 100),
            "text": plain_text(card.title, 100),
            "confirm": plain_text(translate("buttons.yes", card.locale), 30),
            "deny": plain_text(translate("buttons.no", card.locale), 30),
            "style": "danger",
        }
    return shown


def _picker(picker: Picker | None) -> list[Block]:
    """A field in which several are found by typing; Slack asks for what it offers."""
    if picker is None:
        return []
    field: Block = {
        "type": "multi_external_select",
        "action_id": f"{PICK_ACTION}:{pack(picker.press)}",
        "placeholder": plain_text(picker.label, MAX_LABEL),
        "min_query_length": 0,
    }
    if picker.chosen:
        field["initial_options"] = [option(*each) for each in picker.chosen]
    return [
        {
            "type": "section",
            "block_id": PICK_ACTION,
            "text": plain_text(picker.label, SECTION),
            "accessory": field,
        }
    ]


def option(value: str, name: str) -> Block:
    """One thing that a menu offers."""
    return {"text": plain_text(name, MAX_LABEL), "value": value}


def _title(title: str) -> Block:
    """A title that does not fit into a header is a section: whole and once, rather than cut and once more below."""
    if len(title) > MAX_TITLE:
        return _section([title])
    return {"type": "header", "text": plain_text(title, MAX_TITLE)}


def _fit(parts: Sequence[str], remaining: int, more: str) -> list[str]:
    """The first that fit, and how many more there are."""
    shown: list[str] = []
    remaining -= 60
    for part in parts:
        if len(part) + 1 > remaining:
            shown.append(_more(more, len(parts) - len(shown)))
            break
        shown.append(part)
        remaining -= len(part) + 1
    return shown


def _items(items: Sequence[str], more: str, remaining: int) -> list[str]:
    return _fit([clean_line(item, MAX_ITEM) for item in items], remaining, more)


def _more(more: str, count: int) -> str:
    return more.replace("{n}", str(count)) or f"+ {count}"


def _lines(parts: Sequence[str]) -> list[Block]:
    """Lines in as few sections as their limit allows."""
    shown: list[Block] = []
    section: list[str] = []
    for part in parts:
        if section and sum(len(each) + 1 for each in section) + len(part) > SECTION:
            shown.append(_section(section))
            section = []
        section.append(part)
    return [*shown, _section(section)] if section else shown


def _section(parts: Sequence[str]) -> Block:
    return {"type": "section", "text": plain_text("\n".join(parts), SECTION + 100, lines=True)}


def _facts(facts: Sequence[str]) -> list[Block]:
    """Short facts side by side; long or many ones as lines."""
    if not facts:
        return []
    if len(facts) < 2 or len(facts) > MAX_FIELDS or any(len(fact) > MAX_FIELD for fact in facts):
        return _lines(facts)
    return [
        {
            "type": "section",
            "fields": [plain_text(fact, 2_000, lines=True) for fact in facts[start : start + FIELDS]],
        }
        for start in range(0, len(facts), FIELDS)
    ]


def _table(table: Table, more: str) -> Block:
    """The head, the rows that fit, and always the last ones, which hold the totals."""
    columns = min(len(table.head), COLUMNS)
    size = max(8, min(CELL, TABLE_ROOM // (columns * max(1, min(len(table.rows), ROWS) + 1))))
    rows = [[clean_line(cell, size) for cell in row[:columns]] for row in (table.head, *table.rows)]
    max_rows = max(LAST_ROWS + 3, min(ROWS, TABLE_ROOM // (columns * size)))
    if len(rows) > max_rows:
        more_row = [_more(more, len(rows) - max_rows + 1), *["…"] * (columns - 1)]
        rows = [*rows[: max_rows - LAST_ROWS - 1], more_row, *rows[-LAST_ROWS:]]
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]}
