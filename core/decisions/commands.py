"""The commands of an approver, and of the requester whom the approver asked."""

from dataclasses import dataclass

from core.approvals.states import Verdict
from core.kernel.ids import ApprovalId


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
