"""What can have happened to accounts, links and the organisation; no code or token ever stands in an event."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonEvent(Event):
    subject_kind: ClassVar[str] = "person"


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
    subject_kind: ClassVar[str] = "organisation"
    name: str
    base_currency: str
    locale: str
    zone: str


@dataclass(frozen=True, kw_only=True)
class DepartmentSet(Event):
    """``head_id`` may become an approver: that is why it stands in the log."""

    type: ClassVar[str] = "department.set"
    subject_kind: ClassVar[str] = "department"
    code: str
    name: str
    head_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class CostCentreSet(Event):
    type: ClassVar[str] = "centre.set"
    subject_kind: ClassVar[str] = "cost_centre"
    code: str
    name: str
    department: str
    head_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class LinkMade(PersonEvent):
    type: ClassVar[str] = "link.made"
    link_id: UUID
    purpose: str


@dataclass(frozen=True, kw_only=True)
class LinkConfirmed(PersonEvent):
    type: ClassVar[str] = "link.confirmed"
    link_id: UUID
    platform: str
    identity_id: UUID


@dataclass(frozen=True, kw_only=True)
class LinkRevoked(PersonEvent):
    """``identity_id``: the chat that the link had joined, and that belongs to nobody now."""

    type: ClassVar[str] = "link.revoked"
    link_id: UUID
    identity_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ChatUnreachable(PersonEvent):
    """A chat account blocked the bot or is gone; ``left``: how many other chats of this person remain."""

    type: ClassVar[str] = "chat.unreachable"
    platform: str
    left: int


@dataclass(frozen=True, kw_only=True)
class ChatReachable(PersonEvent):
    """The person came back: what waits for them is shown there again."""

    type: ClassVar[str] = "chat.reachable"
    platform: str
