"""Refusals of the approvals slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Refused


@dataclass(eq=False)
class NotAmongCandidates(Refused):
    """A route may name only somebody whom the policy allows."""

    candidates: str
    code: ClassVar[str] = "approvals.bad_route"
