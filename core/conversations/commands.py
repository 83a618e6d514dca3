"""What bots ask to be remembered."""

from dataclasses import dataclass
from uuid import UUID

from core.conversations.states import GroupKind, PlaceKind


@dataclass(frozen=True)
class DraftKey:
    """One open form: per platform, chat, thread and person."""

    platform: str
    chat_id: str
    thread_id: str
    external_id: str


@dataclass(frozen=True)
class KeepDraft:
    """``version`` is the one that was read (0: none); the answer carries the next."""

    key: DraftKey
    form: str
    step: str
    values: dict[str, object]
    version: int


@dataclass(frozen=True)
class RememberMessage:
    platform: str
    chat_id: str
    message_id: str
    external_id: str
    subject_kind: str
    subject_id: UUID
    card: str
    version: int
    content_hash: bytes | None


@dataclass(frozen=True)
class Workspace:
    """Where our app can be installed, by the platform's own id."""

    platform: str
    team_id: str


@dataclass(frozen=True)
class KeepInstallation:
    workspace: Workspace
    team_name: str
    bot_user_id: str
    sealed_token: bytes
    scopes: tuple[str, ...]
    installed_by: str


@dataclass(frozen=True)
class LoseInstallation:
    """The token that the platform calls dead, as it is kept."""

    workspace: Workspace
    sealed_token: bytes


@dataclass(frozen=True)
class GroupChat:
    """A group by the platform's own id."""

    platform: str
    chat_id: str


@dataclass(frozen=True)
class BindGroup:
    """From now on this group shows the requests of a department or cost centre."""

    chat: GroupChat
    title: str
    kind: GroupKind
    place: PlaceKind
    code: str


@dataclass(frozen=True)
class MoveGroup:
    """The platform gave the group another id; ``kept`` when what stands there can still be edited."""

    chat: GroupChat
    moved_to: str
    kept: bool = False


@dataclass(frozen=True)
class NoteGroup:
    """Our bot was taken out of the group, or is in it again."""

    chat: GroupChat
    reachable: bool
