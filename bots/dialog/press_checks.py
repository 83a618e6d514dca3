"""Whether a press is one that its card offers now.

One rule: a press is a claim. What the API would refuse only after a form of questions is refused here at once:
the card is drawn for whoever pressed, and the button must be on it.
"""

from typing import Any

import structlog

from bots.cards.card import Card
from bots.cards.press import NO_ID, Press
from bots.dialog.context import Context
from bots.dialog.specs import ButtonSpec

log = structlog.get_logger()

MAX_VERSION = 2_000_000_000


def is_malformed(press: Press, spec: ButtonSpec[Any]) -> bool:
    """Whether no button of ours was ever drawn with this: a thing without its id, a change without its version."""
    if not spec.subject:
        return press.id != NO_ID or press.arg not in spec.args
    if not spec.versioned:
        return False
    return press.id == NO_ID or not 1 <= press.version <= MAX_VERSION


def refusal_text(ctx: Context, press: Press, card: Card) -> str:
    """Why this press is refused, or nothing when the card as it is now has such a button."""
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
    """The text, after logging that somebody pressed what is not offered."""
    log.info("press.refused", op=press.op.name, why=reason)
    return text


def log_refused_update(reason: str, text: str) -> str:
    """The text, after logging that somebody asked for what does not apply, whether typed or pressed."""
    log.info("update.refused", code=reason)
    return text
