"""Every SELECT of approvals with their steps and questions, and the UPDATEs that open, route and end them.

One rule: a person's reads go through ``visible_to`` and ``page`` only.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, insert, or_, select, true, update

from core.access.actor import Actor
from core.access.permissions import Permission
from core.approvals import policy, rows
from core.approvals.model import Approval, Step
from core.approvals.states import ApprovalState, StepState
from core.approvals.tables import approval_questions, approval_steps, approvals
from core.db.batches import nested
from core.db.compiled import Prebuilt
from core.db.connection import Row
from core.db.pages import PageQuery, read_page
from core.delegations import repo as delegations
from core.kernel.errors import first_or_not_found
from core.kernel.ids import ApprovalId, PersonId
from core.kernel.pagination import Page
from core.policies.tables import approval_policies
from core.uow import Uow

_A = approvals.c
_S = approval_steps.c
_Q = approval_questions.c
_STEPS = nested(
    *(
        _S[name] if name != "candidates" else func.array_to_string(_S.candidates, ",")
        for name in rows.STEP_COLUMNS
    ),
    where=_S.approval_id == _A.id,
    order_by=_S.position,
).label("steps")
_QUESTIONS = nested(
    _Q.asked_by,
    _Q.asked_at,
    _Q.text,
    _Q.answer,
    _Q.answered_at,
    where=_Q.approval_id == _A.id,
    order_by=_Q.asked_at,
).label("questions")
_UNDO_SECONDS = (
    select(approval_policies.c.undo_seconds)
    .where(approval_policies.c.version == _A.policy_version)
    .scalar_subquery()
    .label("undo_seconds")
)
_WHOLE = select(approvals, _STEPS, _QUESTIONS, _UNDO_SECONDS)
_LOAD = Prebuilt(_WHOLE.where(_A.id == bindparam("id")))
_END = Prebuilt(
    update(approvals)
    .where(_A.id == bindparam("approval"), _A.state == ApprovalState.pending.value)
    .values(
        state=bindparam("new_state"), closed_at=bindparam("new_closed_at"), undo_until=bindparam("new_undo")
    )
    .add_cte(
        update(approval_steps)
        .where(
            _S.approval_id == bindparam("approval"),
            _S.state.in_([StepState.waiting.value, StepState.open.value]),
        )
        .values(state=StepState.skipped.value)
        .cte("skipped")
    )
)


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Approvals of one's own requests and those one is or was asked to decide; with the oversight right, all."""
    if actor.may(Permission.requests_read_all):
        return true()
    asked = select(_S.approval_id).where(
        or_(_S.candidates.contains([actor.person_id]), _S.decided_by == actor.person_id)
    )
    return or_(_A.requested_by == actor.person_id, _A.id.in_(asked))


async def visible_to(uow: Uow, actor: Actor, approval_id: ApprovalId) -> Approval:
    """The approval, or NotFound when it is unknown or this person may not see it."""
    if actor.may(Permission.requests_read_all):
        return await load(uow, approval_id)
    found = await _load(uow, and_(_A.id == approval_id, _visible(actor)), limit=1)
    return first_or_not_found(found, what="approval")


async def load(uow: Uow, approval_id: UUID) -> Approval:
    """The approval, for Parley itself."""
    found = (await uow.connection.execute(_LOAD, {"id": approval_id})).all()
    return first_or_not_found(await _complete(uow, found), what="approval")


async def pending_of_purchase(uow: Uow, request_id: UUID) -> Approval | None:
    """The one pending approval of this purchase."""
    condition = and_(_A.request_id == request_id, _A.state == ApprovalState.pending.value)
    return next(iter(await _load(uow, condition, limit=1)), None)


async def of_subject(uow: Uow, kind: str, subject_id: UUID, version: int) -> Approval | None:
    condition = and_(_A.subject_kind == kind, _A.subject_id == subject_id, _A.subject_version == version)
    return next(iter(await _load(uow, condition, limit=1)), None)


async def page(uow: Uow, actor: Actor, state: ApprovalState | None, query: PageQuery) -> Page[Approval]:
    """One page of those that this person may see, newest first."""
    return await page_of_listed(uow, _visible(actor), state, query)


async def page_of_listed(
    uow: Uow, listed: ColumnElement[bool], state: ApprovalState | None, query: PageQuery
) -> Page[Approval]:
    """One page of another slice's list, newest first; who may see it is that slice's concern."""
    wanted = listed if state is None else and_(listed, _A.state == state.value)

    async def load(condition: ColumnElement[bool], limit: int) -> list[Approval]:
        return await _load(uow, condition, limit=limit)

    return await read_page(uow.connection, query, _A.id, wanted, load, lambda approval: approval.id)


async def pending_with_candidates(uow: Uow, people: Sequence[UUID]) -> list[Approval]:
    """Pending approvals whose open step has one of these people as a candidate."""
    waiting = select(_S.approval_id).where(
        _S.state == StepState.open.value, _S.candidates.overlap(list(people))
    )
    return await _load(uow, _A.id.in_(waiting), limit=1000)


async def _load(uow: Uow, condition: ColumnElement[bool], *, limit: int) -> list[Approval]:
    found = await uow.connection.execute(_WHOLE.where(condition).order_by(_A.id.desc()).limit(limit))
    return await _complete(uow, found.all())


async def _complete(uow: Uow, found: Sequence[Row]) -> list[Approval]:
    """The approvals with the deputies of their open steps, which are not stored."""
    loaded = [rows.approval_of(row) for row in found]
    asked = {person for approval in loaded if approval.open_step for person in approval.open_step.candidates}
    absent = await delegations.of_givers(uow, asked) if asked else ()
    return [policy.with_deputies(approval, absent) for approval in loaded] if absent else loaded


async def add(uow: Uow, approval: Approval, tier: Mapping[str, object]) -> None:
    """Insert the approval and its steps."""
    await uow.connection.execute(
        insert(approvals).values(**rows.approval_columns(approval), policy_tier=tier)
    )
    await uow.connection.execute(
        insert(approval_steps), [rows.step_columns(approval.id, step) for step in approval.steps]
    )


async def end(
    uow: Uow, approval: Approval, state: ApprovalState, undo_until: dt.datetime | None = None
) -> bool:
    """End a pending approval and skip its undecided steps; false when it has already ended."""
    facts = {"approval": approval.id, "new_state": state.value, "new_closed_at": uow.now}
    result = await uow.connection.execute(_END, facts | {"new_undo": undo_until})
    return result.rowcount == 1


async def route(uow: Uow, step: Step, ask_first: PersonId | None) -> bool:
    """Record who is asked first, once."""
    result = await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == StepState.open.value, _S.routed_at.is_(None))
        .values(routed_at=uow.now, asked_first=ask_first)
    )
    return result.rowcount == 1


async def unrouted(uow: Uow, now: dt.datetime) -> Sequence[ApprovalId]:
    """Approvals for which n8n's time to name an approver has run out."""
    found = await uow.connection.scalars(
        select(_S.approval_id).where(
            _S.state == StepState.open.value, _S.routed_at.is_(None), _S.route_due_at <= now
        )
    )
    return [ApprovalId(approval_id) for approval_id in found]


async def mark_stuck(uow: Uow, step: Step) -> bool:
    """Note once that nobody can decide."""
    result = await uow.connection.execute(
        update(approval_steps).where(_S.id == step.id, _S.stuck_at.is_(None)).values(stuck_at=uow.now)
    )
    return result.rowcount == 1
