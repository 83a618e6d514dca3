"""Whether a press is one that its card offers now.

One rule: a press is a claim. What the API would refuse only after a form of questions is refused here at once,
by drawing the card for whoever pressed and looking for the button.
"""

import structlog

from bots.cards.card import Card
from bots.cards.press import NOBODY, Op, Press
from bots.talk.turn import Turn

log = structlog.get_logger()

LATEST = 2_000_000_000
SNOOZES = frozenset({"hour", "tomorrow"})

ABOUT_NOTHING = frozenset({Op.delegate, Op.settings})
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


def malformed(claim: Press) -> bool:
    """Whether no button of ours was ever drawn with this: a thing without its id, a change without its version."""
    if claim.op in ABOUT_NOTHING:
        return claim != Press(claim.op)
    if claim.op in WITHOUT_VERSION:
        return False
    if claim.op is Op.snooze:
        return claim.id != NOBODY or claim.arg not in SNOOZES
    return claim.id == NOBODY or not 1 <= claim.version <= LATEST


def refusal(turn: Turn, claim: Press, card: Card) -> str:
    """Why this press is not honoured, or nothing when the card as it is now has such a button."""
    offered = [
        button.press
        for row in card.buttons
        for button in row
        if (button.press.op, button.press.id, button.press.arg) == (claim.op, claim.id, claim.arg)
    ]
    if not offered:
        return refused(claim, "not_offered", turn.say("cards.not_offered"))
    if offered[0].version != claim.version:
        return refused(claim, "stale", turn.say("errors.stale", current=str(offered[0].version)))
    return ""


def refused(claim: Press, why: str, words: str) -> str:
    """The words, once it stands in the log that somebody pressed what is not there."""
    log.info("press.refused", op=claim.op.name, why=why)
    return words


def turned_down(why: str, words: str) -> str:
    """The words, once it stands in the log that somebody asked for what does not apply, in whatever way."""
    log.info("update.refused", code=why)
    return words
