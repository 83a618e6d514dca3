"""The kinds of groups, and what one can be bound to.

            a request has there
forum       a topic, whose name follows the state
channel     a thread, whose first message follows the state
group       one message; replies to it are the thread
"""

from enum import StrEnum


class GroupKind(StrEnum):
    forum = "forum"
    group = "group"
    channel = "channel"


class PlaceKind(StrEnum):
    department = "department"
    cost_centre = "cost_centre"
