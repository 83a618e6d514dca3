"""Sessions, link codes and chats as the slice's functions pass them around."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from core.kernel.ids import LinkId, PersonId
from core.people.model import Person


@dataclass(frozen=True)
class Session:
    """A person who has just been authenticated, with the single-use token for the next refresh."""

    person: Person
    refresh_token: str


@dataclass(frozen=True)
class NewLink:
    """A code that is shown once and stored as a hash."""

    id: LinkId
    code: str
    purpose: str
    person_id: PersonId
    expires_at: dt.datetime


@dataclass(frozen=True)
class LinkPreview:
    """Both sides by name, so that the person sees what would be linked."""

    account: str
    vendor: str | None
    chat: str
    invited_by: str | None
    purpose: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class StoredLink:
    id: LinkId
    purpose: str
    person_id: UUID
    made_by: UUID | None
    expires_at: dt.datetime
    used_at: dt.datetime | None
    revoked_at: dt.datetime | None
    identity_id: UUID | None


@dataclass(frozen=True)
class LinkedChat:
    """A chat account that is linked to a person; ``link_id`` is what ends it."""

    link_id: LinkId
    platform: str
    display_name: str
    linked_at: dt.datetime
    reachable: bool


@dataclass(frozen=True)
class StoredToken:
    """A refresh token as stored in the database; ``epoch`` is the person's epoch when it was issued."""

    id: UUID
    family: UUID
    person_id: UUID
    epoch: int
    expires_at: dt.datetime
    used_at: dt.datetime | None
    revoked_at: dt.datetime | None


@dataclass(frozen=True)
class ChatAccount:
    """A chat where a person can be reached."""

    identity_id: UUID
    platform: str
    external_id: str
    person_id: PersonId
    locale: str
    zone: str
