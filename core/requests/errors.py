"""Refusals of the requests slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Refused


@dataclass(eq=False)
class NotRequestOwner(Refused):
    """Only the requester may do this."""

    number: str
    owner: str
    code: ClassVar[str] = "requests.not_yours"
