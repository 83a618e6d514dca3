"""Refused attempts are events too: who tried what, and why it was refused.

One rule: an attempt is recorded in a transaction of its own after it was rolled back, and never with the text that
was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core.access.actor import Actor
from core.kernel.errors import MissingPermission, Refused
from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class AttemptRefused(Event):
    """The base; one subclass per kind of thing that can be refused."""

    attempt: str
    code: str
    facts: Mapping[str, object]


REFUSABLE = (
    SubjectKind.request,
    SubjectKind.rfq,
    SubjectKind.quote,
    SubjectKind.approval,
    SubjectKind.delegation,
    SubjectKind.order,
    SubjectKind.vendor,
    SubjectKind.document,
    SubjectKind.person,
    SubjectKind.policy,
    SubjectKind.delivery,
    SubjectKind.log,
)
"""The kinds of things that an attempt can be about."""


def _event_class(kind: SubjectKind) -> type[AttemptRefused]:
    body = {"type": f"{kind}.refused", "subject_kind": kind, "__doc__": f"A refused attempt about: {kind}."}
    return dataclass(frozen=True, kw_only=True)(type(f"{kind.title()}Refused", (AttemptRefused,), body))


REFUSED_EVENTS: Mapping[SubjectKind, type[AttemptRefused]] = {kind: _event_class(kind) for kind in REFUSABLE}

_PEOPLE = ("who", "name", "email")
_FIELDS = (
    ("approval_id", SubjectKind.approval),
    ("delegation_id", SubjectKind.delegation),
    ("quote_id", SubjectKind.quote),
    ("order_id", SubjectKind.order),
    ("rfq_id", SubjectKind.rfq),
    ("request_id", SubjectKind.request),
    ("vendor_id", SubjectKind.vendor),
)
_SLICES = {
    "approvals": SubjectKind.approval,
    "delegations": SubjectKind.delegation,
    "requests": SubjectKind.request,
    "rfqs": SubjectKind.rfq,
    "quotes": SubjectKind.rfq,
    "awards": SubjectKind.request,
    "orders": SubjectKind.order,
    "vendors": SubjectKind.vendor,
}
"""What a bare id means in a query of this slice; those of ``quotes`` take the id of an RFQ."""


def subject_of(slice_name: str, command: object) -> tuple[SubjectKind, UUID] | None:
    """What the attempt was about, read from the command or from the bare id of a query."""
    if isinstance(command, UUID):
        kind = _SLICES.get(slice_name)
        return (kind, command) if kind else None
    for field, kind in _FIELDS:
        value = getattr(command, field, None)
        if isinstance(value, UUID):
            return kind, value
    return None


def refused_event(
    actor: Actor, attempt: str, slice_name: str, command: object, error: Refused
) -> AttemptRefused:
    """The event for a refused attempt; about the person when it names no other subject."""
    person = actor.person_id or UUID(int=0)
    kind, subject_id = subject_of(slice_name, command) or (SubjectKind.person, person)
    return REFUSED_EVENTS[kind](
        subject_id=subject_id,
        subject_version=0,
        attempt=attempt,
        code=error.code,
        facts={name: fact for name, fact in error.facts().items() if not _names_people(error, name)},
    )


def _names_people(error: Refused, fact: str) -> bool:
    """Who could do it instead is said to the person who tried; the log names people by their ids alone."""
    return fact in _PEOPLE and not isinstance(error, MissingPermission)


def refusals_summary(actor: Actor, most: int) -> AttemptRefused:
    """One event that stands for all further refusals within the hour."""
    return REFUSED_EVENTS[SubjectKind.person](
        subject_id=actor.person_id or UUID(int=0),
        subject_version=0,
        attempt="many",
        code="refusals.many",
        facts={"more_than": most},
    )
