"""A policy as an administrator writes it: tiers, their steps, and the approvers of each."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

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
    name: str
    approvers: tuple[Approver, ...]


@dataclass(frozen=True)
class Tier:
    """Amounts below ``below`` (None: any), for these departments and categories (empty: all).

    Each step is due ``due_hours`` after it was opened.
    """

    name: str
    below: Decimal | None
    departments: tuple[str, ...]
    categories: tuple[str, ...]
    steps: tuple[PolicyStep, ...]
    due_hours: int = DUE_HOURS


@dataclass(frozen=True)
class SetPolicy:
    """``undo_seconds``: how long an order waits so that the approver can undo it; 0 means no undo."""

    currency: str
    tiers: tuple[Tier, ...]
    expected_version: int | None
    undo_seconds: int = 0
