"""The commands about the organisation, its departments and its cost centres."""

from dataclasses import dataclass

from core.kernel.ids import PersonId


@dataclass(frozen=True)
class SetOrganisation:
    name: str
    base_currency: str
    locale: str
    zone: str
    vendors_need_approval: bool | None = None
    """Whether only vendors with an approval in force may be asked; None leaves it as it is."""
    duplicate_days: int | None = None
    country: str | None = None
    """For how many days an earlier request for the same is warned of, 0: never; None leaves it as it is."""


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
class DeactivateCostCentre:
    code: str


@dataclass(frozen=True)
class ActivateCostCentre:
    code: str


@dataclass(frozen=True)
class AssignCostCentre:
    """To which cost centre a colleague belongs; None: to none."""

    person_id: PersonId
    cost_centre: str | None
