"""The commands of copying a request."""

import datetime as dt
from dataclasses import dataclass

from core.kernel.ids import RequestId


@dataclass(frozen=True)
class CopyRequest:
    """What is given instead of what the original says; None takes it from there."""

    request_id: RequestId
    needed_by: dt.date | None = None
    cost_centre: str | None = None
