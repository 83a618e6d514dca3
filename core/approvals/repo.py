"""Every SELECT of approvals with their steps and questions, and the UPDATEs that open, route and end them.

One rule: a person's reads go through ``visible_to`` and ``page`` only.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    column,
    exists,
    func,
    insert,
    or_,
    select,
    table,
    true,
    union,
    update,
)

from core.access.actor import Actor
from core.access.permissions import Permission
from core.approvals import policy, rows
from core.approvals.model import Approval, ApprovalFilter, Step
from core.approvals.states import ApprovalState, StepState
from core.approvals.tables import approval_questions, approval_steps, approvals
from core.db.base import Id
from core.db.batches import nested
from core.db.compiled import Prebuilt
from core.db.connection import Row
from core.db.keyset import NewestFirst, as_number, constant, equal, in_array_of
from core.db.pages import read_page
from core.db.pending import Write
from core.delegations import repo as delegations
from core.kernel.errors import first_or_not_found
from core.kernel.ids import ApprovalId
from core.kernel.pagination import Page, UnreadableRow, read_rows
from core.policies.tables import approval_policies
from core.uow import Uow

_A, _S, _Q = approvals.c, approval_steps.c, approval_questions.c
_STEPS = nested(
    *(func.array_to_string(_S[name], ",") if name in rows.LISTS else _S[name] for name in rows.STEP_COLUMNS),
    where=_S.approval_id == _A.id,
    order_by=_S.position,
).label("steps")
_ASKED = tuple(_Q[name] for name in ("asked_by", "asked_at", "text", "answer", "answered_at"))
_QUESTIONS = nested(*_ASKED, where=_Q.approval_id == _A.id, order_by=_Q.asked_at).label("questions")
_of_policy = approval_policies.c.version == _A.policy_version
_UNDO_SECONDS = (
    select(approval_policies.c.undo_seconds).where(_of_policy).scalar_subquery().label("undo_seconds")
)
WHOLE = select(approvals, _STEPS, _QUESTIONS, _UNDO_SECONDS)
"""An approval with its steps and questions; the deputies of its open step are read beside it."""
_LOAD = Prebuilt(WHOLE.where(_A.id == bindparam("id")))
_END = Prebuilt(
    update(approvals)
    .where(_A.id == bindparam("approval"), _A.state == ApprovalState.pending.value)
    .values(
        state=bindparam("new_state"), closed_at=bindparam("new_closed_at"), undo_until=bindparam("new_undo")
    )
)
_undecided = _S.state.in_([StepState.waiting.value, StepState.open.value])
_SKIP = Prebuilt(
    update(approval_steps)
    .where(_S.approval_id == bindparam("approval"), _undecided)
    .values(state=StepState.skipped.value)
)
_NEWEST = NewestFirst(_A.id, _A.opened_at)
_number_of = table("procurement_requests", column("id"), column("number"))
_quotes = table("vendor_quotes", column("id"), column("vendor_id", Id))
_shares = table("split_award_lines", column("split_award_id", Id), column("quote_id", Id))
"""Requests, quotes and split awards are higher slices; only a number and a vendor are read here."""


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Approvals of one's own requests and those one is or was asked to decide; with the oversight right, all."""
    if actor.may(Permission.requests_read_all):
        return true()
    asked = or_(_S.candidates.contains([actor.person_id]), _S.decided_by == actor.person_id)
    return or_(_A.requested_by == actor.person_id, exists().where(_S.approval_id == _A.id, asked))


def _listed(actor: Actor) -> ColumnElement[bool]:
    """In a list, of those one was asked only what waits now or what one decided oneself."""
    if actor.may(Permission.requests_read_all):
        return true()
    return or_(_A.requested_by == actor.person_id, in_array_of(_A.id, _asked(actor)))


def _waiting(people: Sequence[UUID | None]) -> Select[Any]:
    """The approvals whose open step has one of these people as a candidate."""
    return select(_S.approval_id).where(
        _S.state == constant(StepState.open), _S.candidates.overlap(list(people))
    )


def _asked(actor: Actor) -> Any:
    """Those that this person is asked to decide now, or decided."""
    decided = select(_S.approval_id).where(
        _S.state == constant(StepState.done), _S.decided_by == actor.person_id
    )
    return union(_waiting([actor.person_id]), decided)


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


async def pending_of_purchase(uow: Uow, request_id: UUID, about: UUID | None = None) -> Approval | None:
    """The newest pending approval of this purchase; ``about``: of this subject."""
    wanted = true() if about is None else _A.subject_id == about
    condition = and_(_A.request_id == request_id, _A.state == ApprovalState.pending.value, wanted)
    return next(iter(await _load(uow, condition, limit=1)), None)


