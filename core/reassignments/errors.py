"""Refusals of the reassignments slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Refused


@dataclass(eq=False)
class NotAmongCandidates(Refused):
    """Only somebody whom the policy allows can be asked first."""

    candidates: str
    code: ClassVar[str] = "approvals.bad_route"


@dataclass(eq=False)
class CannotTakeOver(Refused):
    """Only somebody who may decide and has no part in the approval takes a step over."""

    who: str
    code: ClassVar[str] = "approvals.cannot_take_over"


@dataclass(eq=False)
class IsNotAsked(Refused):
    """The step can only be taken from somebody who is asked to decide it."""

    candidates: str
    code: ClassVar[str] = "approvals.is_not_asked"
