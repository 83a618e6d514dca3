"""What can happen to people.

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
class PersonEdited(PersonEvent):
    """``changed`` names the fields, never their values."""

    type: ClassVar[str] = "person.edited"
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RolesChanged(PersonEvent):
    type: ClassVar[str] = "person.role_changed"
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PersonDisabled(PersonEvent):
    type: ClassVar[str] = "person.disabled"


@dataclass(frozen=True, kw_only=True)
class PersonEnabled(PersonEvent):
    type: ClassVar[str] = "person.enabled"


@dataclass(frozen=True, kw_only=True)
class PasswordSet(PersonEvent):
    """``link_id`` is the one-time link by which the person set it; None: an administrator did."""

    type: ClassVar[str] = "person.password_set"
    link_id: UUID | None = None
