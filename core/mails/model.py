"""A mail as the slice's functions pass it around."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.kernel.ids import PersonId

MAILS_KEPT = dt.timedelta(days=365)


class MailState(StrEnum):
    """``refused``: the receiving server takes nothing for this address; ``outdated``: it would say what is over."""

    waiting = "waiting"
    sent = "sent"
    refused = "refused"
    outdated = "outdated"


@dataclass(frozen=True)
class Mail:
    id: UUID
    person_id: PersonId
