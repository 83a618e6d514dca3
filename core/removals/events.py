"""What can happen to single lines of a request."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from core.requests.events import RequestEvent
from core.requests.model import RequestLine


@dataclass(frozen=True, kw_only=True)
class RequestLinesDropped(RequestEvent):
    """These lines are not wanted any more; ``rfq`` is the one that was corrected with them."""

    type: ClassVar[str] = "request.lines_dropped"
    lines: tuple[RequestLine, ...]
    total_estimate: Decimal | None
    reason: str | None
    rfq: str | None
