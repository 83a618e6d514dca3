"""Browser sessions, tickets and numbers to match as the slice's functions pass them around."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.kernel.ids import PersonId
from core.people.model import Person


@dataclass(frozen=True)
class WebSession:
    """A person's session in one browser; ``device`` is what the browser called itself."""

    id: UUID
    person_id: UUID
    epoch: int
    device: str
    made_at: dt.datetime
    seen_at: dt.datetime
    expires_at: dt.datetime
    ended_at: dt.datetime | None


@dataclass(frozen=True)
class OpenedSession:
    """A person who has just proved who they are; ``secret`` is shown once, to their browser."""

    id: UUID
    person: Person
    secret: str
    path: str = ""
    """Where a ticket leads."""


@dataclass(frozen=True)
class WebTicket:
    id: UUID
    person_id: UUID
    epoch: int
    path: str
    expires_at: dt.datetime
    used_at: dt.datetime | None


@dataclass(frozen=True)
class NewTicket:
    """A ticket's secret is shown once, to whoever asked for it."""

    secret: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class TicketPreview:
    """Whom a ticket would let in."""

    name: str
    locale: str


class MatchState(StrEnum):
    """Asked, answered with the right number, answered otherwise, or over."""

    waiting = "waiting"
    matched = "matched"
    refused = "refused"
    over = "over"


@dataclass(frozen=True)
class NumberMatch:
    """A number that one browser shows and that the person's chat offers among ``offered``.

    Without a person nobody is asked: whoever typed an unknown address sees the same page. With a session it
    confirms that session instead of opening one.
    """

    id: UUID
    person_id: PersonId | None
    epoch: int
    session_id: UUID | None
    device: str
    path: str
    number: int
    offered: tuple[int, ...]
    expires_at: dt.datetime
    answered_at: dt.datetime | None
    matched: bool
    used_at: dt.datetime | None

    def state(self, now: dt.datetime) -> MatchState:
        """How it stands at this moment."""
        if self.used_at is not None or self.expires_at <= now:
            return MatchState.over
        if self.answered_at is None:
            return MatchState.waiting
        return MatchState.matched if self.matched else MatchState.refused


@dataclass(frozen=True)
class SignInProof:
    """What a platform said once about its user; it is remembered as used until it is too old anyway."""

    fingerprint: bytes
    expires_at: dt.datetime


@dataclass(frozen=True)
class NewMatch:
    """The secret is for the browser's cookie, the number for its page."""

    secret: str
    number: int


@dataclass(frozen=True)
class MatchSeen:
    """What the page shows while it waits."""

    number: int
    state: MatchState
