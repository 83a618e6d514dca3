"""The base of the refusals that the real servers would give; each platform has its own wording."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any


class CallRefusal(Exception):
    """A refused call; ``pointer`` names the wrong argument, ``status`` is the HTTP status."""

    status: int
    pointer: str
    headers: Mapping[str, str] = {}

    @property
    @abstractmethod
    def description(self) -> str:
        """The refusal in one line."""

    @abstractmethod
    def body(self) -> dict[str, Any]:
        """The JSON answer."""
