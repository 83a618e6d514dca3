"""The actor: who acts, with which roles, over which channel, and because of which event."""

import datetime as dt
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from core.access.permissions import Permission
from core.access.roles import Role, permissions_of
from core.kernel.ids import EventId, PersonId, VendorId


class ActorKind(StrEnum):
    person = "person"
    service = "service"
    system = "system"


class Channel(StrEnum):
    telegram = "telegram"
    slack = "slack"
    web = "web"
    api = "api"
    n8n = "n8n"
    system = "system"
    seed = "seed"


@dataclass(frozen=True)
class Evidence:
    """The message and chat that the command came from."""

    chat_id: str
    message_id: str


@dataclass(frozen=True)
class Actor:
    """One person, service or system role, as checked by the edge."""

    kind: ActorKind
    label: str
    name: str
    roles: frozenset[Role]
    person_id: PersonId | None = None
    vendor_id: VendorId | None = None
    epoch: int = 0
    locale: str = "en"
    channel: Channel = Channel.api
    evidence: Evidence | None = None
    correlation_id: str = ""
    traceparent: str = ""
    """The trace that this call belongs to, as W3C writes it; empty for none."""
    cause: EventId | None = None
    proved_at: dt.datetime | None = None
    """When this person last proved who they are, as far as the edge knows."""
    permissions: frozenset[Permission] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "permissions", permissions_of(self.roles))

    @classmethod
    def person(
        cls,
        person_id: PersonId,
        name: str,
        roles: frozenset[Role],
        *,
        vendor_id: VendorId | None = None,
        epoch: int = 0,
        locale: str = "en",
        channel: Channel = Channel.api,
    ) -> "Actor":
        return cls(
            ActorKind.person,
            str(person_id),
            name,
            roles,
            person_id=person_id,
            vendor_id=vendor_id,
            epoch=epoch,
            locale=locale,
            channel=channel,
        )

    @classmethod
    def system(
        cls, role: Role, *, cause: EventId | None = None, channel: Channel = Channel.system
    ) -> "Actor":
        """A part of Parley itself. Its role has exactly the rights it needs and can decide nothing."""
        return cls(ActorKind.system, role.value, role.value, frozenset({role}), cause=cause, channel=channel)

    @classmethod
    def service(cls, role: Role) -> "Actor":
        return cls(ActorKind.service, role.value, role.value, frozenset({role}))

    @classmethod
    def anonymous(cls) -> "Actor":
        """Somebody who has not yet proved who they are: no role, no right."""
        return cls(ActorKind.service, "nobody", "nobody", frozenset())

    def with_call(
        self, channel: Channel, evidence: Evidence | None, correlation_id: str, traceparent: str = ""
    ) -> "Actor":
        """The same actor, with what the edge knows about this one call."""
        return replace(
            self,
            channel=channel,
            evidence=evidence,
            correlation_id=correlation_id,
            traceparent=traceparent,
        )

    def proved(self, at: dt.datetime) -> "Actor":
        """The same person, who has just proved who they are."""
        return replace(self, proved_at=at)

    @property
    def is_vendor(self) -> bool:
        return self.vendor_id is not None

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def is_person(self, person_id: UUID | None) -> bool:
        return person_id is not None and self.person_id == person_id
