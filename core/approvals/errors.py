"""Refusals of the approvals slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Refused


@dataclass(eq=False)
class NotAmongCandidates(Refused):
    """Only somebody whom the policy allows can be asked first."""

    candidates: str
    code: ClassVar[str] = "approvals.bad_route"
