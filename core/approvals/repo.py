"""Every SELECT and UPDATE of approvals, their steps, verdicts, questions and policies.

One rule: ``visible_to`` and ``page`` are the only doors for a person; a decision is one guarded UPDATE.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, exists, insert, or_, select, true, update

from core.access.actor import Actor
from core.access.permissions import Permission
from core.approvals import policy, rows
from core.approvals.model import Approval, Policy, Step
from core.approvals.states import ApprovalState, StepState, StepVerb, Verdict, after_step
from core.approvals.tables import (
    approval_logs,
    approval_policies,
    approval_questions,
    approval_steps,
    approvals,
)
from core.delegations import repo as delegations
from core.identity import directory
from core.identity.tables import people
from core.kernel.errors import NotFound, the_one
from core.kernel.ids import ApprovalId, PersonId, StepId, new_id
from core.kernel.page import Page, decode_id, page_of
from core.uow import Uow

_A = approvals.c
_S = approval_steps.c
_P = people.c


def _visible(actor: Actor) -> ColumnElement[bool]:
    """One's own request's approvals, those one is or was asked to decide, all with the oversight right."""
    if actor.may(Permission.requests_read_all):
        return true()
    asked = select(_S.approval_id).where(
        or_(_S.candidates.contains([actor.person_id]), _S.decided_by == actor.person_id)
    )
    return or_(_A.requested_by == actor.person_id, _A.id.in_(asked))


async def visible_to(uow: Uow, actor: Actor, approval_id: ApprovalId) -> Approval:
    """The approval, or NotFound when it is unknown or not this person's to see."""
    found = await _load(uow, and_(_A.id == approval_id, _visible(actor)), limit=1)
    return the_one(found, what="approval")


async def load(uow: Uow, approval_id: UUID) -> Approval:
    """The approval for Parley itself."""
    found = await _load(uow, _A.id == approval_id, limit=1)
    return the_one(found, what="approval")


async def pending_of_case(uow: Uow, request_id: UUID) -> Approval | None:
    """The one approval of this purchase that still waits."""
    wanted = and_(_A.request_id == request_id, _A.state == ApprovalState.pending.value)
    return next(iter(await _load(uow, wanted, limit=1)), None)


async def of_subject(uow: Uow, kind: str, subject_id: UUID, version: int) -> Approval | None:
    wanted = and_(_A.subject_kind == kind, _A.subject_id == subject_id, _A.subject_version == version)
    return next(iter(await _load(uow, wanted, limit=1)), None)


async def page(
    uow: Uow, actor: Actor, state: ApprovalState | None, mine: bool, cursor: str | None, limit: int
) -> Page[Approval]:
    """One page, newest first; ``mine`` = those whose open step waits for this person."""
    after = decode_id(cursor)
    waiting = select(_S.approval_id).where(
        _S.state == StepState.open.value, _S.candidates.contains([actor.person_id])
    )
    for_others = await as_deputy(uow, actor.person_id) if mine and actor.person_id else []
    wanted = and_(
        _visible(actor),
        _A.state == state.value if state else true(),
        or_(_A.id.in_(waiting), _A.id.in_(for_others)) if mine else true(),
        _A.id < after if after else true(),
    )
    return page_of(await _load(uow, wanted, limit=limit + 1), limit, lambda approval: approval.id)


async def as_deputy(uow: Uow, person_id: PersonId) -> list[ApprovalId]:
    """What this person may decide in somebody's place, by the same rule that a decision is checked with."""
    givers = [one.giver for one in await delegations.of_deputy(uow, person_id)]
    found = await pending_with_candidates(uow, givers) if givers else []
    return [
        approval.id for approval in found if approval.open_step and approval.open_step.decides_for(person_id)
    ]


async def pending_with_candidates(uow: Uow, people: Sequence[UUID]) -> list[Approval]:
    """Pending approvals whose open step waits for any of these people."""
    waiting = select(_S.approval_id).where(
        _S.state == StepState.open.value, _S.candidates.overlap(list(people))
    )
    return await _load(uow, _A.id.in_(waiting), limit=1000)


async def _load(uow: Uow, wanted: ColumnElement[bool], *, limit: int) -> list[Approval]:
    found = (
        await uow.connection.execute(select(approvals).where(wanted).order_by(_A.id.desc()).limit(limit))
    ).all()
    if not found:
        return []
    ids = [row.id for row in found]
    steps = await uow.connection.execute(
        select(approval_steps).where(_S.approval_id.in_(ids)).order_by(_S.position)
    )
    questions = await uow.connection.execute(
        select(approval_questions)
        .where(approval_questions.c.approval_id.in_(ids))
        .order_by(approval_questions.c.asked_at)
    )
    loaded = rows.approvals_of(found, steps.all(), questions.all())
    asked = {person for approval in loaded if approval.open_step for person in approval.open_step.candidates}
    absent = await delegations.of_givers(uow, asked)
    return [policy.with_deputies(approval, absent) for approval in loaded] if absent else loaded


