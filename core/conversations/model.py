"""Drafts, message references, installations and groups as the slice's functions hand them around."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from core.conversations.states import GroupKind, PlaceKind


@dataclass(frozen=True)
class Draft:
    form: str
    step: str
    values: dict[str, object]
    version: int
    updated_at: dt.datetime


@dataclass(frozen=True)
class MessageRef:
    """One copy of a card in somebody's chat; ``message_id`` is None until the platform has answered."""

    id: UUID
    platform: str
    chat_id: str
    message_id: str | None
    person_id: UUID
    subject_kind: str
    subject_id: UUID
    card: str
    rendered_version: int
    content_hash: bytes | None
    state: str


@dataclass(frozen=True)
class Installation:
    """Our app in one workspace; the token is sealed."""

    platform: str
    team_id: str
    team_name: str
    bot_user_id: str
    sealed_token: bytes
    scopes: tuple[str, ...]
    installed_by: str
    installed_at: dt.datetime

    @property
    def owner(self) -> str:
        """What the token's seal is bound to."""
        return f"{self.platform}:{self.team_id}"


@dataclass(frozen=True)
class Place:
    """A department or cost centre, whose requests a group shows."""

    kind: PlaceKind
    code: str
    name: str


@dataclass(frozen=True)
class Group:
    """A group chat or channel; bound until ``unbound_at``, and reachable while our bot is in it."""

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
        """Whether a request has a title of its own here, and a place for what is said about it."""
        return self.kind is not GroupKind.group


@dataclass(frozen=True)
class Topic:
    """One request in one group: what stands there now, as far as the platform has answered."""

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
