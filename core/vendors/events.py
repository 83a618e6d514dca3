"""What can happen to the vendor file."""

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
