"""Groups and topics as the slice's functions pass them around; never database rows."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from core.groups.states import GroupKind, PlaceKind


@dataclass(frozen=True)
class Place:
    """A department or cost centre, whose requests a group shows."""

    kind: PlaceKind
    code: str
    name: str


@dataclass(frozen=True)
class Group:
    """A group chat or channel; bound until ``unbound_at``, and reachable while the bot is in it."""

    id: UUID
    platform: str
    chat_id: str
    title: str
    kind: GroupKind
    place: Place
    bound_by: UUID
    bound_at: dt.datetime
    unbound_at: dt.datetime | None
    reachable: bool

    @property
    def has_topics(self) -> bool:
        """Whether each request has a topic of its own here, with a title."""
        return self.kind is not GroupKind.group


@dataclass(frozen=True)
class Topic:
    """One request in one group: what is shown there now, as far as the platform has confirmed."""

    id: UUID
    group_id: UUID
    request_id: UUID
    thread_id: str | None
    message_id: str | None
    title: str
    content_hash: bytes | None
    pinned: bool
    closed: bool
    state: str


@dataclass(frozen=True)
class GroupBindings:
    """The bound groups, and what groups can be bound to."""

    groups: tuple[Group, ...]
    places: tuple[Place, ...]
