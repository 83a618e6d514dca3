"""The words of a policy that have a fixed meaning."""

from enum import StrEnum


class AskOnce(StrEnum):
    """Whether somebody who is named at two steps is asked once. It never makes two decisions of one."""

    never = "never"
    consecutive = "consecutive"
