"""What can happen to a person's browser sessions.

One rule: no event contains a secret.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.people.events import PersonEvent


@dataclass(frozen=True, kw_only=True)
class WebTicketMade(PersonEvent):
    type: ClassVar[str] = "ticket.made"
    ticket_id: UUID
    path: str


@dataclass(frozen=True, kw_only=True)
class WebSessionOpened(PersonEvent):
    """``by``: password or ticket."""

    type: ClassVar[str] = "browser.opened"
    session_id: UUID
    by: str
    device: str


@dataclass(frozen=True, kw_only=True)
class WebSessionEnded(PersonEvent):
    type: ClassVar[str] = "browser.ended"
    session_id: UUID
