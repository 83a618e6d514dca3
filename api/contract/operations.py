"""The log, deliveries, dashboard status, n8n's call-backs and health, on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.contract.values import InputModel, Line, Moment, Note, OutputModel


class EventOut(OutputModel):
    """One audit event as sealed: ``chain`` is a hash over this and every earlier event."""

    id: UUID
    position: int | None
    occurred_at: Moment
    actor: str
    actor_name: str
    actor_kind: str
    on_behalf_of: UUID | None
    action: str
    subject: dict[str, object]
    request_id: UUID | None
    channel: str
    data: dict[str, object]
    digest: str
    chain: str | None
    correlation_id: str
    causation_id: UUID | None


class VerifyOut(OutputModel):
    """Whether the hash chain is intact; if not, the first broken position.

    Texts were compared from the position after ``after``; 0 when all were.
    """

    ok: bool
    events: int
    unsealed: int
    head: str | None
    first_bad_position: int | None
    problem: str | None
    checkpoint_position: int | None
    after: int


class DeliveryOut(OutputModel):
    id: UUID
    event_id: UUID
    event_type: str
    subscriber: str
    subject: str
    state: Literal["due", "running", "done", "parked", "skipped"]
    attempts: int
    due_at: Moment
    last_error: str | None
    updated_at: Moment


class StatusOut(OutputModel):
    """The dashboard's numbers, from the projection that the dashboard subscriber maintains."""

    requests: dict[str, int]
    rfqs: dict[str, int]
    approvals: dict[str, int]
    orders: dict[str, int]
    waiting: dict[str, int]
    parked: int
    undelivered: int
    position: int
    automations: tuple[dict[str, object], ...] = ()


class NoticeRecipientIn(InputModel):
    person_id: UUID
    text: Annotated[str, Field(max_length=2000)] | None = None
    locale: Annotated[str, Field(max_length=20)] | None = None
    channel: Literal["telegram", "slack"] | None = None


class NoticesIn(InputModel):
    event_id: UUID
    kind: Annotated[str, Field(max_length=60)]
    recipients: Annotated[tuple[NoticeRecipientIn, ...], Field(min_length=1, max_length=100)]
    title: Annotated[str, Field(max_length=200)] | None = None
    text: Annotated[str, Field(max_length=2000)] | None = None
    execution_id: Annotated[str, Field(max_length=80)] | None = None


class FlowStatusIn(InputModel):
    event_id: UUID
    status: Line
    detail: Note | None = None
    execution_id: Annotated[str, Field(max_length=80)] | None = None


class RouteIn(InputModel):
    event_id: UUID
    approval_id: UUID
    ask_first: UUID
    execution_id: Annotated[str, Field(max_length=80)] | None = None


class AcceptedOut(OutputModel):
    """The result of a call-back: how many were accepted, and how many were known already."""

    accepted: int
    known: int
    detail: str = ""


class HealthOut(OutputModel):
    status: Literal["ok", "degraded", "down"]
    checks: dict[str, str]
