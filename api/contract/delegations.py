"""Delegations on the wire: who decides for whom, until when, and up to what."""

from uuid import UUID

from pydantic import ConfigDict, Field

from api.contract.approvals import CandidateOut
from api.contract.values import (
    Amount,
    Currency,
    InputModel,
    Moment,
    Note,
    OutputModel,
    Shown,
)


class LimitIn(InputModel):
    """Amounts up to and including this one, in the organisation's currency."""

    amount: Amount
    currency: Currency


class DelegationIn(InputModel):
    """``to`` decides in place of the caller, or of ``from``, whom only an administrator may name."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, serialize_by_alias=True)

    to: UUID
    from_: UUID | None = Field(default=None, alias="from")
    until: Moment
    limit: LimitIn | None = None
    reason: Note = ""


class LimitOut(OutputModel):
    amount: Shown
    currency: str


class DelegationOut(OutputModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    id: UUID
    from_: CandidateOut = Field(alias="from")
    to: CandidateOut
    made_at: Moment
    until: Moment
    limit: LimitOut | None
    reason: str
