"""Refusals of the standings slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class NotBelowBound(Conflict):
    """There is nothing to override: the vendor's score led to nothing of this kind."""

    vendor: str
    code: ClassVar[str] = "standings.not_below"
