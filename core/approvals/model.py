"""An approval and its steps as the slice's functions pass them around; never database rows."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from core.approvals.commands import SubjectRef
from core.approvals.states import ApprovalState, StepState, Verdict
from core.db.keyset import ListFilter
from core.kernel.actions import Action
from core.kernel.ids import ApprovalId, PersonId, StepId


@dataclass(frozen=True)
class Deputy:
    """Decides in place of a candidate who is away."""

    person_id: PersonId
    for_id: PersonId


@dataclass(frozen=True)
class Step:
    """One step. ``deputies`` are computed whenever an open step is read and are never stored."""

    id: StepId
    position: int
    name: str
    state: StepState
    candidates: tuple[PersonId, ...]
    asked_first: PersonId | None
    opened_at: dt.datetime | None
    route_due_at: dt.datetime | None
    routed_at: dt.datetime | None
    due_at: dt.datetime | None
    reminders: int
    decided_by: PersonId | None
    decided_at: dt.datetime | None
    verb: Verdict | None
    comment: str | None
    round: int = 1
    """How often the step was opened; an undone decision stays in the log under its own round."""
    decided_for: PersonId | None = None
    remind_at: dt.datetime | None = None
    stuck_at: dt.datetime | None = None
    needs: int = 1
    """How many different people have to approve it."""
    ask_once: bool = False
    """Skipped when one of its candidates approved the step just before."""
    approved_by: tuple[PersonId, ...] = ()
    """Who has approved it so far, without the last one; they are candidates no more."""
    approved_for: tuple[PersonId, ...] = ()
    """In whose place they did."""
    paused_at: dt.datetime | None = None
    """Since when its clock stands still, because a question is open."""
    deputies: tuple[Deputy, ...] = ()

    @property
    def still_needed(self) -> int:
        """How many more people have to approve."""
        return self.needs - len(self.approved_by)

    @property
    def behind(self) -> frozenset[UUID]:
        """Whoever stands behind what was decided here: who decided, and in whose place."""
        people = (*self.approved_by, *self.approved_for, self.decided_by, self.decided_for)
        return frozenset(person for person in people if person is not None)

    @property
    def deciders(self) -> tuple[PersonId, ...]:
        """Everybody who may decide this step: its candidates and their deputies."""
        return (*self.candidates, *(deputy.person_id for deputy in self.deputies))

    def decides_for(self, person_id: UUID | None) -> PersonId | None:
        """In whose place this person would decide; None when they decide for themselves or may not decide."""
        return next((one.for_id for one in self.deputies if one.person_id == person_id), None)


@dataclass(frozen=True)
class Question:
    asked_by: PersonId
    asked_at: dt.datetime
    text: str
    answer: str | None
    answered_at: dt.datetime | None


@dataclass(frozen=True)
class Approval:
    """The aggregate. ``version`` changes when what is decided changes, not when a colleague decides a step."""

    id: ApprovalId
    subject: SubjectRef
    request_id: UUID
    requested_by: PersonId
    state: ApprovalState
    version: int
    amount: Decimal
    currency: str
    amount_base: Decimal
    base_currency: str
    routed_base: Decimal
    """What the tier was chosen by, in ``base_currency``: its own amount, ``beside_base``, and those summed with it."""
    title: str
    vendor_name: str
    cost_centre: str
    category: str
    due_hours: int
    excluded: frozenset[UUID]
    policy_version: int
    reason: str | None
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    undo_until: dt.datetime | None
    steps: tuple[Step, ...]
    questions: tuple[Question, ...]
    vendor_id: UUID | None = None
    siblings: tuple[UUID, ...] = ()
    beside_base: Decimal = Decimal(0)
    """What the purchase's other orders cost, when it is about one of several."""
    raised: bool = False
    undo_seconds: int = field(default=0, compare=False)
    """How long it can be undone after the last approval, by its policy."""

    @property
    def open_step(self) -> Step | None:
        """The step that is open now."""
        return next((step for step in self.steps if step.state is StepState.open), None)

    @property
    def waiting_steps(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.state is StepState.waiting)

    @property
    def took_part(self) -> frozenset[UUID]:
        """Whoever stands behind a decision about any step."""
        return frozenset().union(*(step.behind for step in self.steps))

    @property
    def last_decided(self) -> Step | None:
        """The step that was decided last, for the text that says who decided it."""
        done = [(step.decided_at, step.position, step) for step in self.steps if step.decided_at is not None]
        return max(done)[2] if done else None


@dataclass(frozen=True)
class ApprovalDetails:
    """An approval with the names that a card shows, and what its reader may do with it."""

    approval: Approval
    names: dict[UUID, str]
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class ApprovalFilter(ListFilter):
    """What a list of approvals is limited to; ``number`` is the request's."""

    state: ApprovalState | None = None
