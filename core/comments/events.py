"""What can happen to comments."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.requests.events import RequestEvent


@dataclass(frozen=True, kw_only=True)
class RequestCommented(RequestEvent):
    """A comment was added; neither the state nor the version of the request changes."""

    type: ClassVar[str] = "request.commented"
    comment_id: UUID
    text: str
