"""Refusals of the rates slice."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class RatesMissing(Conflict):
    """There is no rate to convert with; whoever maintains the rates can add one."""

    currency: str
    day: dt.date
    code: ClassVar[str] = "rates.missing"
