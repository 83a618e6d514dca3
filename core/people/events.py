"""What can happen to people and the organisation.

One rule: no event contains a password.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonEvent(Event):
    subject_kind: ClassVar[str] = SubjectKind.person


@dataclass(frozen=True, kw_only=True)
class PersonAdded(PersonEvent):
    type: ClassVar[str] = "person.added"
    roles: tuple[str, ...]
    vendor_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class RolesChanged(PersonEvent):
    type: ClassVar[str] = "person.role_changed"
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PersonDisabled(PersonEvent):
    type: ClassVar[str] = "person.disabled"


@dataclass(frozen=True, kw_only=True)
class PasswordSet(PersonEvent):
    type: ClassVar[str] = "person.password_set"


@dataclass(frozen=True, kw_only=True)
class OrganisationSet(Event):
    type: ClassVar[str] = "organisation.set"
    subject_kind: ClassVar[str] = SubjectKind.organisation
    name: str
    base_currency: str
    locale: str
    zone: str


@dataclass(frozen=True, kw_only=True)
class DepartmentSet(Event):
    """``head_id`` may become an approver, so the log records it."""

    type: ClassVar[str] = "department.set"
    subject_kind: ClassVar[str] = SubjectKind.department
    code: str
    name: str
    head_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class CostCentreSet(Event):
    type: ClassVar[str] = "centre.set"
    subject_kind: ClassVar[str] = SubjectKind.cost_centre
    code: str
    name: str
    department: str
    head_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class CostCentreAssigned(PersonEvent):
    """To which cost centre a colleague belongs now; None: to none."""

    type: ClassVar[str] = "person.cost_centre_assigned"
    cost_centre: str | None
