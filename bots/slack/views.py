"""The windows that are opened over Slack: a form, its review, a card, a sentence, the code that connects.

    private_metadata   the draft row that holds the form: its thread, and how many lines were shown

One rule: pure; what stands in a window says nothing that the chat would not.
"""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.text import translate
from bots.cards.card import Card
from bots.forms.engine import Open
from bots.forms.form import Asking
from bots.slack import fields, forms, render
from bots.slack.payloads import View as Sent
from bots.slack.texts import Block, plain

View = dict[str, object]

FORM, REVIEW, LINK = "form", "review", "link"
TITLE = 24
TROUBLE = "trouble"


class Meta(BaseModel):
    """What a view carries of us: a claim, like a button's value."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    thread: str = Field(default="", pattern=r"^(modal:[0-9a-f]{32})?$")
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
        "close": plain(translate("buttons.cancel" if submit else "buttons.done", locale), TITLE),
        "private_metadata": (meta or Meta()).model_dump_json(),
        "blocks": list(blocks),
    }
    return view | ({"submit": plain(submit, TITLE)} if submit else {})


def loading(locale: str) -> View:
    """What stands there while we look; nothing before it, a trigger lives three seconds."""
    return words(translate("slack.loading", locale), locale)


def words(text: str, locale: str) -> View:
    """A sentence instead of a form."""
    return modal(
        "words", "Parley", [{"type": "section", "text": plain(text, 2_900, lines=True)}], locale=locale
    )


def linking(locale: str) -> View:
    """Where a one-time code is entered."""
    field = fields.field("code", translate("slack.code", locale), fields.text("code"))
    return modal(LINK, "Parley", [field], locale=locale, submit=translate("buttons.next", locale))


def form(open_: Open, asking: Asking, thread: str, lines: int = 1, troubles: Sequence[str] = ()) -> View:
    """The modal of an open form, under what could not be taken."""
    asked = forms.asked(open_.values, asking, lines)
    blocks = asked.blocks
    if troubles:
        blocks = [_trouble("\n".join(troubles)), *blocks]
    meta = Meta(thread=thread, lines=asked.lines)
    return modal(FORM, asked.title, blocks, locale=asking.locale, meta=meta, submit=asked.submit)


def again(sent: Sent, trouble: str) -> View | None:
    """The same window with what was entered, under what went wrong; None where nothing is asked."""
    if not sent.first_field:
        return None
    filled = sent.filled()
    kept = [
        fields.refilled(each, filled.get(str(each.get("block_id")), ""))
        for each in sent.blocks
        if each.get("block_id") != TROUBLE
    ]
    named = {"title": sent.title, "submit": sent.submit, "close": sent.close}
    return {
        "type": "modal",
        "callback_id": sent.callback_id,
        "private_metadata": sent.private_metadata,
        "blocks": [_trouble(trouble), *kept],
        **{name: text for name, text in named.items() if text},
    }


def card(shown: Card) -> View:
    """A card instead of a form, with its buttons."""
    return modal("card", "Parley", render.blocks(shown), locale=shown.locale)


def review(card: Card, asking: Asking, thread: str) -> View:
    """Everything that was understood, before it is sent."""
    shown = render.blocks(Card(card.title, card.facts, card.items, more=card.more, locale=card.locale))
    meta = Meta(thread=thread)
    title = asking.say("slack.review")
    return modal(REVIEW, title, shown, locale=asking.locale, meta=meta, submit=asking.say("buttons.submit"))


def errors(found: Mapping[str, str]) -> dict[str, object]:
    """A sentence under each field; the modal stays, and so does what was filled in."""
    return {"response_action": "errors", "errors": {block: text[:2_900] for block, text in found.items()}}


def _trouble(words: str) -> Block:
    return {"type": "section", "block_id": TROUBLE, "text": plain(words, 2_900, lines=True)}
