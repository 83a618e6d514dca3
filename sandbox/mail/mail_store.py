"""The mails that arrived, the newest last.

One rule: a mail is kept as its readers see it; nothing leaves this process.
"""

import datetime as dt
import email
import email.policy
import time
from collections import deque
from dataclasses import dataclass
from itertools import count

MOST_KEPT = 200


@dataclass(frozen=True)
class KeptMail:
    number: int
    arrived_at: dt.datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    language: str
    text: str

    def body(self) -> dict[str, object]:
        """As JSON."""
        return {
            "number": self.number,
            "arrived_at": self.arrived_at.isoformat(),
            "from": self.sender,
            "to": list(self.recipients),
            "subject": self.subject,
            "language": self.language,
            "text": self.text,
        }


class MailStore:
    """The last mails; an id that comes again is one mail, as mailboxes have it."""

    def __init__(self) -> None:
        self._mails: deque[KeptMail] = deque(maxlen=MOST_KEPT)
        self._ids: deque[str] = deque(maxlen=MOST_KEPT)
        self._numbers = count(1)

    def keep(self, sender: str, recipients: tuple[str, ...], content: bytes) -> None:
        message = email.message_from_bytes(content, policy=email.policy.default)
        message_id = str(message["Message-ID"])
        if message_id in self._ids:
            return
        self._ids.append(message_id)
        part = message.get_body(("plain", "html"))
        self._mails.append(
            KeptMail(
                next(self._numbers),
                dt.datetime.fromtimestamp(time.time(), dt.UTC),
                sender,
                recipients,
                str(message["Subject"]),
                str(message.get("Content-Language", "")),
                str(part.get_content()) if part is not None else "",
            )
        )

    def of(self, address: str = "") -> list[KeptMail]:
        """Of one address or of everybody, the newest first."""
        return [each for each in reversed(self._mails) if not address or address in each.recipients]
