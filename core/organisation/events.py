"""What can happen to the organisation, its departments and its cost centres."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.kernel.subjects import SubjectKind
from core.log.events import Event
from core.people.events import PersonEvent


@dataclass(frozen=True, kw_only=True)
class OrganisationSet(Event):
    type: ClassVar[str] = "organisation.set"
    subject_kind: ClassVar[str] = SubjectKind.organisation
    name: str
    base_currency: str
    locale: str
    zone: str
    vendors_need_approval: bool = False
    duplicate_days: int = 14
    country: str | None = None


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
class CostCentreDeactivated(Event):
    """New requests cannot name it; those that do go on."""

    type: ClassVar[str] = "centre.deactivated"
    subject_kind: ClassVar[str] = SubjectKind.cost_centre
    code: str


@dataclass(frozen=True, kw_only=True)
class CostCentreActivated(Event):
    type: ClassVar[str] = "centre.activated"
    subject_kind: ClassVar[str] = SubjectKind.cost_centre
    code: str


@dataclass(frozen=True, kw_only=True)
class CostCentreAssigned(PersonEvent):
    """To which cost centre a colleague belongs now; None: to none."""

    type: ClassVar[str] = "person.cost_centre_assigned"
    cost_centre: str | None
