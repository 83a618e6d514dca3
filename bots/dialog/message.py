"""One message of a person, on either platform: its text, what it replies to, the files that came with it.

One rule: a platform's edge makes it and handlers read it; nothing in it is trusted yet.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Protocol

from bots.cards.attachment import Attachment
from bots.cards.press import Op, Press

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
        """Its content and name; FileTooLarge or DownloadFailed."""
        ...


@dataclass(frozen=True)
class RepliedMessage:
    """The message that somebody replied to: its text, and what its buttons claim."""

    text: str = ""
    presses: tuple[Press, ...] = ()

    @property
    def is_question(self) -> bool:
        """Whether it is a question of an open form, and no card that has replies of its own."""
        return any(press.op is Op.form for press in self.presses)


@dataclass(frozen=True)
class IncomingMessage:
    """One message of a person."""

    text: str = ""
    command: str = ""
    """``quote`` of ``/quote RFQ-31 …``; empty for plain text."""
    args: str = ""
    """What follows the command."""
    reply_to: RepliedMessage | None = None
    files: tuple[IncomingFile, ...] = ()
    originally_sent_at: dt.datetime | None = None
    """When it was sent, if the platform delivers it again or it was edited."""
    is_others: bool = False
    """Forwarded, or sent through another bot: somebody else chose the words."""
    has_unread: bool = False
    """It holds more than words and files: a voice message, a place, a poll."""
    is_of_album: bool = False
    """One of several files that were sent together; each comes as a message of its own."""

    @property
    def number(self) -> str:
        """The first word after the command: REQ-104."""
        return self.args.split(None, 1)[0] if self.args else ""

    @property
    def text_after_number(self) -> str:
        """What follows the number."""
        return self.args.split(None, 1)[1].strip() if len(self.args.split(None, 1)) > 1 else ""

    @classmethod
    def parse(
        cls, text: str, reply: RepliedMessage | None = None, files: tuple[IncomingFile, ...] = ()
    ) -> "IncomingMessage":
        """Plain text, or a command when it begins with a slash, in small letters or capitals."""
        found = _COMMAND.fullmatch(text)
        command, args = (found[1].casefold(), found[2].strip()) if found else ("", "")
        return cls(text, command, args, reply, files)
