"""The commands of approvals, and what an approval is about.

One rule: the slice knows no request, quote or order; only a subject's kind, id and version, and a policy's facts.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.kernel.ids import PersonId
from core.policies.commands import PolicyStep


@dataclass(frozen=True)
class SubjectRef:
    """What is decided about, in exactly the version that was selected."""

    kind: str
    id: UUID
    version: int


@dataclass(frozen=True)
class Sibling:
    """Another request that this one may have been split from, with its amount in the policy's currency."""

    request_id: UUID
    amount_base: Decimal


@dataclass(frozen=True)
class RoutingFacts:
    """What a policy may look at; ``siblings`` and ``beside_base``, the purchase's other orders, count with the amount.

    ``categories``: of all vendors, where several supply. ``excluded`` never decide: the requester, the proposer, the
    vendor's creator. ``raised``: something looked unusual, so the next tier's steps are asked too.
    """

    amount: Decimal
    currency: str
    cost_centre: str
    category: str
    vendor_id: UUID | None
    requested_by: PersonId
    excluded: frozenset[UUID]
    siblings: tuple[Sibling, ...] = ()
    beside_base: Decimal = Decimal(0)
    categories: tuple[str, ...] = ()
    raised: bool = False


@dataclass(frozen=True)
class OpenApproval:
    """Choose approvers, open the first step; ``asks``: only these steps; ``route_wait``: n8n's time to name one."""

    subject: SubjectRef
    request_id: UUID
    title: str
    vendor_name: str
    facts: RoutingFacts
    reason: str | None
    route_wait: dt.timedelta
    asks: tuple[PolicyStep, ...] = ()
