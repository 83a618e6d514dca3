"""What can happen to exchange rates."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class RatesLoaded(Event):
    type: ClassVar[str] = "rates.loaded"
    subject_kind: ClassVar[str] = SubjectKind.rates
    source: str
    rows: int
    currencies: tuple[str, ...]
