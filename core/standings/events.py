"""What can happen with standings; what a vendor is held from is an event of the vendor file besides."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class StandingBoundsSet(Event):
    """An administrator set below which score what follows; None: nothing does."""

    type: ClassVar[str] = "standing.bounds_set"
    subject_kind: ClassVar[str] = SubjectKind.organisation
    warn: int | None
    rfq: int | None
    order: int | None


@dataclass(frozen=True, kw_only=True)
class StandingBegun(Event):
    """A vendor's score is below a bound: ``value`` of 100 from ``n`` lines, by this run."""

    type: ClassVar[str] = "standing.begun"
    subject_kind: ClassVar[str] = SubjectKind.vendor
    kind: str
    bound: int
    value: int
    n: int
    window_from: dt.date
    window_to: dt.date
    run_id: UUID


@dataclass(frozen=True, kw_only=True)
class StandingEnded(Event):
    """It is below no more, or what it followed from is out of date, switched off or changed."""

    type: ClassVar[str] = "standing.ended"
    subject_kind: ClassVar[str] = SubjectKind.vendor
    kind: str


@dataclass(frozen=True, kw_only=True)
class StandingOverridden(Event):
    """An officer said why the vendor may be asked, or get orders, all the same."""

    type: ClassVar[str] = "standing.overridden"
    subject_kind: ClassVar[str] = SubjectKind.vendor
    kind: str
    reason: str
