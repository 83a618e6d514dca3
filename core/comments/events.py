"""What can have happened about comments."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.requests.events import RequestEvent


@dataclass(frozen=True, kw_only=True)
class RequestCommented(RequestEvent):
    """The request itself is as it was: neither its state nor its version changes."""

    type: ClassVar[str] = "request.commented"
    comment_id: UUID
    text: str
