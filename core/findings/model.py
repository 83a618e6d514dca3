"""Findings as the slice's functions pass them around, and what came of each rule."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NewType
from uuid import UUID

from core.checks.model import CheckRule, RuleSetting
from core.findings.states import FindingState, FindingVerb

FindingId = NewType("FindingId", UUID)


@dataclass(frozen=True)
class Precision:
    """Of the newest reviews of a rule, how many were confirmed; ``since`` the oldest of them."""

    confirmed: int = 0
    reviewed: int = 0
    since: dt.datetime | None = None


@dataclass(frozen=True)
class RuleStanding:
    """A rule with what came of it."""

    setting: RuleSetting
    precision: Precision
    waiting: int
    this_week: int


@dataclass(frozen=True)
class KeptFinding:
    id: FindingId
    rule: CheckRule
    subject_id: UUID
    part: str
    request_id: UUID
    request_number: str
    state: FindingState
    version: int
    facts: Mapping[str, object]
    found_at: dt.datetime
    carded: bool
    involved: frozenset[UUID] = frozenset()
    reviewed_by: UUID | None = None
    reviewed_by_name: str | None = None
    reviewed_at: dt.datetime | None = None
    reason: str | None = None
    verbs: frozenset[FindingVerb] = field(default=frozenset())
    """What its reader may say to it now."""
