"""A mail as it is sent: plain words in its reader's language, and one link.

One rule: nothing that a person wrote stands in a header but their own address, and no header has a second line.
"""

import datetime as dt
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

from api.text import fill_commands, translate
from core.people.model import Person

MOST_IN_SUBJECT = 120


def mail_text(text: str, url: str, locale: str) -> str:
    """The sentence, and what to press; without a link only the sentence."""
    if not url:
        return fill_commands(text)
    return "\n\n".join(
        [fill_commands(text), translate("mails.open", locale), url, translate("mails.own", locale)]
    )


def mail_message(
    message_id: UUID, sender: str, reader: Person, *, subject: str, text: str, now: dt.datetime
) -> EmailMessage:
    """The mail with its headers; the same id again is the same mail, and servers may drop it."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = reader.email or ""
    message["Subject"] = " ".join(subject.split())[:MOST_IN_SUBJECT]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2].strip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message["Content-Language"] = reader.locale.replace(
        "_", "-"
    )  # content headers before it would be dropped
    return message
