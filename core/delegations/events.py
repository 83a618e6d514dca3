"""What can happen to a delegation."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class DelegationEvent(Event):
    """The base: ``deputy`` decides while ``giver`` is away."""

    subject_kind: ClassVar[str] = SubjectKind.delegation
    giver: UUID
    deputy: UUID


@dataclass(frozen=True, kw_only=True)
class DelegationMade(DelegationEvent):
    type: ClassVar[str] = "delegation.made"
    until: dt.datetime
    limit: Decimal | None
    currency: str | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class DelegationEnded(DelegationEvent):
    """``why``: ``time`` when it has expired, ``person`` when somebody ended it earlier."""

    type: ClassVar[str] = "delegation.ended"
    why: str
