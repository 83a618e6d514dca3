"""What can be asked of an approval, and what an approval is about.

The slice is generic: it knows a subject by kind, id and version, and the facts that a policy looks at; it
imports nothing of requests, quotes or orders.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.approvals.deadlines import DUE_HOURS
from core.approvals.states import Verdict
from core.kernel.ids import ApprovalId, PersonId, StepId


@dataclass(frozen=True)
class SubjectRef:
    """What is decided about, in exactly the version that was selected."""

    kind: str
    id: UUID
    version: int


@dataclass(frozen=True)
class Facts:
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
    facts: Facts
    reason: str | None
    route_wait: dt.timedelta


@dataclass(frozen=True)
class Decide:
    approval_id: ApprovalId
    verb: Verdict
    expected_version: int
    comment: str


@dataclass(frozen=True)
class AnswerQuestion:
    approval_id: ApprovalId
    text: str


@dataclass(frozen=True)
class Route:
    """Who is asked first; None means the policy's own order."""

    approval_id: ApprovalId
    ask_first: PersonId | None


@dataclass(frozen=True)
class Remind:
    step_id: StepId


@dataclass(frozen=True)
class FindHelp:
    step_id: StepId


@dataclass(frozen=True)
class Approver:
    """Exactly one of role, person (e-mail) and head_of is set."""

    role: str | None
    person: str | None
    head_of: str | None


@dataclass(frozen=True)
class PolicyStep:
    name: str
    approvers: tuple[Approver, ...]


@dataclass(frozen=True)
class Tier:
    """Amounts below ``below`` (None: any), for these departments and categories (empty: all).

    Each of its steps is due ``due_hours`` after it was opened.
    """

    name: str
    below: Decimal | None
    departments: tuple[str, ...]
    categories: tuple[str, ...]
    steps: tuple[PolicyStep, ...]
    due_hours: int = DUE_HOURS


@dataclass(frozen=True)
class SetPolicy:
    """``undo_seconds``: how long an order waits, so that whoever approved may take it back; 0 is not at all."""

    currency: str
    tiers: tuple[Tier, ...]
    expected_version: int | None
    undo_seconds: int = 0
