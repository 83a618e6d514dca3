"""What happens with forecasts of demand."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class DemandForecastBegun(Event):
    """A run was begun; ``subject_id`` is its id, and a worker carries it out."""

    type: ClassVar[str] = "demand.forecast_begun"
    subject_kind: ClassVar[str] = SubjectKind.organisation
