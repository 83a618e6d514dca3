"""The policies as an administrator writes them: tiers with steps and approvers, and how goods are received."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.kernel.policy_terms import AskOnce, SplitWhat, SplitWho
from core.policies.deadlines import DUE_HOURS


@dataclass(frozen=True)
class Approver:
    """Exactly one of role, person (e-mail) and head_of is set."""

    role: str | None
    person: str | None
    head_of: str | None


FindPeople = Callable[[Sequence[Approver]], Awaitable[Sequence[UUID]]]
"""Whom these approvers stand for."""


@dataclass(frozen=True)
class PolicyStep:
    """``needs``: how many different people have to approve it."""

    name: str
    approvers: tuple[Approver, ...]
    needs: int = 1


@dataclass(frozen=True)
class Tier:
    """Amounts below ``below`` (None: any), for these departments and categories (empty: all).

    Each step is due ``due_hours`` after it was opened. ``ask_once``: consecutive steps of the same person are one.
    """

    name: str
    below: Decimal | None
    departments: tuple[str, ...]
    categories: tuple[str, ...]
    steps: tuple[PolicyStep, ...]
    due_hours: int = DUE_HOURS
    ask_once: AskOnce = AskOnce.never


@dataclass(frozen=True)
class SplitRule:
    """Requests of the last ``days`` that have this in common are summed to choose the tier; 0 days: none are."""

    days: int = 0
    who: SplitWho = SplitWho.either
    what: SplitWhat = SplitWhat.either


NO_SPLITS = SplitRule()


@dataclass(frozen=True)
class SetPolicy:
    """``undo_seconds``: how long an order waits so that the approver can undo it; 0 means no undo."""

    currency: str
    tiers: tuple[Tier, ...]
    expected_version: int | None
    undo_seconds: int = 0
    splits: SplitRule = NO_SPLITS


@dataclass(frozen=True)
class Tolerance:
    """How much more than ordered may arrive, in percent; one of item (words of a line) and category is set."""

    percent: Decimal
    item: str | None = None
    category: str | None = None


@dataclass(frozen=True)
class SetReceivingPolicy:
    """``colleagues``: whether people of the same cost centre may receive; ``percent`` holds for everything else."""

    colleagues: bool
    percent: Decimal
    tolerances: tuple[Tolerance, ...]
    expected_version: int | None