async def add(uow: Uow, approval: Approval, tier: Mapping[str, object]) -> None:
    """Insert the approval and its steps."""
    await uow.connection.execute(
        insert(approvals).values(**rows.approval_columns(approval), policy_tier=tier)
    )
    await uow.connection.execute(
        insert(approval_steps), [rows.step_columns(approval.id, step) for step in approval.steps]
    )


async def decide_step(uow: Uow, step: Step, actor: Actor, verb: Verdict, comment: str) -> bool:
    """The one UPDATE that only the first of many can win; a deputy decides for the candidate."""
    done = await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == StepState.open.value)
        .values(
            state=StepState.done.value,
            decided_by=actor.person_id,
            decided_for=step.decides_for(actor.person_id),
            decided_at=uow.now,
            verb=verb.value,
            comment=comment,
        )
    )
    return done.rowcount == 1


async def log(uow: Uow, approval: Approval, step: Step, actor: Actor, verb: Verdict, comment: str) -> None:
    """One row per verdict, never changed again."""
    await uow.connection.execute(
        insert(approval_logs).values(
            id=new_id(),
            approval_id=approval.id,
            step_id=step.id,
            approver=actor.person_id,
            on_behalf_of=step.decides_for(actor.person_id),
            verb=verb.value,
            comment=comment,
            approval_version=approval.version,
            subject_version=approval.subject.version,
            decided_at=uow.now,
            round=step.round,
        )
    )


async def close(
    uow: Uow, approval: Approval, state: ApprovalState, undo_until: dt.datetime | None = None
) -> bool:
    """End a pending approval; false when it had ended already."""
    done = await uow.connection.execute(
        update(approvals)
        .where(_A.id == approval.id, _A.state == ApprovalState.pending.value)
        .values(state=state.value, closed_at=uow.now, undo_until=undo_until)
    )
    return done.rowcount == 1


async def reopen(uow: Uow, approval: Approval, step: Step, state: ApprovalState) -> None:
    """An undone approval waits again, and its last step for a new verdict, in a new round."""
    await uow.connection.execute(
        update(approvals)
        .where(_A.id == approval.id, _A.state == approval.state.value)
        .values(state=state.value, closed_at=None, undo_until=None)
    )
    await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == step.state.value)
        .values(
            state=after_step(step.state, StepVerb.undo).value,
            decided_by=None,
            decided_for=None,
            decided_at=None,
            verb=None,
            comment=None,
            round=step.round + 1,
        )
    )


async def end_undo(uow: Uow, request_id: UUID) -> None:
    """The order is gone by another way: nothing is left to undo."""
    await uow.connection.execute(
        update(approvals)
        .where(_A.request_id == request_id, _A.state == ApprovalState.approved.value)
        .values(undo_until=None)
    )


async def skip_rest(uow: Uow, approval: Approval) -> None:
    """Steps that were not decided are skipped when the approval ends."""
    await uow.connection.execute(
        update(approval_steps)
        .where(
            _S.approval_id == approval.id,
            _S.state.in_([StepState.waiting.value, StepState.open.value]),
        )
        .values(state=StepState.skipped.value)
    )


async def open_step(uow: Uow, step: Step, *, due_at: dt.datetime, remind_at: dt.datetime) -> None:
    """The next step's turn; it was routed by the policy, so nobody waits for n8n."""
    await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == StepState.waiting.value)
        .values(
            state=StepState.open.value,
            opened_at=uow.now,
            routed_at=uow.now,
            due_at=due_at,
            remind_at=remind_at,
        )
    )


async def route(uow: Uow, step: Step, ask_first: PersonId | None) -> bool:
    """Settle who is asked first, once."""
    done = await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == StepState.open.value, _S.routed_at.is_(None))
        .values(routed_at=uow.now, asked_first=ask_first)
    )
    return done.rowcount == 1


async def remind(uow: Uow, step: Step, next_at: dt.datetime | None) -> bool:
    """Count one reminder, once; None: nothing more is to come."""
    done = await uow.connection.execute(
        update(approval_steps)
        .where(_S.id == step.id, _S.state == StepState.open.value, _S.reminders == step.reminders)
        .values(reminders=step.reminders + 1, remind_at=next_at)
    )
    return done.rowcount == 1


