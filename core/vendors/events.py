"""What can happen to the vendor file."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class VendorCreated(Event):
    type: ClassVar[str] = "vendor.created"
    subject_kind: ClassVar[str] = SubjectKind.vendor
    category: str
    currency: str
    country: str
    contact_id: UUID


@dataclass(frozen=True, kw_only=True)
class VendorEdited(Event):
    """``changed`` names the fields."""

    type: ClassVar[str] = "vendor.edited"
    subject_kind: ClassVar[str] = SubjectKind.vendor
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VendorContactAdded(Event):
    type: ClassVar[str] = "vendor.contact_added"
    subject_kind: ClassVar[str] = SubjectKind.vendor
    contact_id: UUID


@dataclass(frozen=True, kw_only=True)
class VendorApproved(Event):
    """``until`` is the approval's last day."""

    type: ClassVar[str] = "vendor.approved"
    subject_kind: ClassVar[str] = SubjectKind.vendor
    until: dt.date


@dataclass(frozen=True, kw_only=True)
class VendorHeld(Event):
    type: ClassVar[str] = "vendor.held"
    subject_kind: ClassVar[str] = SubjectKind.vendor
    kind: str
    reason: str
    until: dt.date | None


@dataclass(frozen=True, kw_only=True)
class VendorReleased(Event):
    type: ClassVar[str] = "vendor.released"
    subject_kind: ClassVar[str] = SubjectKind.vendor
    kind: str


@dataclass(frozen=True, kw_only=True)
class CategoriesSet(Event):
    """The whole list of vendors' categories."""

    type: ClassVar[str] = "categories.set"
    subject_kind: ClassVar[str] = SubjectKind.organisation
    names: tuple[str, ...]
