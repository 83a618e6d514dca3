"""Flows: what n8n reported about its runs, and how far the dashboard's own numbers are counted."""

from api.present import operations as present
from api.web.admin.page_content import AdminPage, Cell, ContentRow, PageContent, Section, plain
from api.web.phrasing import Phrasing
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.automations import projection
from core.uow import Uow


async def _read(visitor: Visitor, uow: Uow, actor: Actor) -> PageContent:
    p = visitor.phrases
    source = await projection.dashboard_status(uow, actor)
    found = present.status(source)
    told = p.say(
        "web.admin.flow_counts", parked=found.parked, undelivered=found.undelivered, position=found.position
    )
    columns = (
        "web.column.state",
        "web.admin.detail",
        "web.admin.run",
        "web.admin.event",
        "web.column.updated",
    )
    rows = [_report(p, report) for report in source.automations]
    return PageContent((Section("web.admin.flows", (told,), columns, rows),))


def _report(p: Phrasing, report: object) -> ContentRow:
    """One report of one run, as the flow wrote it."""
    told = dict(report) if isinstance(report, dict) else {}
    cells = plain(told.get("status"), told.get("detail"), told.get("execution_id"))
    at = told.get("reported_at")
    return ContentRow(
        (*cells, Cell(str(told.get("event_id", "")), code=True), Cell(p.moment(at) if at is not None else ""))
    )


PAGE = AdminPage("flows", Permission.dashboard_read, _read)
