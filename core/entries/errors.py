"""Refusals of what an officer enters for a vendor."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class AnsweredItself(Conflict):
    """The vendor has sent a quote of its own, which nobody else changes."""

    vendor: str
    number: str
    code: ClassVar[str] = "quotes.answered_itself"
