"""Refusals of RFQs."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class RfqNotOpen(Conflict):
    """A closed RFQ accepts no quote, revision, withdrawal or no-bid."""

    number: str
    state: str
    closed_at: dt.datetime | None
    code: ClassVar[str] = "rfqs.closed"
