"""Browser sessions and tickets as the slice's functions pass them around."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

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
