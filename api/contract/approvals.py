"""Approvals and the approval policy on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from api.contract.actions import Actionable
from api.contract.findings import FactsOut, RuleName
from api.contract.quotes import DocumentOut
from api.contract.values import (
    Amount,
    Currency,
    Day,
    InputModel,
    Moment,
    Note,
    NumberedQuery,
    OutputModel,
    Reason,
    Shown,
    Version,
    WholeNumber,
    Word,
    value_error,
)
from api.contract.vendor_scores import VendorScoreOut
from core.approvals.states import ApprovalState, StepState, Verdict
from core.kernel.policy_terms import AskOnce, SplitWhat, SplitWho
from core.requests.states import RequestState

UndoSeconds = Annotated[
    int,
    Field(ge=0, le=300, description="How long an order waits, so that whoever approved may take it back"),
]


class DecisionIn(InputModel):
    """``undo`` takes back one's own approval, until its order is issued."""

    approval_id: UUID
    verb: Verdict
    expected_version: Version
    comment: Note = ""


class AnswerIn(InputModel):
    text: Reason


class ForwardIn(InputModel):
    """Hands the open step to somebody else who may decide, with a note if one is wanted."""

    to: UUID
    reason: Reason | None = None
    expected_version: Version


class ReassignIn(InputModel):
    """``from_person``: who is asked now; null where too few can decide, so that one more is asked."""

    from_person: UUID | None = None
    to: UUID
    reason: Reason
    expected_version: Version


class SubjectOut(OutputModel):
    kind: str
    id: UUID
    version: int


class CandidateOut(OutputModel):
    person_id: UUID
    name: str


DueHours = Annotated[int, Field(ge=1, le=720, description="How long each step may take")]


class DeputyOut(OutputModel):
    """Who may decide in a candidate's place."""

    person_id: UUID
    name: str
    for_id: UUID
    for_name: str


class StepOut(OutputModel):
    id: UUID
    position: int
    name: str
    state: StepState
    candidates: tuple[CandidateOut, ...]
    deputies: tuple[DeputyOut, ...] = ()
    asked_first: UUID | None = None
    opened_at: Moment | None = None
    """Since when it waits for its candidates."""
    due_at: Moment | None = None
    decided_by: UUID | None = None
    decided_by_name: str | None = None
    decided_for: UUID | None = None
    decided_for_name: str | None = None
    decided_at: Moment | None = None
    verb: Verdict | None = None
    comment: str | None = None
    round: int = 1
    needs: int = 1
    approved_by: tuple[CandidateOut, ...] = ()
    """Who has approved so far, where several have to."""


class QuestionOut(OutputModel):
    asked_by: UUID
    asked_by_name: str
    asked_at: Moment
    text: str
    answer: str | None
    answered_at: Moment | None


class LastPaidOut(OutputModel):
    """The newest price that was ordered for the same description."""

    price: Shown
    currency: str
    vendor_name: str
    order_number: str
    ordered_at: Moment


class DecidedLineOut(OutputModel):
    """One line as it would be ordered; ``unit_price`` is in the approval's currency."""

    description: str
    quantity: Shown
    unit: str
    unit_price: Shown | None
    last_paid: LastPaidOut | None
    vendor_name: str | None = None
    """Of a split award: who gets the line; the price is in ``currency`` then."""
    currency: str | None = None
    asked_for: str | None = None
    """What was asked for, where an alternative would be ordered in its place."""


class DecidedShareOut(OutputModel):
    """What one vendor of a split award gets in all, with the whole shipping; ``converted`` as the approval's amount."""

    vendor_name: str
    currency: str
    shipping: Shown
    total: Shown
    converted: Shown


class RankOut(OutputModel):
    """Place among the complete quotes; ``gap`` is what it costs above the best, in ``currency``."""

    place: int
    of: int
    gap: Shown
    percent: Shown | None
    currency: str


class OnTimeOut(OutputModel):
    """How many of the vendor's last completed orders were complete on the day they were due."""

    punctual: int
    orders: int


class SimilarRequestOut(OutputModel):
    id: UUID
    number: str
    state: RequestState
    requested_by_name: str
    created_at: Moment


class SummedRequestOut(OutputModel):
    """Another request whose amount counted when the tier was chosen."""

    id: UUID
    number: str
    requested_by_name: str
    amount: Shown
    currency: str


class NotedFindingOut(OutputModel):
    """What looked unusual about the purchase and nobody has called fine; ``facts`` as in the finding itself."""

    id: UUID
    rule: RuleName
    facts: FactsOut


