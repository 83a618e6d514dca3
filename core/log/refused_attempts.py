"""Refused attempts are facts too: who tried what, and why it was refused.

One rule: written in a transaction of its own, after the attempt was rolled back; never the text that was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core.access.actor import Actor
from core.kernel.errors import Refused
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class AttemptRefused(Event):
    """The base; one subclass per kind of thing that can be refused."""

    attempt: str
    code: str
    facts: Mapping[str, object]


SUBJECT_KINDS = (
    "request",
    "rfq",
    "quote",
    "approval",
    "delegation",
    "order",
    "vendor",
    "document",
    "person",
    "policy",
    "delivery",
    "log",
)


def _event_class(kind: str) -> type[AttemptRefused]:
    body = {"type": f"{kind}.refused", "subject_kind": kind, "__doc__": f"A refused attempt about: {kind}."}
    return dataclass(frozen=True, kw_only=True)(type(f"{kind.title()}Refused", (AttemptRefused,), body))


REFUSED_EVENTS: Mapping[str, type[AttemptRefused]] = {kind: _event_class(kind) for kind in SUBJECT_KINDS}

_FIELDS = (
    ("approval_id", "approval"),
    ("delegation_id", "delegation"),
    ("quote_id", "quote"),
    ("order_id", "order"),
    ("rfq_id", "rfq"),
    ("request_id", "request"),
    ("vendor_id", "vendor"),
)
_SLICES = {
    "approvals": "approval",
    "delegations": "delegation",
    "requests": "request",
    "sourcing": "rfq",
    "orders": "order",
    "vendors": "vendor",
}


def subject_of(slice_name: str, command: object) -> tuple[str, UUID] | None:
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
    """The fact of a refused attempt; about the person when it was about nothing in particular."""
    person = actor.person_id or UUID(int=0)
    kind, subject_id = subject_of(slice_name, command) or ("person", person)
    return REFUSED_EVENTS[kind](
        subject_id=subject_id,
        subject_version=0,
        attempt=attempt,
        code=error.code,
        facts=dict(error.facts()),
    )


def refusals_summary(actor: Actor, most: int) -> AttemptRefused:
    """One summary instead of what follows within the hour."""
    return REFUSED_EVENTS["person"](
        subject_id=actor.person_id or UUID(int=0),
        subject_version=0,
        attempt="many",
        code="refusals.many",
        facts={"more_than": most},
    )
