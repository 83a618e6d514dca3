"""Earlier versions of an order as the slice's functions pass them around; never database rows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class RevisionLine:
    line_id: UUID
    description: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    lead_time_days: int


@dataclass(frozen=True)
class Revision:
    """The terms of one version of an order; ``until``: when the next one replaced it."""

    revision: int
    total: Decimal
    due_on: dt.date
    lines: tuple[RevisionLine, ...]
    until: dt.datetime | None = None


@dataclass(frozen=True)
class OrderHistory:
    """All versions of an order's terms, the present one last."""

    currency: str
    revisions: tuple[Revision, ...]
