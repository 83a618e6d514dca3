"""People, sessions and links as the slice's functions hand them around."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from core.access.roles import Role
from core.kernel.ids import LinkId, PersonId, VendorId


@dataclass(frozen=True)
class Person:
    """An account; ``epoch`` rises whenever rights change, and older tokens end with it."""

    id: PersonId
    name: str
    email: str | None
    locale: str
    zone: str
    vendor_id: VendorId | None
    vendor_name: str | None
    active: bool
    epoch: int
    roles: frozenset[Role]


@dataclass(frozen=True)
class CostCentreName:
    code: str
    name: str


@dataclass(frozen=True)
class Me:
    """A person with what their own page shows."""

    person: Person
    cost_centres: tuple[CostCentreName, ...]
    base_currency: str


@dataclass(frozen=True)
class Session:
    """A person who has just proved who they are, and the one-use token for the next time."""

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
    """Both sides by name, so that the person sees what would be joined."""

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
