"""Converts approvals between rows and models.

One rule: only this module knows how the columns are laid out.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from core.approvals.commands import SubjectRef
from core.approvals.model import Approval, Question, Step
from core.approvals.states import ApprovalState, StepState, Verdict
from core.db.connection import Row
from core.kernel.ids import ApprovalId, PersonId


def approvals_of(found: Sequence[Row], steps: Sequence[Row], questions: Sequence[Row]) -> list[Approval]:
    """Aggregates from the rows of three tables."""
    steps_of: dict[UUID, list[Step]] = {row.id: [] for row in found}
    questions_of: dict[UUID, list[Question]] = {row.id: [] for row in found}
    for row in steps:
        steps_of[row.approval_id].append(_step_of({name: getattr(row, name) for name in STEP_COLUMNS}))
    for row in questions:
        questions_of[row.approval_id].append(
            Question(PersonId(row.asked_by), row.asked_at, row.text, row.answer, row.answered_at)
        )
    return [_approval(row, tuple(steps_of[row.id]), tuple(questions_of[row.id])) for row in found]


STEP_COLUMNS = tuple(field.name for field in fields(Step) if field.name != "deputies")
"""The columns of a step, in the order in which its approval's row carries them; lists of people joined by commas."""
LISTS = ("candidates", "approved_by", "approved_for")
PLAIN = tuple(
    field.name
    for field in fields(Approval)
    if field.name
    not in ("subject", "state", "siblings", "excluded", "undo_until", "undo_seconds", "steps", "questions")
)
"""The columns of an approval that are stored as they are when it is opened."""


def approval_of(row: Row) -> Approval:
    """The aggregate from its row, which carries the steps and the questions."""
    steps = tuple(_nested_step(step) for step in row.steps)
    questions = tuple(Question(*question) for question in row.questions)
    return _approval(row, steps, questions, row.undo_seconds or 0)


def _nested_step(values: Sequence[Any]) -> Step:
    """A step from the columns that its approval's row carries."""
    step = dict(zip(STEP_COLUMNS, values, strict=True))
    return _step_of(
        step | {name: [UUID(person) for person in step[name].split(",") if person] for name in LISTS}
    )


def _step_of(values: dict[str, Any]) -> Step:
    lists = {name: tuple(PersonId(person) for person in values[name]) for name in LISTS}
    verb = Verdict(values["verb"]) if values["verb"] else None
    return Step(**values | lists | {"state": StepState(values["state"]), "verb": verb})


def _approval(row: Row, steps: tuple[Step, ...], questions: tuple[Question, ...], undo: int = 0) -> Approval:
    return Approval(
        id=ApprovalId(row.id),
        subject=SubjectRef(row.subject_kind, row.subject_id, row.subject_version),
        request_id=row.request_id,
        requested_by=PersonId(row.requested_by),
        state=ApprovalState(row.state),
        version=row.version,
        amount=row.amount,
        currency=row.currency,
        amount_base=row.amount_base,
        base_currency=row.base_currency,
        routed_base=row.routed_base,
        title=row.title,
        vendor_name=row.vendor_name,
        cost_centre=row.cost_centre,
        category=row.category,
        due_hours=row.due_hours,
        excluded=frozenset(row.excluded),
        policy_version=row.policy_version,
        reason=row.reason,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        undo_until=row.undo_until,
        steps=steps,
        questions=questions,
        vendor_id=row.vendor_id,
        siblings=tuple(row.siblings),
        beside_base=row.beside_base,
        raised=row.raised,
        undo_seconds=undo,
    )


def approval_columns(approval: Approval) -> dict[str, Any]:
    """The columns of ``approvals`` without the policy's snapshot."""
    return {name: getattr(approval, name) for name in PLAIN} | {
        "subject_kind": approval.subject.kind,
        "subject_id": approval.subject.id,
        "subject_version": approval.subject.version,
        "state": approval.state.value,
        "siblings": list(approval.siblings),
        "excluded": sorted(approval.excluded),
    }


def step_columns(approval_id: ApprovalId, step: Step) -> dict[str, Any]:
    """The columns of a step that is still undecided."""
    return {
        "id": step.id,
        "approval_id": approval_id,
        "position": step.position,
        "name": step.name,
        "state": step.state.value,
        "candidates": list(step.candidates),
        "opened_at": step.opened_at,
        "route_due_at": step.route_due_at,
        "routed_at": step.routed_at,
        "due_at": step.due_at,
        "remind_at": step.remind_at,
        "stuck_at": step.stuck_at,
        "round": step.round,
        "reminders": step.reminders,
        "needs": step.needs,
        "ask_once": step.ask_once,
        "approved_by": list(step.approved_by),
        "approved_for": list(step.approved_for),
    }
