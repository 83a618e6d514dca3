"""Text as Slack takes it: cleaned, cut, and inert wherever it stands.

One rule: what a person wrote goes into ``plain_text``, where nothing is formatted or mentioned; where Slack knows
only its own mark-up (the notification's text), ``&``, ``<`` and ``>`` are escaped. It is never rewritten.
"""

import re

from api.text import fill_commands
from bots.cards.clean import clean

Block = dict[str, object]

MAX_NOTIFICATION = 700
"""Before escaping, which can make five signs of one; chat.update takes 4,000."""
_MENTION_OR_LINK = re.compile(r"<(?=[!@#]|[A-Za-z][A-Za-z0-9+.-]*:)")


def shorten(text: str, max_length: int) -> str:
    """At most so long, cut visibly."""
    return text if len(text) <= max_length else f"{text[: max_length - 1]}…"


def clean_line(text: str, max_length: int, *, lines: bool = False) -> str:
    """Cleaned and cut, never empty, with our commands as Slack has them: all behind ``/parley``.

    What would mention somebody or be a link elsewhere does not even look like it.
    """
    filled = fill_commands(text, "slack")
    shown = _MENTION_OR_LINK.sub("‹", clean(filled, lines=lines).strip())
    return shorten(shown, max_length) or "…"


def plain_text(text: str, max_length: int, *, lines: bool = False) -> Block:
    """A text object without any mark-up."""
    return {"type": "plain_text", "text": clean_line(text, max_length, lines=lines), "emoji": False}


def escape_mrkdwn(text: str, max_length: int = MAX_NOTIFICATION) -> str:
    """For the one text that Slack reads as mark-up."""
    shown = clean_line(text, max_length, lines=True)
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
