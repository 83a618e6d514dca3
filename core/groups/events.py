"""What can happen to a group."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class GroupEvent(Event):
    """The base of events about a group chat or channel that shows requests."""

    subject_kind: ClassVar[str] = SubjectKind.group
    platform: str


@dataclass(frozen=True, kw_only=True)
class GroupBound(GroupEvent):
    """``place`` says whether ``code`` is a department or a cost centre."""

    type: ClassVar[str] = "group.bound"
    kind: str
    place: str
    code: str


@dataclass(frozen=True, kw_only=True)
class GroupUnbound(GroupEvent):
    type: ClassVar[str] = "group.unbound"


@dataclass(frozen=True, kw_only=True)
class GroupMoved(GroupEvent):
    """The platform's ids before and after."""

    type: ClassVar[str] = "group.moved"
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class GroupLost(GroupEvent):
    """The bot is no longer in the group; nothing is sent there until it is back."""

    type: ClassVar[str] = "group.lost"
    title: str


@dataclass(frozen=True, kw_only=True)
class GroupFound(GroupEvent):
    """The bot is back in the group; its messages are brought up to date."""

    type: ClassVar[str] = "group.found"
