"""A small SMTP server (RFC 5321): takes mails for the mailbox page, and is strict about how they come.

One rule: what a real server would refuse is refused here, with its code.

    refused@…      550: this address takes nothing, ever
    busy@…         450: not now
"""

import asyncio
import email
import email.policy
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.mail.mail_store import MailStore

MOST_BYTES = 1_000_000
MOST_IN_LINE = 1_000
MOST_RECIPIENTS = 100
IDLE_SECONDS = 60
HEADERS = ("From", "To", "Subject", "Date", "Message-ID")
_PATH = re.compile(r"<([^<>\s@]{1,64}@[^<>\s@]{1,255})>", re.ASCII)
_COMMAND = re.compile(r"([A-Za-z]{4})(?: (.*))?")


@dataclass
class SmtpSession:
    """One connection: what was said so far, and the answer to each line."""

    store: MailStore
    greeted: bool = False
    sender: str = ""
    recipients: list[str] = field(default_factory=list)

    def answer(self, line: str) -> str:
        """The reply to a command; ``354`` asks for the content, ``221`` ends the connection."""
        found = _COMMAND.fullmatch(line)
        commands: dict[str, Callable[[str], str]] = {
            "EHLO": self._hello,
            "HELO": self._hello,
            "MAIL": self._mail,
            "RCPT": self._recipient,
            "DATA": self._data,
            "RSET": self._reset,
            "NOOP": lambda _: "250 2.0.0 ok",
            "QUIT": lambda _: "221 2.0.0 bye",
        }
        command = commands.get(found[1].upper()) if found else None
        if found is None or command is None:
            return "500 5.5.2 command not recognised"
        return command(found[2] or "")

    def _hello(self, name: str) -> str:
        if not name.strip():
            return "501 5.5.4 say who you are"
        self._reset("")
        self.greeted = True
        return f"250-sandbox\r\n250-SIZE {MOST_BYTES}\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES"

    def _mail(self, rest: str) -> str:
        if not self.greeted:
            return "503 5.5.1 say EHLO first"
        if self.sender:
            return "503 5.5.1 one sender at a time"
        path = _PATH.match(rest[5:].strip()) if rest.upper().startswith("FROM:") else None
        if path is None:
            return "501 5.1.7 MAIL FROM:<address>"
        self.sender = path[1]
        return "250 2.1.0 ok"

    def _recipient(self, rest: str) -> str:
        if not self.sender:
            return "503 5.5.1 say MAIL first"
        path = _PATH.match(rest[3:].strip()) if rest.upper().startswith("TO:") else None
        if path is None:
            return "501 5.1.3 RCPT TO:<address>"
        if path[1].startswith("refused@"):
            return "550 5.1.1 no such mailbox"
        if path[1].startswith("busy@") or len(self.recipients) >= MOST_RECIPIENTS:
            return "450 4.2.1 try again later"
        self.recipients.append(path[1])
        return "250 2.1.5 ok"

    def _data(self, rest: str) -> str:
        return "354 end with a dot" if self.recipients else "503 5.5.1 say RCPT first"

    def _reset(self, rest: str) -> str:
        self.sender, self.recipients = "", []
        return "250 2.0.0 ok"

    def content(self, content: bytes | None) -> str:
        """The reply to what came after DATA; None was too large."""
        sender, recipients = self.sender, tuple(self.recipients)
        self._reset("")
        if content is None:
            return "552 5.3.4 too large"
        message = email.message_from_bytes(content, policy=email.policy.default)
        missing = [name for name in HEADERS if not message[name]]
        if missing:
            return f"554 5.6.0 no {missing[0]} in the header"
        self.store.keep(sender, recipients, content)
        return "250 2.0.0 kept"


class SmtpListener:
    """Serves one session per connection."""

    def __init__(self, store: MailStore) -> None:
        self._store = store

    async def start(self, host: str, port: int) -> asyncio.Server:
        return await asyncio.start_server(self._serve, host, port, limit=MOST_BYTES)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = SmtpSession(self._store)
        reply = "220 sandbox ESMTP"
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                while True:
                    writer.write(reply.encode() + b"\r\n")
                    await writer.drain()
                    if reply.startswith("221"):
                        break
                    if reply.startswith("354"):
                        reply = session.content(await _content(reader))
                        continue
                    line = await reader.readline()
                    if not line:
                        break
                    reply = (
                        session.answer(line.decode("utf-8", "replace").rstrip("\r\n"))
                        if line.endswith(b"\r\n") and len(line) <= MOST_IN_LINE
                        else "500 5.5.2 a line ends with CR LF, after 998 characters at most"
                    )
        except (TimeoutError, ConnectionError, ValueError):
            pass
        finally:
            writer.close()


async def _content(reader: asyncio.StreamReader) -> bytes | None:
    """The lines up to the dot, unstuffed; None when they are too many."""
    lines, size = list[bytes](), 0
    while (line := await reader.readline()) not in (b".\r\n", b""):
        size += len(line)
        if size <= MOST_BYTES:
            lines.append(line[1:] if line.startswith(b".") else line)
    return b"".join(lines) if size <= MOST_BYTES else None
