"""The words of an approval policy that have a fixed meaning, for the core and for the wire."""

from enum import StrEnum


class SplitWho(StrEnum):
    """Whose requests may be one that was split."""

    person = "person"
    cost_centre = "cost_centre"
    either = "either"


class SplitWhat(StrEnum):
    """What such requests have in common."""

    vendor = "vendor"
    category = "category"
    either = "either"


class AskOnce(StrEnum):
    """Whether somebody who is named at two steps is asked once. It never makes two decisions of one."""

    never = "never"
    consecutive = "consecutive"
