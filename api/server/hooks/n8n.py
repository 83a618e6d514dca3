"""What flows call back: texts for people, what they did, and who is asked first.

One rule: a flow decides nothing.

Each call-back is one use case under the role ``system:n8n``, deduplicated by its event.
"""

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import operations as wire
from api.present import hooks as present
from api.server.hooks.callback import CallBackDep
from api.server.routes.serve import serve
from core.automations import flow_routing, service
from core.automations.flow_routing import RouteByFlow
from core.automations.service import ReportFlow
from core.kernel.ids import ApprovalId, PersonId
from core.notifications import service as notifications

router = APIRouter()


@serve(router, e.hook_notices, tag="hooks")
async def notices(callback: CallBackDep, body: wire.NoticesIn) -> Response:
    """A flow's texts for people whom its event concerns; whoever was notified before is not notified again (200)."""
    call = callback.authorize_notices(body)
    return await call.run(notifications.send_notices, present.notices(body), present.notices_accepted, 202)


@serve(router, e.hook_status, tag="hooks")
async def status(callback: CallBackDep, body: wire.FlowStatusIn) -> Response:
    """What a flow did with an event; shown on the dashboard."""
    call = callback.authorize(body.event_id, "status")
    command = ReportFlow(body.event_id, body.status, body.detail or "", body.execution_id)
    return await call.run(service.report_flow, command, present.flow_reported, 202)


@serve(router, e.hook_routes, tag="hooks")
async def routes(callback: CallBackDep, body: wire.RouteIn) -> Response:
    """Who is asked first, among the candidates that the policy allows."""
    call = callback.authorize(body.event_id, "routes")
    command = RouteByFlow(body.event_id, ApprovalId(body.approval_id), PersonId(body.ask_first))
    return await call.run(flow_routing.route_by_flow, command, present.approval_routed(command), 202)
