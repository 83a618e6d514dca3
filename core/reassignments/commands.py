"""The commands that say or change who is asked."""

from dataclasses import dataclass

from core.kernel.ids import ApprovalId, PersonId


@dataclass(frozen=True)
class RouteApproval:
    """Who is asked first; None keeps the policy's order."""

    approval_id: ApprovalId
    ask_first: PersonId | None


@dataclass(frozen=True)
class ForwardStep:
    """Somebody who is asked hands the open step to a colleague."""

    approval_id: ApprovalId
    to: PersonId
    reason: str
    expected_version: int


@dataclass(frozen=True)
class ReassignStep:
    """An administrator gives the open step of one person to another; of nobody, when too few can decide it."""

    approval_id: ApprovalId
    from_person: PersonId | None
    to: PersonId
    reason: str
    expected_version: int
