"""People and their organisation as the slice's functions pass them around."""

from dataclasses import dataclass
from uuid import UUID

from core.access.roles import Role
from core.kernel.ids import PersonId, VendorId


@dataclass(frozen=True)
class Person:
    """An account; ``epoch`` rises whenever rights change, and tokens of an older epoch are invalid."""

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
class CostCentre:
    code: str
    name: str
    department: str
    head_id: UUID | None


@dataclass(frozen=True)
class Organisation:
    name: str
    base_currency: str
    locale: str
    zone: str
    vendors_need_approval: bool = False
    duplicate_days: int = 14
    """For how long an earlier request for the same is warned of; 0: never."""
    country: str | None = None
    """Whose working days count; None: none are known."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked to decide."""

    person_id: PersonId
    name: str
