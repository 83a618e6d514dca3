"""What takes a mail to its reader: a port, and the SMTP server behind it.

One rule: a mail that was not taken for good or refused for good is tried again by whoever sent it.
"""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

SEND_SECONDS = 12.0
"""For one step of the talk with the server."""
WHOLE_SECONDS = 30.0
"""For one mail: shorter than its claim and its delivery's lease, however slowly the server answers each step."""
PORTS = {"smtp": 25, "smtps": 465}
FIRST_LASTING = 500
"""From this reply code on, the server's no is lasting."""


class MailRefused(Exception):
    """The server takes no mail for this address, now or later."""


class MailNotTaken(Exception):
    """The server did not take the mail this time."""


class MailSender(Protocol):
    """Sends one mail; returns once somebody else is responsible for it."""

    async def send(self, message: EmailMessage) -> None:
        """MailRefused or MailNotTaken when it was not taken."""
        ...


@dataclass(frozen=True)
class SmtpSender:
    """``smtp://user:password@host:587``; ``smtps://`` for a server that speaks TLS from the first byte."""

    url: str

    async def send(self, message: EmailMessage) -> None:
        parts = urlsplit(self.url)
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                await aiosmtplib.send(
                    message,
                    hostname=parts.hostname or "127.0.0.1",
                    port=parts.port or PORTS.get(parts.scheme, 25),
                    username=unquote(parts.username) if parts.username else None,
                    password=unquote(parts.password) if parts.password else None,
                    use_tls=parts.scheme == "smtps",
                    timeout=SEND_SECONDS,
                )
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            if all(each.code >= FIRST_LASTING for each in refusal.recipients):
                raise MailRefused from refusal
            raise MailNotTaken("the server did not take the address") from refusal
        except (aiosmtplib.SMTPException, OSError) as failure:
            raise MailNotTaken(type(failure).__name__) from failure
