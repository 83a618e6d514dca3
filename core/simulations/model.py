"""What a policy would have done, had it been in force."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.kernel.ids import ApprovalId
from core.people.model import Candidate


class SimulationProblem(StrEnum):
    """Why a purchase would have been stuck."""

    nobody = "nobody"
    """A step has nobody who may decide it."""
    too_few = "too_few"
    """Each step has somebody, but two steps, or one that needs two, need two people: there are not that many."""
    no_tier = "no_tier"
    """No tier fits its department and category."""
    no_rate = "no_rate"
    """There is no exchange rate to compare its amount with the limits."""


@dataclass(frozen=True)
class SimulatedStep:
    name: str
    candidates: tuple[Candidate, ...]
    needs: int = 1
    ask_once: bool = False


@dataclass(frozen=True)
class SimulatedPurchase:
    """One purchase: whom the policy would have asked; ``differs`` from whom its approval really asked."""

    approval_id: ApprovalId
    request_number: str
    title: str
    vendor_name: str
    cost_centre: str
    amount: Decimal
    currency: str
    tier: str | None
    steps: tuple[SimulatedStep, ...]
    differs: bool
    problem: SimulationProblem | None


@dataclass(frozen=True)
class Simulation:
    """The newest purchases that reached an approval, newest first."""

    purchases: tuple[SimulatedPurchase, ...]
