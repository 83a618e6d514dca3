"""The log, deliveries, dashboard status, n8n's call-backs and health, on the wire."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.contract.values import InputModel, Line, Moment, Note, OutputModel, SearchText


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


class EventQuery(InputModel):
    """A search of the log, newest first; ``before`` is the ``next_before`` of the answer before."""

    person: Annotated[SearchText, Field(description="A part of a name, or a system's part")] | None = None
    action: Annotated[str, Field(max_length=60, examples=["order.issued"])] | None = None
    subject: Annotated[SearchText, Field(description="A number, or the id of anything")] | None = None
    from_: dt.date | None = Field(None, alias="from", description="The first day, 2026-11-01")
    until: Annotated[dt.date, Field(description="The last day, 2026-11-30")] | None = None
    before: Annotated[int, Field(ge=1, le=10**15, description="Positions below this one")] | None = None
    limit: Annotated[int, Field(ge=1, le=200, description="Events on a page")] = 50


class FoundEventsOut(OutputModel):
    """``next_before`` is null when the log was searched to its beginning."""

    items: tuple[EventOut, ...]
    next_before: int | None


class CheckpointOut(OutputModel):
    """A signed size and Merkle root of the log, as a note of C2SP's tlog-checkpoint."""

    size: int
    root: str
    note: str
    made_at: Moment


class PersonalValueOut(OutputModel):
    """What a commitment in the event stands for: ``hmac-sha256:`` and HMAC-SHA256 of the value under the salt."""

    field: str
    value: str
    salt: str


class ProvenEventOut(OutputModel):
    """``digest`` is SHA-256 of ``canonical``; ``proof`` is the path of RFC 9162 from its leaf to the root.

    ``personal`` is for those who verify the log, until the person is erased.
    """

    event: EventOut
    canonical: str
    proof: tuple[str, ...]
    personal: tuple[PersonalValueOut, ...]


class GrownOut(OutputModel):
    """An earlier checkpoint; ``proof`` is the path of RFC 9162 that the log only grew since."""

    checkpoint: CheckpointOut
    proof: tuple[str, ...]


class ConsistencyOut(OutputModel):
    """The log of the second checkpoint begins with all that the first one covered."""

    first: CheckpointOut
    second: CheckpointOut
    proof: tuple[str, ...]


class BundleOut(OutputModel):
    """Events that ``parley-verify`` checks without us; those after the checkpoint's size have no proof yet.

    ``keys`` are the public keys that checkpoints may be signed with, as verifier keys of C2SP's signed notes. ``total``
    is how many events there are; all of them follow.
    """

    format: Literal["parley-bundle/1"]
    keys: tuple[str, ...]
    checkpoint: CheckpointOut | None
    earlier: tuple[GrownOut, ...]
    total: int
    events: tuple[ProvenEventOut, ...]


class LogWitnessOut(OutputModel):
    """Somebody who keeps something of the log outside the database: how many checkpoints, and of which size at most."""

    name: str
    checkpoints: int
    newest: int | None


class LostPositionsOut(OutputModel):
    """Positions of an earlier epoch that a restore from a backup has lost; the log says so itself."""

    first: int
    last: int


class VerifyOut(OutputModel):
    """Whether the log is intact; if not, the first broken position.

    Texts were compared from the position after ``after``; 0 when all were. ``missing_numbers`` were drawn for events
    that never arrived, because their transaction was cut off, or that are gone.
    """

    ok: bool
    events: int
    unsealed: int
    head: str | None
    first_bad_position: int | None
    problem: str | None
    checkpoint_position: int | None
    after: int
    missing_numbers: tuple[int, ...]
    witnesses: tuple[LogWitnessOut, ...]
    lost: tuple[LostPositionsOut, ...]


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
