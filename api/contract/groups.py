"""Groups and channels that show requests: their bindings, and what a group may see of a request.

One rule: a group's messages are made from ``TopicOut`` alone.

It contains no amount, vendor, note or reason, so that none of these can be shown by mistake.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.people import ChatId, Platform
from api.contract.values import Day, Flag, InputModel, Line, Moment, OutputModel, Shown, Version, Word
from core.groups.states import GroupKind, PlaceKind
from core.requests.states import RequestState

__all__ = [
    "GroupIn",
    "GroupKind",
    "GroupMovedIn",
    "GroupOut",
    "GroupReachIn",
    "GroupsOut",
    "PlaceIn",
    "PlaceKind",
    "PlaceOut",
    "TopicLineOut",
    "TopicOut",
]

GroupId = Annotated[
    ChatId,
    Field(
        pattern=r"^(-\d{1,20}|T[A-Z0-9]{1,40}:[CG][A-Z0-9]{1,36})$", examples=["-1001234567890", "T01:C02"]
    ),
]
"""A Telegram group by its number, a Slack channel with its team."""


class PlaceIn(InputModel):
    kind: PlaceKind
    code: Annotated[Word, Field(examples=["IT"])]


class PlaceOut(OutputModel):
    """A department or cost centre."""

    kind: PlaceKind
    code: str
    name: str


class GroupIn(InputModel):
    """From now on this group shows the requests of ``place``."""

    platform: Platform
    chat_id: GroupId
    title: Line
    kind: GroupKind
    place: PlaceIn


class GroupOut(OutputModel):
    """``reachable``: the bot is in it."""

    id: UUID
    platform: Platform
    chat_id: str
    title: str
    kind: GroupKind
    place: PlaceOut
    bound_by: UUID
    bound_at: Moment
    reachable: bool


class GroupsOut(OutputModel):
    """The bound groups, and everything that a group can be bound to."""

    items: tuple[GroupOut, ...]
    places: tuple[PlaceOut, ...]


class GroupMovedIn(InputModel):
    """The platform gave the group another id."""

    platform: Platform
    chat_id: GroupId
    moved_to: GroupId
    kept: Flag = False
    """Whether its messages can still be edited; if not, they are sent again."""


class GroupReachIn(InputModel):
    """The bot was removed from the group, or is in it again."""

    platform: Platform
    chat_id: GroupId
    reachable: Flag


class TopicLineOut(OutputModel):
    description: str
    quantity: Shown
    unit: str


class TopicOut(OutputModel):
    """What everybody in a group may see of a request."""

    request_id: UUID
    number: str
    state: RequestState
    version: Version
    asked_by: str
    cost_centre_name: str
    needed_by: Day
    lines: tuple[TopicLineOut, ...]
