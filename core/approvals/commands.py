"""What can be asked of an approval, and what an approval is about.

The slice is generic: it knows a subject by kind, id and version, and the facts that a policy looks at; it
imports nothing of requests, quotes or orders.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.kernel.ids import ApprovalId, PersonId


@dataclass(frozen=True)
class SubjectRef:
    """What is decided about, in exactly the version that was selected."""

    kind: str
    id: UUID
    version: int


@dataclass(frozen=True)
class RoutingFacts:
    """What a policy may look at. ``excluded`` can never decide: requester, proposer, the vendor's creator."""

    amount: Decimal
    currency: str
    cost_centre: str
    category: str
    vendor_id: UUID
    requested_by: PersonId
    excluded: frozenset[UUID]


@dataclass(frozen=True)
class OpenApproval:
    """Ask the policy who decides, and open the first step. ``route_wait`` is n8n's time to name who is first."""

    subject: SubjectRef
    request_id: UUID
    title: str
    vendor_name: str
    facts: RoutingFacts
    reason: str | None
    route_wait: dt.timedelta


@dataclass(frozen=True)
class RouteApproval:
    """Who is asked first; None means the policy's own order."""

    approval_id: ApprovalId
    ask_first: PersonId | None
