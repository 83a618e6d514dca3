"""Refusals of the duplicates slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.duplicates.model import EarlierRequest
from core.kernel.errors import Conflict


@dataclass(eq=False)
class ResemblesEarlier(Conflict):
    """Somebody has asked for one of the same things lately; who means it submits it all the same."""

    numbers: str
    earlier: tuple[EarlierRequest, ...]
    code: ClassVar[str] = "requests.resembles"
