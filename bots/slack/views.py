"""The modals: a form, its review, a card, a sentence, the code that links an account.

    private_metadata   the draft row that holds the form: its thread, and how many lines were shown

One rule: pure; a modal shows nothing that the chat would not show.
"""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.text import translate
from bots.cards.card import Card
from bots.forms.engine import OpenForm
from bots.forms.form import FormContext
from bots.slack import input_blocks, render
from bots.slack.payloads import ViewPayload
from bots.slack.text_objects import Block, clean_line, plain_text

View = dict[str, object]

FORM, REVIEW, LINK = "form", "review", "link"
MAX_TITLE = 24
ERROR_BLOCK = "trouble"


class ViewMetadata(BaseModel):
    """What a view carries of us: a claim, like a button's value."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    thread: str = Field(default="", pattern=r"^(modal:[0-9a-f]{32})?$")
    lines: int = 1

    @classmethod
    def read(cls, text: str) -> "ViewMetadata":
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
    meta: ViewMetadata | None = None,
    submit: str = "",
) -> View:
    """A modal; without ``submit`` there is only something to read."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, MAX_TITLE),
        "close": plain_text(translate("buttons.cancel" if submit else "buttons.done", locale), MAX_TITLE),
        "private_metadata": (meta or ViewMetadata()).model_dump_json(),
        "blocks": list(blocks),
    }
    return view | ({"submit": plain_text(submit, MAX_TITLE)} if submit else {})


def loading(locale: str) -> View:
    """Shown while the form is read: the trigger lives three seconds, so the modal is opened first."""
    return text(translate("slack.loading", locale), locale)


def text(text: str, locale: str) -> View:
    """A sentence instead of a form."""
    return modal(
        "words", "Parley", [{"type": "section", "text": plain_text(text, 2_900, lines=True)}], locale=locale
    )


def link_form(locale: str) -> View:
    """Where a one-time code is entered."""
    field = input_blocks.input_block("code", translate("slack.code", locale), input_blocks.text_input("code"))
    return modal(LINK, "Parley", [field], locale=locale, submit=translate("buttons.next", locale))


def form(
    open_form: OpenForm, ctx: FormContext, thread: str, lines: int = 1, errors: Sequence[str] = ()
) -> View:
    """The modal of an open form, under what could not be taken."""
    fieldset = open_form.fields(ctx, lines)
    blocks = input_blocks.fieldset_blocks(fieldset)
    if errors:
        blocks = [_error_block("\n".join(errors)), *blocks]
    meta = ViewMetadata(thread=thread, lines=fieldset.lines)
    return modal(FORM, fieldset.title, blocks, locale=ctx.locale, meta=meta, submit=fieldset.submit)


def with_error(payload: ViewPayload, error: str) -> View | None:
    """The same modal with what was entered, below an error; None where nothing is asked."""
    if not payload.first_field:
        return None
    field_values = payload.field_values()
    blocks = [
        input_blocks.with_value(each, field_values.get(str(each.get("block_id")), ""))
        for each in payload.blocks
        if each.get("block_id") != ERROR_BLOCK
    ]
    named = {"title": payload.title, "submit": payload.submit, "close": payload.close}
    return {
        "type": "modal",
        "callback_id": payload.callback_id,
        "private_metadata": payload.private_metadata,
        "blocks": [_error_block(error), *blocks],
        **{name: text for name, text in named.items() if text},
    }


def card(blocks: Card) -> View:
    """A card instead of a form, with its buttons."""
    return modal("card", "Parley", render.blocks(blocks), locale=blocks.locale)


def review(card: Card, ctx: FormContext, thread: str, submit: str = "") -> View:
    """Everything that was understood, before it is sent."""
    blocks = render.blocks(Card(card.title, card.facts, card.items, more=card.more, locale=card.locale))
    meta = ViewMetadata(thread=thread)
    title = ctx.translate("slack.review")
    send = submit or ctx.translate("buttons.submit")
    return modal(REVIEW, title, blocks, locale=ctx.locale, meta=meta, submit=send)


def errors(found: Mapping[str, str]) -> dict[str, object]:
    """A sentence under each field; the modal stays, and so does what was filled in."""
    return {
        "response_action": "errors",
        "errors": {block: clean_line(text, 2_900, lines=True) for block, text in found.items()},
    }


def _error_block(error: str) -> Block:
    return {"type": "section", "block_id": ERROR_BLOCK, "text": plain_text(error, 2_900, lines=True)}
