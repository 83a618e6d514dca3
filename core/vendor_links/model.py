"""Vendors' links and codes as the slice's functions pass them around."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.kernel.ids import LinkId, PersonId, VendorId
from core.people.model import Person
from core.vendor_links.states import LinkState


class LinkKind(StrEnum):
    """What a link opens."""

    rfq = "rfq"
    order = "order"


@dataclass(frozen=True)
class LinkSubject:
    """The RFQ or the order that a link opens."""

    kind: LinkKind
    id: UUID


@dataclass(frozen=True)
class VendorLink:
    id: LinkId
    person_id: PersonId
    about: LinkSubject
    expires_at: dt.datetime
    replaced_at: dt.datetime | None
    revoked_at: dt.datetime | None

    def is_open(self, now: dt.datetime) -> bool:
        return self.expires_at > now and self.replaced_at is None and self.revoked_at is None


@dataclass(frozen=True)
class ContactDevice:
    """A browser in which a contact may act now."""

    name: str
    since: dt.datetime
    seen_at: dt.datetime


@dataclass(frozen=True)
class KnownLink:
    """A link as procurement sees it: whose, for what, and what became of it; never its secret."""

    id: LinkId
    person_id: PersonId
    person_name: str
    vendor_id: VendorId
    about: LinkSubject
    number: str
    state: LinkState
    made_by_name: str | None
    """None: it went out with a mail."""
    made_at: dt.datetime
    expires_at: dt.datetime
    used_at: dt.datetime | None
    """When a browser was let in last by its code; who only looks leaves no trace, because mail scanners look too."""
    devices: tuple[ContactDevice, ...] = ()
    """Of the contact, whichever link let them in."""


@dataclass(frozen=True)
class NewVendorLink:
    """A link's secret is shown once, to whoever hands it over."""

    id: LinkId
    secret: str
    person_id: PersonId
    person_name: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class OpenedLink:
    """Whose link it is, and what it opens."""

    person: Person
    about: LinkSubject


@dataclass(frozen=True)
class WantedCode:
    """The ticket with which the code counts; ``not_until``: no code is sent before."""

    ticket: str
    not_until: dt.datetime | None = None


@dataclass(frozen=True)
class CodeAttempt:
    """A code that somebody tries; ``attempts`` counts this one too."""

    id: UUID
    link_id: LinkId
    code_hash: bytes | None
    attempts: int


@dataclass(frozen=True)
class NamedColleague:
    """Somebody whom a contact named, as they were written."""

    id: UUID
    named_by: PersonId
    name: str
    email: str
    about: LinkSubject
