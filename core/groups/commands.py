"""The commands of groups: what administrators ask for, and what bots report."""

from dataclasses import dataclass

from core.groups.states import GroupKind, PlaceKind


@dataclass(frozen=True)
class GroupChat:
    """A group by the platform's id."""

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
    """The platform gave the group another id; ``kept`` when its messages can still be edited."""

    chat: GroupChat
    moved_to: str
    kept: bool = False


@dataclass(frozen=True)
class SetGroupReachable:
    """The bot was removed from the group, or is in it again."""

    chat: GroupChat
    reachable: bool