async def unrouted(uow: Uow, now: dt.datetime) -> Sequence[ApprovalId]:
    """Approvals whose time for n8n to name somebody is over."""
    found = await uow.connection.scalars(
        select(_S.approval_id).where(
            _S.state == StepState.open.value, _S.routed_at.is_(None), _S.route_due_at <= now
        )
    )
    return [ApprovalId(approval_id) for approval_id in found]


async def overdue(uow: Uow, now: dt.datetime) -> Sequence[StepId]:
    """Open steps whose reminder is due."""
    found = await uow.connection.scalars(
        select(_S.id)
        .where(_S.state == StepState.open.value, _S.remind_at <= now)
        .order_by(_S.remind_at)
        .limit(100)
    )
    return [StepId(step_id) for step_id in found]


async def dead_ends(uow: Uow) -> Sequence[StepId]:
    """Open steps none of whose candidates is there and may decide, and that nobody was told of.

    A deputy is no way out: who may not decide any more cannot be stood in for.
    """
    able = select(_P.id).where(_P.id == any_(_S.candidates), _P.id.in_(directory.decider_ids()))
    found = await uow.connection.scalars(
        select(_S.id)
        .where(
            _S.state == StepState.open.value, _S.stuck_at.is_(None), ~exists(able.correlate(approval_steps))
        )
        .limit(100)
    )
    return [StepId(step_id) for step_id in found]


async def mark_stuck(uow: Uow, step: Step) -> bool:
    """Note that nobody can decide, once."""
    done = await uow.connection.execute(
        update(approval_steps).where(_S.id == step.id, _S.stuck_at.is_(None)).values(stuck_at=uow.now)
    )
    return done.rowcount == 1


async def escalate(uow: Uow, approval: Approval, step: Step, wider: Step) -> None:
    """A step with more candidates takes the place of one; what is decided has another version by that."""
    await uow.connection.execute(
        update(approval_steps).where(_S.id == step.id).values(state=step.state.value, remind_at=None)
    )
    await uow.connection.execute(insert(approval_steps).values(**rows.step_columns(approval.id, wider)))
    await uow.connection.execute(
        update(approvals).where(_A.id == approval.id).values(version=approval.version + 1)
    )


async def approval_of_step(uow: Uow, step_id: StepId) -> Approval:
    approval_id = await uow.connection.scalar(select(_S.approval_id).where(_S.id == step_id))
    if approval_id is None:
        raise NotFound(what="step")
    return await load(uow, approval_id)


async def ask(uow: Uow, approval: Approval, actor: Actor, text: str) -> None:
    await uow.connection.execute(
        insert(approval_questions).values(
            id=new_id(), approval_id=approval.id, asked_by=actor.person_id, asked_at=uow.now, text=text
        )
    )


async def answer(uow: Uow, approval: Approval, actor: Actor, text: str) -> UUID | None:
    """Answer the oldest open question; the id of who asked, or None when there is none."""
    table = approval_questions.c
    oldest = (
        select(table.id)
        .where(table.approval_id == approval.id, table.answer.is_(None))
        .order_by(table.asked_at)
        .limit(1)
        .scalar_subquery()
    )
    asked_by: UUID | None = await uow.connection.scalar(
        update(approval_questions)
        .where(table.id == oldest, table.answer.is_(None))
        .values(answer=text, answered_by=actor.person_id, answered_at=uow.now)
        .returning(table.asked_by)
    )
    return asked_by


async def current_policy(uow: Uow) -> Policy | None:
    """The newest version of the policy."""
    row = (
        await uow.connection.execute(
            select(approval_policies).order_by(approval_policies.c.version.desc()).limit(1)
        )
    ).one_or_none()
    return rows.policy_of(row) if row else None


async def policy_of_version(uow: Uow, version: int) -> Policy:
    """The policy that an approval in flight was opened with."""
    found = select(approval_policies).where(approval_policies.c.version == version)
    return rows.policy_of((await uow.connection.execute(found)).one())


async def undo_seconds(uow: Uow, version: int) -> int:
    """How long an approval that follows this version of the policy can be undone."""
    found = await uow.connection.scalar(
        select(approval_policies.c.undo_seconds).where(approval_policies.c.version == version)
    )
    return found or 0


async def add_policy(uow: Uow, fresh: Policy) -> None:
    await uow.connection.execute(
        insert(approval_policies).values(
            version=fresh.version,
            currency=fresh.currency,
            undo_seconds=fresh.undo_seconds,
            tiers=[rows.tier_json(tier) for tier in fresh.tiers],
            set_by=fresh.set_by,
            set_at=fresh.set_at,
        )
    )
