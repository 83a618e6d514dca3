"""What can happen to an RFQ or an invitation.

One rule: only the event that closes the RFQ contains prices; until then quotes are sealed.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from core.kernel.subjects import SubjectKind
from core.log.events import Event
from core.rfqs.model import Rfq


@dataclass(frozen=True, kw_only=True)
class RfqEvent(Event):
    subject_kind: ClassVar[str] = SubjectKind.rfq
    number: str


@dataclass(frozen=True, kw_only=True)
class RfqSent(RfqEvent):
    """``files``: those of the request that the vendors get."""

    type: ClassVar[str] = "rfq.sent"
    vendor_ids: tuple[UUID, ...]
    quote_by: dt.datetime
    lines: int
    files: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RfqReminded(RfqEvent):
    """The vendors who have not answered yet are reminded of the deadline."""

    type: ClassVar[str] = "rfq.reminded"
    vendor_ids: tuple[UUID, ...]
    quote_by: dt.datetime


@dataclass(frozen=True, kw_only=True)
class RfqClosed(RfqEvent):
    """The sealed quotes are opened; names each quote's revision, so that none can be added afterwards."""

    type: ClassVar[str] = "rfq.closed"
    why: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RfqUnsuccessful(RfqEvent):
    type: ClassVar[str] = "rfq.unsuccessful"
    why: str


@dataclass(frozen=True, kw_only=True)
class RfqReplaced(RfqEvent):
    """None of its quotes was chosen, and another RFQ asks for the same."""

    type: ClassVar[str] = "rfq.replaced"
    by: str


@dataclass(frozen=True, kw_only=True)
class RfqUndecided(RfqEvent):
    """Only quotes are left that somebody has to answer for; by quote number, why."""

    type: ClassVar[str] = "rfq.undecided"
    doubts: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class RfqAwarded(RfqEvent):
    """``others`` have lost; ``more``: the vendors who get lines of a split award beside the first one."""

    type: ClassVar[str] = "rfq.awarded"
    quote_id: UUID
    vendor_id: UUID
    others: tuple[UUID, ...]
    more: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RfqCancelled(RfqEvent):
    """By an officer with a reason, or because the request has ended."""

    type: ClassVar[str] = "rfq.cancelled"
    vendor_ids: tuple[UUID, ...]
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class InvitationDeclined(RfqEvent):
    type: ClassVar[str] = "invitation.declined"
    vendor_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class InvitationExpired(RfqEvent):
    type: ClassVar[str] = "invitation.expired"
    vendor_id: UUID


def envelope(rfq: Rfq) -> dict[str, Any]:
    """The fields that every event of an RFQ carries."""
    return {
        "subject_id": rfq.id,
        "subject_version": rfq.version,
        "request_id": rfq.request_id,
        "number": rfq.number,
    }
