"""The commands about people."""

from dataclasses import dataclass

from core.access.roles import Role
from core.kernel.ids import PersonId, VendorId


@dataclass(frozen=True)
class AddPerson:
    """A new account; without a ``zone`` it gets the organisation's."""

    name: str
    email: str | None
    roles: tuple[Role, ...]
    locale: str
    zone: str
    vendor_id: VendorId | None
    password: str | None


@dataclass(frozen=True)
class EditPerson:
    """The new values; a field that ``named`` does not contain stays as it is, and no ``email`` removes it."""

    person_id: PersonId
    named: frozenset[str]
    name: str = ""
    email: str | None = None
    locale: str = ""
    zone: str = ""


@dataclass(frozen=True)
class ChangeRoles:
    person_id: PersonId
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class DisablePerson:
    person_id: PersonId


@dataclass(frozen=True)
class EnablePerson:
    person_id: PersonId


@dataclass(frozen=True)
class SetPassword:
    person_id: PersonId
    password: str
