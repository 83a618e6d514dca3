"""A mail as the slice's functions pass it around."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.kernel.ids import PersonId


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
