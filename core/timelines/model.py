"""What happened to a purchase, as its timeline shows it."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class TimelineEntry:
    """One event of the purchase, in the order of the log; ``position`` is None until it is sealed."""

    position: int | None
    occurred_at: dt.datetime
    type: str
    actor: str
    actor_name: str
    on_behalf_of: UUID | None
    on_behalf_of_name: str | None
    channel: str
    subject_kind: str
    subject_id: UUID
    subject_version: int
    data: dict[str, object]


@dataclass(frozen=True)
class ProvenEvents:
    """Positions of events that a signed checkpoint covers and that are unchanged; ``head`` is its size."""

    head: int
    positions: frozenset[int]
