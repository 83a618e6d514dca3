"""The use case behind n8n's status reports: what a flow did with an event, once per event and status."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.automations.events import FlowReported
from core.automations.tables import flow_reports
from core.kernel.ids import new_id
from core.uow import Uow


@dataclass(frozen=True)
class ReportFlow:
    event_id: UUID
    status: str
    detail: str
    execution_id: str | None


@requires(Permission.flows_report)
async def report_flow(uow: Uow, actor: Actor, command: ReportFlow) -> bool:
    """Store a flow's report; false when the same report is stored already."""
    report_id = await uow.connection.scalar(
        insert(flow_reports)
        .values(
            id=new_id(),
            event_id=command.event_id,
            status=command.status,
            detail=command.detail,
            execution_id=command.execution_id,
            reported_at=uow.now,
        )
        .on_conflict_do_nothing()
        .returning(flow_reports.c.id)
    )
    if report_id is None:
        return False
    await uow.record(
        FlowReported(
            subject_id=command.event_id,
            subject_version=1,
            status=command.status,
            detail=command.detail,
            execution_id=command.execution_id,
        )
    )
    return True
