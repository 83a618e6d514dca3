"""What can happen to a procurement request."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from core.kernel.subjects import SubjectKind
from core.log.events import Event
from core.requests.model import Request, RequestLine


@dataclass(frozen=True, kw_only=True)
class RequestEvent(Event):
    """The base: the request itself is both the subject and the purchase."""

    subject_kind: ClassVar[str] = SubjectKind.request
    number: str
    state: str


@dataclass(frozen=True, kw_only=True)
class RequestCreated(RequestEvent):
    """``copied_from`` is a number."""

    type: ClassVar[str] = "request.created"
    cost_centre: str
    currency: str
    needed_by: dt.date | None
    lines: tuple[RequestLine, ...]
    copied_from: str | None = None


@dataclass(frozen=True, kw_only=True)
class RequestEntered(RequestEvent):
    """Somebody wrote it for ``on_behalf_of``, whose request it is."""

    type: ClassVar[str] = "request.entered"
    entered_by: UUID


@dataclass(frozen=True, kw_only=True)
class RequestEdited(RequestEvent):
    type: ClassVar[str] = "request.edited"
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RequestSubmitted(RequestEvent):
    """``resembles``: earlier requests for the same, of which whoever submitted it knew."""

    type: ClassVar[str] = "request.submitted"
    resembles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RequestTakenBack(RequestEvent):
    type: ClassVar[str] = "request.taken_back"


@dataclass(frozen=True, kw_only=True)
class RequestStateChanged(RequestEvent):
    """The base of state changes that follow from another slice's event."""


@dataclass(frozen=True, kw_only=True)
class RequestSourcing(RequestStateChanged):
    type: ClassVar[str] = "request.sourcing"


@dataclass(frozen=True, kw_only=True)
class RequestQuoted(RequestStateChanged):
    type: ClassVar[str] = "request.quoted"


@dataclass(frozen=True, kw_only=True)
class RequestSourcingFailed(RequestStateChanged):
    type: ClassVar[str] = "request.sourcing_failed"


@dataclass(frozen=True, kw_only=True)
class RequestAwaitingApproval(RequestStateChanged):
    type: ClassVar[str] = "request.awaiting_approval"


@dataclass(frozen=True, kw_only=True)
class RequestReturned(RequestStateChanged):
    type: ClassVar[str] = "request.returned"


@dataclass(frozen=True, kw_only=True)
class RequestApproved(RequestStateChanged):
    type: ClassVar[str] = "request.approved"


@dataclass(frozen=True, kw_only=True)
class RequestOrdered(RequestStateChanged):
    type: ClassVar[str] = "request.ordered"


@dataclass(frozen=True, kw_only=True)
class RequestCompleted(RequestStateChanged):
    type: ClassVar[str] = "request.completed"


@dataclass(frozen=True, kw_only=True)
class RequestWithdrawn(RequestEvent):
    type: ClassVar[str] = "request.withdrawn"
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class RequestCancelled(RequestEvent):
    type: ClassVar[str] = "request.cancelled"
    reason: str


def request_event(kind: type[RequestEvent], request: Request, **facts: Any) -> RequestEvent:
    """This event of the request as it is now."""
    return kind(
        subject_id=request.id,
        subject_version=request.version,
        request_id=request.id,
        number=request.number,
        state=request.state.value,
        **facts,
    )
