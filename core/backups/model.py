"""What a restore has changed beside the tables' own rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SkippedNumbers:
    """Numbers of one kind, such as ``REQ`` or ``PO-2026``, that nobody gets: they may be on paper already."""

    kind: str
    first: int
    last: int


@dataclass(frozen=True)
class LogSizes:
    """The last position of the log, and how many events have none yet."""

    sealed: int
    unsealed: int
