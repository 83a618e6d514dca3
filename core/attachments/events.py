"""What can happen to the files of a request."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.requests.events import RequestEvent


@dataclass(frozen=True, kw_only=True)
class RequestFilesAttached(RequestEvent):
    """``inside``: they never go to a vendor."""

    type: ClassVar[str] = "request.files_attached"
    documents: tuple[UUID, ...]
    inside: bool
