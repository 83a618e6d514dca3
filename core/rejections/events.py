"""What can happen when a request is rejected as such."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.requests.events import RequestEvent


@dataclass(frozen=True, kw_only=True)
class RequestRejected(RequestEvent):
    """The request has ended: nobody asks vendors, quotes or decides about it any more."""

    type: ClassVar[str] = "request.rejected"
    rejected_by: UUID
    reason: str
