"""The commands of asking for somebody else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FindColleagues:
    """``text``: words of a name, or an address."""

    text: str
