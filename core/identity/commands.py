"""What can be asked about people, sessions and chat links."""

from dataclasses import dataclass

from core.access.roles import Role
from core.kernel.ids import LinkId, PersonId, VendorId


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
class Login:
    email: str
    password: str


@dataclass(frozen=True)
class Refresh:
    refresh_token: str


@dataclass(frozen=True)
class ExchangeChat:
    platform: str
    external_id: str


@dataclass(frozen=True)
class MakeLink:
    """None: for oneself."""

    person_id: PersonId | None


@dataclass(frozen=True)
class RevokeLink:
    link_id: LinkId


@dataclass(frozen=True)
class UseLink:
    code: str
    platform: str
    external_id: str
    display_name: str
    locale: str = ""
    """The platform's language for this account, where it is one of ours."""
