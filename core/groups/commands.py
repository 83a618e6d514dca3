"""What administrators ask of groups, and what bots learn of them."""

from dataclasses import dataclass

from core.groups.states import GroupKind, PlaceKind


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
class SetGroupReachable:
    """Our bot was taken out of the group, or is in it again."""

    chat: GroupChat
    reachable: bool