class ApprovalFactsOut(OutputModel):
    """All that is decided; what the caller may not see of other quotes and purchases is absent."""

    request_number: str
    note: str
    needed_by: Day
    delivery_on: Day | None
    days_late: int
    lines: tuple[DecidedLineOut, ...]
    rank: RankOut | None
    on_time: OnTimeOut | None
    documents: tuple[DocumentOut, ...]
    similar: tuple[SimilarRequestOut, ...]
    summed: tuple[SummedRequestOut, ...]
    shares: tuple[DecidedShareOut, ...] = ()
    """By vendor, when the lines are split."""
    left_out: tuple[str, ...] = ()
    best_single: Shown | None = None
    """The lowest total of one vendor for everything, beside a split award."""
    entered_by_name: str | None = None
    """Who wrote the request for whoever asks."""
    resembles: tuple[str, ...] = ()
    """Earlier requests for the same, of which whoever submitted it knew."""
    scores: tuple[VendorScoreOut, ...] = ()
    """Of the vendor, or of each vendor of a split award; none for readers without the right."""
    findings: tuple[NotedFindingOut, ...] = ()
    """For the same readers, oldest first."""


class ApprovalOut(Actionable):
    """One approval; ``may_decide`` and ``may_undo`` are computed for the caller.

    ``facts`` come with one approval and with those that wait for the caller.
    """

    id: UUID
    subject: SubjectOut
    request_id: UUID
    requested_by: UUID
    requested_by_name: str
    state: ApprovalState
    version: int
    amount: Shown
    currency: str
    amount_base: Shown
    base_currency: str
    title: str
    vendor_name: str
    cost_centre: str
    policy_version: int
    reason: str | None
    steps: tuple[StepOut, ...]
    questions: tuple[QuestionOut, ...]
    may_decide: bool
    may_undo: bool = False
    opened_at: Moment
    closed_at: Moment | None
    undo_until: Moment | None = None
    facts: ApprovalFactsOut | None = None


class ApproverIn(InputModel):
    """Who may decide: exactly one of role, person (e-mail) or head_of."""

    role: Word | None = None
    person: Annotated[str, Field(max_length=254)] | None = None
    head_of: Literal["cost_centre", "department"] | None = None

    @model_validator(mode="after")
    def one_of_three(self) -> "ApproverIn":
        if sum(value is not None for value in (self.role, self.person, self.head_of)) != 1:
            raise value_error(
                "policy.approver", "name exactly one of role, person, head_of", '{"role": "manager"}'
            )
        return self


class StepIn(InputModel):
    """``needs``: how many different people have to approve this step."""

    name: Word
    needs: Annotated[WholeNumber, Field(ge=1, le=10)] = 1
    approvers: Annotated[tuple[ApproverIn, ...], Field(min_length=1, max_length=20)]


class TierIn(InputModel):
    """Applies to amounts below ``below`` (null: no upper limit) and to the named departments and categories."""

    name: Word
    below: Amount | None = None
    departments: tuple[Word, ...] = ()
    categories: tuple[Word, ...] = ()
    steps: Annotated[tuple[StepIn, ...], Field(min_length=1, max_length=10)]
    due_hours: DueHours = 72
    ask_once: Annotated[
        AskOnce,
        Field(
            description="Whether somebody who approved a step is passed over at the step that follows at once"
        ),
    ] = AskOnce.never


class SplitsIn(InputModel):
    """Requests of the last ``days`` with this in common are summed to choose the tier; 0 turns it off."""

    days: Annotated[WholeNumber, Field(ge=0, le=365)] = 14
    who: SplitWho = SplitWho.either
    what: SplitWhat = SplitWhat.either


class PolicyIn(InputModel):
    currency: Currency
    tiers: Annotated[tuple[TierIn, ...], Field(min_length=1, max_length=50)]
    expected_version: Version | None = None
    undo_seconds: UndoSeconds = 0
    splits: SplitsIn = SplitsIn()


class PolicyOut(OutputModel):
    version: int
    currency: str
    tiers: tuple[TierIn, ...]
    undo_seconds: int
    splits: SplitsIn
    set_by: str
    set_at: Moment
    replanned: tuple[UUID, ...] = ()
    """Stuck approvals that are asked by this version from now on; only in the answer to setting it."""


class SimulationIn(PolicyIn):
    """A policy that is only tried, for the ``last`` purchases; nothing is written."""

    last: Annotated[WholeNumber, Field(ge=1, le=200, examples=[200])] = 200


class SimulatedStepOut(OutputModel):
    name: str
    candidates: tuple[CandidateOut, ...]
    needs: int = 1
    ask_once: bool = False


class SimulatedPurchaseOut(OutputModel):
    """Whom the policy would have asked; ``problem`` says why nobody could have decided it."""

    approval_id: UUID
    request_number: str
    title: str
    vendor_name: str
    cost_centre: str
    amount: Amount
    currency: str
    tier: str | None
    steps: tuple[SimulatedStepOut, ...]
    differs: bool
    problem: Literal["nobody", "too_few", "no_tier", "no_rate"] | None


class SimulationOut(OutputModel):
    """``differing`` and ``stuck`` count the purchases that would be asked of others, and those of nobody."""

    purchases: int
    differing: int
    stuck: int
    items: tuple[SimulatedPurchaseOut, ...]


class ApprovalQuery(NumberedQuery):
    """``number`` is the request's; ``mine``: those that wait for the caller."""

    state: ApprovalState | None = None
    mine: bool = False
