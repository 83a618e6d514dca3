"""The use case behind n8n's routes: a flow names who is asked first for the approval that its event is about."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.approvals.model import Approval
from core.kernel.errors import NotFound
from core.kernel.ids import ApprovalId, PersonId
from core.log.tables import audit_events
from core.reassignments import service as reassignments
from core.reassignments.commands import RouteApproval
from core.uow import Uow


@dataclass(frozen=True)
class RouteByFlow:
    event_id: UUID
    approval_id: ApprovalId
    ask_first: PersonId


@requires(Permission.approvals_route)
async def route_by_flow(uow: Uow, actor: Actor, command: RouteByFlow) -> Approval:
    """Ask this person first; NotFound when the event is about another approval."""
    subject_id = await uow.connection.scalar(
        select(audit_events.c.subject_id).where(audit_events.c.id == command.event_id)
    )
    if subject_id != command.approval_id:
        raise NotFound(what="approval")
    return await reassignments.route(uow, actor, RouteApproval(command.approval_id, command.ask_first))
