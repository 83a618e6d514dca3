"""Runs, scores and hints as the slices that work something out pass them around."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from core.insights.states import Feature, HintPlace, RunStatus

FigureValue = str | int | float | None
Figures = Mapping[str, FigureValue]
STALE_AFTER = dt.timedelta(hours=48)
GIVEN_UP_AFTER = dt.timedelta(hours=6)
"""How long a run is tried, and no other of its feature begun beside it."""
SCORES_KEPT = dt.timedelta(days=90)
"""How long a score is kept that is in force no more and that nobody was shown; what was shown is kept."""


@dataclass(frozen=True)
class ScoreReason:
    """One thing that a score rests on: the key of its sentence, and the figures in it."""

    code: str
    facts: Figures = field(default_factory=dict)


@dataclass(frozen=True)
class ScoreSubject:
    """What a score is about, such as ("vendor", its id) or ("item", the cluster's key)."""

    kind: str
    id: str


VENDOR, VENDOR_PLACE = "vendor", "vendor_place"
"""Kinds of subjects: a vendor, and a vendor at one cost centre."""


def vendor_subject(vendor_id: UUID) -> ScoreSubject:
    return ScoreSubject(VENDOR, str(vendor_id))


def vendor_at(vendor_id: UUID, cost_centre: str) -> ScoreSubject:
    """The vendor as far as it delivers to this cost centre."""
    return ScoreSubject(VENDOR_PLACE, f"{vendor_id}/{cost_centre}")


def cost_centre_of(subject: ScoreSubject) -> str:
    """Of a vendor at a cost centre: which one."""
    return subject.id.partition("/")[2]


@dataclass(frozen=True)
class NewScore:
    """A figure that a run made. ``value`` None: not enough data, and then there is no interval either.

    ``low`` and ``high`` are its interval, ``n`` how many facts it rests on, all between the two days of its window.
    """

    subject: ScoreSubject
    part: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    window_from: dt.date
    window_to: dt.date
    reasons: tuple[ScoreReason, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Score(NewScore):
    """The same as it is kept, with the run that made it."""

    run_id: UUID
    computed_at: dt.datetime
    stale: bool
    """Older than ``STALE_AFTER`` when it was read, so it is said with its age."""


@dataclass(frozen=True)
class InsightRun:
    """One working-out of a feature: which method with which parameters, from what, and what came out."""

    id: UUID
    feature: Feature
    version: str
    parameters: Figures
    trained_to: dt.datetime
    started_at: dt.datetime
    status: RunStatus = RunStatus.running
    finished_at: dt.datetime | None = None
    window_from: dt.date | None = None
    window_to: dt.date | None = None
    metrics: Figures = field(default_factory=dict)
    n: int = 0


@dataclass(frozen=True)
class Hint:
    """What somebody saw: ``run_id`` None for what was counted at that moment."""

    feature: Feature
    place: HintPlace
    subject: ScoreSubject
    figures: Figures
    run_id: UUID | None = None
    request_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ShownHint(Hint):
    """The same with who saw it, and when first."""

    id: UUID
    person_id: UUID
    person_name: str
    shown_at: dt.datetime


@dataclass(frozen=True)
class Dismissal:
    """Why somebody said that a hint is nothing; kept, so that rules are measured by it."""

    feature: Feature
    rule: str
    subject: ScoreSubject
    person_id: UUID
    reason: str
    dismissed_at: dt.datetime


@dataclass(frozen=True)
class InsightSwitch:
    """Whether a feature is on; ``changed_at`` None: nobody has switched it yet."""

    feature: Feature
    enabled: bool
    changed_at: dt.datetime | None = None