async def of_subject(uow: Uow, kind: str, subject_id: UUID, version: int) -> Approval | None:
    condition = and_(_A.subject_kind == kind, _A.subject_id == subject_id, _A.subject_version == version)
    return next(iter(await _load(uow, condition, limit=1)), None)


async def page(uow: Uow, actor: Actor, filters: ApprovalFilter) -> Page[Approval]:
    """One page of those that this person may see, newest first."""
    if actor.may(Permission.requests_read_all) or filters.bounds.by_place:
        return await page_of_listed(uow, _listed(actor), filters)
    shown = (_A.requested_by == actor.person_id, in_array_of(_A.id, _asked(actor)))
    return await _page(uow, _NEWEST.either(shown, _matching(filters), filters.bounds), filters)


async def page_of_listed(uow: Uow, listed: ColumnElement[bool], filters: ApprovalFilter) -> Page[Approval]:
    """One page of another slice's list, newest first; who may see it is that slice's concern."""
    if not filters.bounds.by_place:
        found = _NEWEST.page(select(_A.id).where(listed, *_matching(filters)), filters.bounds)
        return await _page(uow, found, filters)

    async def load(condition: ColumnElement[bool], limit: int) -> list[Approval | UnreadableRow]:
        found = await uow.connection.execute(WHOLE.where(condition).order_by(_A.id.desc()).limit(limit))
        return await _read(uow, found.all())

    wanted = and_(listed, *_matching(filters), *_NEWEST.between(filters.bounds))
    return await read_page(uow.connection, filters.page, _A.id, wanted, load, lambda approval: approval.id)


async def _page(uow: Uow, ids_of_page: Select[Any], filters: ApprovalFilter) -> Page[Approval]:
    on_page = in_array_of(_A.id, ids_of_page.correlate(None))
    bounds = filters.bounds
    statement = WHOLE.add_columns(*_NEWEST.ended(bounds)).where(on_page).order_by(*_NEWEST.order(bounds))
    found = (await uow.connection.execute(statement)).all()
    return _NEWEST.shown(bounds, found, await _read(uow, found), lambda approval: approval.id)


def _matching(filters: ApprovalFilter) -> list[ColumnElement[bool]]:
    found = equal(
        {_A.state: filters.state, _A.cost_centre: filters.cost_centre, _A.requested_by: filters.person}
    )
    if filters.text:
        found.append((_A.title + "\n" + _A.vendor_name).icontains(filters.text, autoescape=True))
    if filters.vendor_id is not None:
        own = select(_quotes.c.id).where(_quotes.c.vendor_id == filters.vendor_id)
        shared = select(_shares.c.split_award_id).where(_shares.c.quote_id.in_(own))
        found.append(_A.subject_id.in_(union(own, shared)))
    if filters.number is None:
        return found
    of_number = select(_number_of.c.id).where(_number_of.c.number == as_number(filters.number))
    return [*found, _A.request_id == of_number.scalar_subquery()]


async def pending_with_candidates(uow: Uow, people: Sequence[UUID]) -> list[Approval]:
    """Pending approvals whose open step has one of these people as a candidate."""
    return await _load(uow, in_array_of(_A.id, _waiting(people)), limit=1000)


async def _load(uow: Uow, condition: ColumnElement[bool], *, limit: int) -> list[Approval]:
    found = await uow.connection.execute(WHOLE.where(condition).order_by(_A.id.desc()).limit(limit))
    return await _complete(uow, found.all())


async def _read(uow: Uow, found: Sequence[Row]) -> list[Approval | UnreadableRow]:
    """The rows of a list: one that cannot be read takes no other with it."""
    read = read_rows(found, rows.approval_of, Approval)
    whole = iter(await _with_deputies(uow, [each for each in read if isinstance(each, Approval)]))
    return [next(whole) if isinstance(each, Approval) else each for each in read]


async def _complete(uow: Uow, found: Sequence[Row]) -> list[Approval]:
    return await _with_deputies(uow, [rows.approval_of(row) for row in found])


async def _with_deputies(uow: Uow, loaded: list[Approval]) -> list[Approval]:
    """The approvals with the deputies of their open steps, which are not stored."""
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
) -> None:
    """End a pending approval and skip its undecided steps."""
    facts = {"new_state": state.value, "new_closed_at": uow.now, "new_undo": undo_until}
    await uow.connection.later(Write(_END, {"approval": approval.id, **facts}, approvals.name))
    if approval.open_step is not None or approval.waiting_steps:
        await uow.connection.later(Write(_SKIP, {"approval": approval.id}, approval_steps.name))


async def mark_stuck(uow: Uow, step: Step) -> bool:
    """Note once that nobody can decide."""
    result = await uow.connection.execute(
        update(approval_steps).where(_S.id == step.id, _S.stuck_at.is_(None)).values(stuck_at=uow.now)
    )
    return result.rowcount == 1
