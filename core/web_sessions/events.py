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
    """``by``: password, ticket, number, code, or the platform that said who it is."""

    type: ClassVar[str] = "browser.opened"
    session_id: UUID
    by: str
    device: str


@dataclass(frozen=True, kw_only=True)
class WebSessionEnded(PersonEvent):
    type: ClassVar[str] = "browser.ended"
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class WebMatchAsked(PersonEvent):
    """A browser shows a number, and the person's chats ask which; ``purpose``: login or confirm."""

    type: ClassVar[str] = "browser.asked"
    match_id: UUID
    purpose: str
    device: str


@dataclass(frozen=True, kw_only=True)
class WebMatchAnswered(PersonEvent):
    type: ClassVar[str] = "browser.answered"
    match_id: UUID
    matched: bool


@dataclass(frozen=True, kw_only=True)
class WebSessionConfirmed(PersonEvent):
    """The person proved once more who they are; ``by``: password or number."""

    type: ClassVar[str] = "browser.confirmed"
    session_id: UUID
    by: str
