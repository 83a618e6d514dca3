"""Forms as modals: what is asked at once where a chat asks question by question, and what was filled in.

    private_metadata   the draft row that holds the form: its thread, and the version that was shown
    block_id           the field, which an answer that cannot be taken is named by

One rule: pure. A view shows what the form holds; what was filled is read by the form's own readers.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, ValidationError

from api.text import say
from bots.cards.card import Card
from bots.forms.engine import Open
from bots.forms.form import Asking
from bots.forms.receive import ReceiveValues
from bots.forms.request_values import RequestValues
from bots.forms.saying import PROMPTS, SayingValues
from bots.slack import render
from bots.slack.texts import Block, plain

View = dict[str, object]

FORM, REVIEW, LINK = "form", "review", "link"
REASON, TEXT = "reason", "text"
OTHER = "other"
MOST_LINES = 10
TITLE, LABEL = 24, 150


class Meta(BaseModel):
    """What a view carries of us: a claim, like a button's value."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    thread: str = ""
    lines: int = 1

    @classmethod
    def read(cls, text: str) -> "Meta":
        try:
            return cls.model_validate_json(text or "{}")
        except ValidationError:
            return cls()


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    locale: str,
    meta: Meta | None = None,
    submit: str = "",
) -> View:
    """A modal; without ``submit`` there is only something to read."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE),
        "close": plain(say("buttons.cancel" if submit else "buttons.done", locale), TITLE),
        "private_metadata": (meta or Meta()).model_dump_json(),
        "blocks": list(blocks),
    }
    return view | ({"submit": plain(submit, TITLE)} if submit else {})


def loading(locale: str) -> View:
    """What stands there while we look; nothing before it, a trigger lives three seconds."""
    return words(say("slack.loading", locale), locale)


def words(text: str, locale: str) -> View:
    """A sentence instead of a form."""
    return modal(
        "words", "Parley", [{"type": "section", "text": plain(text, 2_900, lines=True)}], locale=locale
    )


def linking(locale: str) -> View:
    """Where a one-time code is entered."""
    field = _input("code", say("slack.code", locale), _text("code"))
    return modal(LINK, "Parley", [field], locale=locale, submit=say("buttons.next", locale))


def form(open_: Open, asking: Asking, thread: str, lines: int = 1) -> View:
    """The modal of an open form."""
    values = open_.values
    match values:
        case SayingValues():
            title, blocks, submit = _saying(values, asking)
        case ReceiveValues():
            title, blocks, submit = _receive(values, asking)
        case RequestValues():
            lines = min(MOST_LINES, max(lines, len(values.lines), 1))
            title, blocks, submit = _request(values, asking, lines)
        case _:
            raise TypeError(f"no modal for {type(values).__name__}")
    meta = Meta(thread=thread, lines=lines)
    return modal(FORM, title, blocks, locale=asking.locale, meta=meta, submit=submit)


def review(card: Card, asking: Asking, thread: str) -> View:
    """Everything that was understood, before it is sent."""
    shown = render.blocks(Card(card.title, card.facts, card.items, more=card.more, locale=card.locale))
    meta = Meta(thread=thread)
    title = asking.say("slack.review")
    return modal(REVIEW, title, shown, locale=asking.locale, meta=meta, submit=asking.say("buttons.submit"))


# ---- one modal per form


def _saying(values: SayingValues, asking: Asking) -> tuple[str, list[Block], str]:
    """A reason from a list or in words; without a list the words are asked for."""
    prompt = PROMPTS[values.saying]
    question = asking.say(prompt.key, person=values.person)
    blocks: list[Block] = []
    if values.about:
        blocks.append({"type": "section", "text": plain(values.about, 500)})
    if prompt.quick:
        named = [(f"r{place}", asking.say(key)) for place, key in enumerate(prompt.quick)]
        choices = _select(REASON, [*named, (OTHER, asking.say("slack.other"))], named[0][0])
        blocks.append(_input(REASON, question, choices))
        blocks.append(_input(TEXT, asking.say("slack.own_words"), _text(TEXT, multiline=True), optional=True))
    else:
        blocks.append(_input(TEXT, question, _text(TEXT, multiline=True)))
    return asking.say(f"slack.titles.{values.saying.value}"), blocks, asking.say("buttons.send")


def _receive(values: ReceiveValues, asking: Asking) -> tuple[str, list[Block], str]:
    """Per line how many are good and how many are not; what is still open is filled in."""
    blocks: list[Block] = []
    for place, due in enumerate(values.lines[:20], start=1):
        item = f"{place}. {due.description}"
        accepted, rejected = asking.say("slack.accepted"), asking.say("slack.rejected")
        blocks.append(
            _input(
                f"good:{place}", f"{item} · {accepted}", _number("good", due.open, due.open), optional=True
            )
        )
        blocks.append(
            _input(
                f"bad:{place}", f"{item} · {rejected}", _number("bad", Decimal(0), due.open), optional=True
            )
        )
    return values.number, blocks, asking.say("forms.receive.record")


def _request(values: RequestValues, asking: Asking, lines: int) -> tuple[str, list[Block], str]:
    blocks: list[Block] = []
    for number in range(1, lines + 1):
        line = values.lines[number - 1] if number <= len(values.lines) else None
        beyond = number > 1
        shown = (
            ("item", line.description if line else "", beyond),
            ("quantity", _plainly(line.quantity if line else None, line.unit if line else ""), beyond),
            ("price", _plainly(line.price if line else None), True),
        )
        blocks += [
            _input(
                f"{name}:{number}",
                asking.say(f"slack.fields.{name}", line=str(number)),
                _text(name, held),
                optional=skip,
            )
            for name, held, skip in shown
        ]
    if lines < MOST_LINES:
        add: Block = {
            "type": "button",
            "action_id": "modal:add_line",
            "text": plain(asking.say("buttons.add_line"), 75),
        }
        blocks.append({"type": "actions", "block_id": "more", "elements": [add]})
    return asking.say("slack.titles.request"), [*blocks, *_terms(values, asking)], asking.say("slack.review")


def _terms(values: RequestValues, asking: Asking) -> list[Block]:
    """What holds for all lines."""
    day: Block = {"type": "datepicker", "action_id": "needed_by"}
    if values.needed_by is not None:
        day["initial_date"] = values.needed_by.isoformat()
    found = [_input("needed_by", asking.say("slack.fields.needed_by"), day)]
    if asking.cost_centres:
        centres = [(code, f"{code} · {name}") for code, name in asking.cost_centres[:100]]
        codes = [code for code, _ in centres]
        held = values.cost_centre if values.cost_centre in codes else ""
        found.append(
            _input(
                "cost_centre", asking.say("slack.fields.cost_centre"), _select("cost_centre", centres, held)
            )
        )
    currency = _text("currency", values.currency)
    found.append(_input("currency", asking.say("slack.fields.currency"), currency))
    note = _text("note", values.note, multiline=True, most=2_000)
    return [*found, _input("note", asking.say("slack.fields.note"), note, optional=True)]


# ---- pieces


def _plainly(value: Decimal | None, unit: str = "") -> str:
    if value is None:
        return ""
    return f"{value:f}" if unit in ("", "pcs") else f"{value:f} {unit}"


def _input(block_id: str, label: str, element: Block, *, optional: bool = False) -> Block:
    block: Block = {"type": "input", "block_id": block_id, "label": plain(label, LABEL), "element": element}
    return block | ({"optional": True} if optional else {})


def _text(action_id: str, held: str = "", *, multiline: bool = False, most: int = 500) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": action_id, "max_length": most}
    if multiline:
        element["multiline"] = True
    return element | ({"initial_value": held[:most]} if held else {})


def _number(action_id: str, held: Decimal, most: Decimal) -> Block:
    return {
        "type": "number_input",
        "action_id": action_id,
        "is_decimal_allowed": True,
        "min_value": "0",
        "max_value": f"{most:f}",
        "initial_value": f"{held:f}",
    }


def _select(action_id: str, options: Sequence[tuple[str, str]], held: str = "") -> Block:
    shown = {value: {"text": plain(text, 75), "value": value} for value, text in options}
    element: Block = {"type": "static_select", "action_id": action_id, "options": list(shown.values())}
    return element | ({"initial_option": shown[held]} if held in shown else {})


def errors(found: Mapping[str, str]) -> dict[str, object]:
    """A sentence under each field; the modal stays, and so does what was filled in."""
    return {"response_action": "errors", "errors": {block: text[:2_900] for block, text in found.items()}}


def size_of(view: View) -> int:
    return len(json.dumps(view, ensure_ascii=False))
