"""Words as Slack takes them: cleaned, cut, and inert wherever they stand.

One rule: what a person wrote goes into ``plain_text``, where nothing is formatted or called; where Slack knows
only its own mark-up (the notification's words), ``&``, ``<`` and ``>`` are escaped.
"""

import re

from bots.cards.clean import clean

Block = dict[str, object]

COMMANDS = (
    "acknowledge", "approvals", "approve", "ask", "audit", "cancel", "cancel_request", "close", "comment",
    "compare", "copy", "delegate", "delegations", "digest", "drafts", "files", "help", "invite", "language", "link",
    "my", "nobid", "po", "profile", "propose", "question", "quote", "receive", "reject", "report", "request",
    "rfq", "rfqs", "settings", "snooze", "start", "status", "team", "undo", "unlink", "vendors", "whoami",
    "withdraw",
)  # fmt: skip
"""What sentences send people to; a test holds the tables of the conversation to it."""
MAX_NOTIFICATION = 700
"""Before escaping, which can make five signs of one; chat.update takes 4,000."""
_COMMAND = re.compile(rf"(?<![\w/:.])/(?=(?:{'|'.join(COMMANDS)})\b)")
_MENTION_OR_LINK = re.compile(r"<(?=[!@#]|[A-Za-z][A-Za-z0-9+.-]*:)")


def shorten(text: str, max_length: int) -> str:
    """At most so long, cut visibly."""
    return text if len(text) <= max_length else f"{text[: max_length - 1]}…"


def clean_line(text: str, max_length: int, *, lines: bool = False) -> str:
    """Cleaned and cut, never empty; what would call somebody elsewhere does not even look like it,
    and our commands are called as Slack has them: all behind one.
    """
    shown = _COMMAND.sub("/parley ", _MENTION_OR_LINK.sub("‹", clean(text, lines=lines).strip()))
    return shorten(shown, max_length) or "…"


def plain_text(text: str, max_length: int, *, lines: bool = False) -> Block:
    """A text object without any mark-up."""
    return {"type": "plain_text", "text": clean_line(text, max_length, lines=lines), "emoji": False}


def escape_mrkdwn(text: str, max_length: int = MAX_NOTIFICATION) -> str:
    """For the one text that Slack reads as mark-up."""
    shown = clean_line(text, max_length, lines=True)
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
