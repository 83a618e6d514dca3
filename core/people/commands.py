"""The commands about people and the organisation."""

from dataclasses import dataclass

from core.access.roles import Role
from core.kernel.ids import PersonId, VendorId


@dataclass(frozen=True)
class SetOrganisation:
    name: str
    base_currency: str
    locale: str
    zone: str


@dataclass(frozen=True)
class AddPerson:
    name: str
    email: str | None
    roles: tuple[Role, ...]
    locale: str
    zone: str
    vendor_id: VendorId | None
    password: str | None


@dataclass(frozen=True)
class ChangeRoles:
    person_id: PersonId
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class DisablePerson:
    person_id: PersonId


@dataclass(frozen=True)
class SetPassword:
    person_id: PersonId
    password: str


@dataclass(frozen=True)
class AddDepartment:
    code: str
    name: str
    head_id: PersonId | None


@dataclass(frozen=True)
class AddCostCentre:
    code: str
    name: str
    department: str
    head_id: PersonId | None


@dataclass(frozen=True)
class AssignCostCentre:
    """To which cost centre a colleague belongs; None: to none."""

    person_id: PersonId
    cost_centre: str | None
