"""What somebody said, on whatever platform: the words, what they reply to, the files that came with them.

One rule: made by a platform's edge from what it was sent, and read by rooms; nothing in it is believed yet.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Protocol

from bots.cards.attachment import Attachment
from bots.cards.press import Press

_COMMAND = re.compile(r"/([^\s@]*)(?:@\S*)?\s*(.*)", re.DOTALL)


@dataclass(eq=False)
class FileTooLarge(Exception):
    """More than 10 MB."""

    size: int


class DownloadFailed(Exception):
    """The platform did not hand the file over."""


class IncomingFile(Protocol):
    """A file in the chat, not fetched yet."""

    async def download(self) -> Attachment:
        """Its content and name; TooLarge or NotFetched."""
        ...


@dataclass(frozen=True)
class RepliedMessage:
    """The message that somebody replied to: its words, and what its buttons claim."""

    text: str = ""
    presses: tuple[Press, ...] = ()


@dataclass(frozen=True)
class IncomingMessage:
    """One message of a person."""

    text: str = ""
    command: str = ""
    """``quote`` of ``/quote RFQ-31 …``; empty for words."""
    args: str = ""
    """What stands behind the command."""
    reply_to: RepliedMessage | None = None
    files: tuple[IncomingFile, ...] = ()
    originally_sent_at: dt.datetime | None = None
    """When it was said, of words that the platform delivers again."""

    @property
    def number(self) -> str:
        """The first word behind the command: REQ-104."""
        return self.args.split(None, 1)[0] if self.args else ""

    @property
    def text_after_number(self) -> str:
        """What stands behind the number."""
        return self.args.split(None, 1)[1].strip() if len(self.args.split(None, 1)) > 1 else ""

    @classmethod
    def parse(
        cls, text: str, reply: RepliedMessage | None = None, files: tuple[IncomingFile, ...] = ()
    ) -> "IncomingMessage":
        """Words, or a command when they begin with a slash."""
        found = _COMMAND.fullmatch(text)
        command, args = (found[1], found[2].strip()) if found else ("", "")
        return cls(text, command, args, reply, files)
