"""The use cases of approvals: open, end, withdraw."""

import datetime as dt
from typing import Any
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.approvals import repo, routing
from core.approvals.commands import OpenApproval
from core.approvals.events import ApprovalOpened, ApprovalRouted, ApprovalStuck, ApprovalWithdrawn
from core.approvals.model import Approval, Step
from core.approvals.states import ApprovalVerb, after_approval
from core.log.events import Event
from core.policies.rows import tier_json
from core.uow import Uow


@requires(Permission.approvals_open)
async def open_approval(uow: Uow, actor: Actor, command: OpenApproval) -> Approval:
    """Choose the approvers by the policy and open the first step; once per subject version."""
    return await open_for(uow, command)


async def open_for(uow: Uow, command: OpenApproval) -> Approval:
    """The same within another use case, which has declared its own right."""
    await uow.lock_purchase(command.request_id)
    subject = command.subject
    known = await repo.of_subject(uow, subject.kind, subject.id, subject.version)
    if known is not None:
        return known
    waiting = await repo.pending_of_purchase(uow, command.request_id, subject.id)
    if waiting is not None:
        return waiting  # an undone approval: its subject was changed and changed back, so it is what it was
    approval, tier = await routing.plan_approval(uow, command)
    await repo.add(uow, approval, {"tier": tier_json(tier)})
    first = approval.steps[0]
    await uow.record(
        ApprovalOpened(
            **envelope(approval),
            amount=approval.amount,
            currency=approval.currency,
            policy_version=approval.policy_version,
            tier=tier.name,
            step_id=first.id,
            candidates=first.candidates,
            title=approval.title,
        )
    )
    if first.routed_at is not None:
        await uow.record(ApprovalRouted(**envelope(approval), step_id=first.id, ask_first=None, by="policy"))
    if len(first.candidates) < first.needs:
        await report_when_stuck(uow, approval, first)
    return approval


async def end(
    uow: Uow, approval: Approval, verb: ApprovalVerb, undo_until: dt.datetime | None = None
) -> None:
    """End a pending approval and skip its undecided steps."""
    await repo.end(uow, approval, after_approval(approval.state, verb), undo_until)


async def withdraw_pending(uow: Uow, request_id: UUID, reason: str, about: UUID | None = None) -> None:
    """End the pending approval because its subject is gone; for reactions and higher slices only."""
    approval = await repo.pending_of_purchase(uow, request_id, about)
    if approval is None:
        return
    await end(uow, approval, ApprovalVerb.withdraw)
    await uow.record(ApprovalWithdrawn(**envelope(approval), reason=reason))


async def on_request_ended(uow: Uow, event: Event) -> None:
    """A withdrawn or cancelled request needs no decision."""
    if event.request_id is not None:
        await withdraw_pending(uow, event.request_id, event.type)


async def on_subject_gone(uow: Uow, event: Event) -> None:
    """What was to be decided has been replaced, so there is nothing left to decide."""
    if event.request_id is not None:
        await withdraw_pending(uow, event.request_id, event.type, event.subject_id)


async def report_when_stuck(uow: Uow, approval: Approval, step: Step) -> None:
    """Notify the administrators once about a step that nobody can decide."""
    if await repo.mark_stuck(uow, step):
        await uow.record(
            ApprovalStuck(**envelope(approval), step_id=step.id, step=step.name, title=approval.title)
        )


def envelope(approval: Approval) -> dict[str, Any]:
    """The fields that every event of an approval carries."""
    return {
        "subject_id": approval.id,
        "subject_version": approval.version,
        "request_id": approval.request_id,
        "about_kind": approval.subject.kind,
        "about_id": approval.subject.id,
        "about_version": approval.subject.version,
    }
