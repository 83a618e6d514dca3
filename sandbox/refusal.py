"""What a caller is told when the real server would refuse the call; each platform has its own words for it."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any


class CallRefusal(Exception):
    """A refused call; ``pointer`` names the argument at fault, ``status`` is HTTP's."""

    status: int
    pointer: str
    headers: Mapping[str, str] = {}

    @property
    @abstractmethod
    def description(self) -> str:
        """In a line."""

    @abstractmethod
    def body(self) -> dict[str, Any]:
        """The JSON answer."""
