"""Whether a press is one that its card offers now.

One rule: a press is a claim. What the API would refuse only after a form of questions is refused here at once,
by drawing the card for whoever pressed and looking for the button.
"""

import structlog

from bots.cards.card import Card
from bots.cards.press import NO_ID, Op, Press
from bots.dialog.context import Context

log = structlog.get_logger()

MAX_VERSION = 2_000_000_000
SNOOZE_ARGS = frozenset({"hour", "tomorrow"})

WITHOUT_SUBJECT = frozenset({Op.delegate, Op.settings})
"""What begins with the person alone."""

WITHOUT_VERSION = frozenset(
    {
        Op.form,
        Op.compare,
        Op.compare_text,
        Op.open_request,
        Op.open_rfq,
        Op.open_approval,
        Op.open_order,
        Op.files,
        Op.file,
        Op.link_confirm,
        Op.link_refuse,
    }
)


def is_malformed(press: Press) -> bool:
    """Whether no button of ours was ever drawn with this: a thing without its id, a change without its version."""
    if press.op in WITHOUT_SUBJECT:
        return press != Press(press.op)
    if press.op in WITHOUT_VERSION:
        return False
    if press.op is Op.snooze:
        return press.id != NO_ID or press.arg not in SNOOZE_ARGS
    return press.id == NO_ID or not 1 <= press.version <= MAX_VERSION


def refusal_text(ctx: Context, press: Press, card: Card) -> str:
    """Why this press is not honoured, or nothing when the card as it is now has such a button."""
    offered = [
        button.press
        for row in card.buttons
        for button in row
        if (button.press.op, button.press.id, button.press.arg) == (press.op, press.id, press.arg)
    ]
    if not offered:
        return log_refused_press(press, "not_offered", ctx.translate("cards.not_offered"))
    if offered[0].version != press.version:
        return log_refused_press(
            press, "stale", ctx.translate("errors.stale", current=str(offered[0].version))
        )
    return ""


def log_refused_press(press: Press, reason: str, text: str) -> str:
    """The words, once it stands in the log that somebody pressed what is not there."""
    log.info("press.refused", op=press.op.name, why=reason)
    return text


def log_refused_update(reason: str, text: str) -> str:
    """The words, once it stands in the log that somebody asked for what does not apply, in whatever way."""
    log.info("update.refused", code=reason)
    return text
