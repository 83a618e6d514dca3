"""An earlier request for one of the same things."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class EarlierRequest:
    id: UUID
    number: str
    state: str
    requested_by_name: str
    created_at: dt.datetime
