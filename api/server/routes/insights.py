"""Switches of what is worked out from history, and what was shown to whom."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import insights as wire
from api.present import insights as present
from api.server.deps.call import CallDep
from api.server.routes.serve import serve
from core.insights.commands import SwitchInsight
from core.insights.queries import hints_shown, replay_hint, show_switches
from core.insights.service import switch_insight

router = APIRouter()


@serve(router, e.insight_switches, tag="insights")
async def switches(call: CallDep) -> Response:
    """Which features are on."""
    return await call.read_for_caller(show_switches, present.switches)


@serve(router, e.switch_insight, tag="insights")
async def switch(call: CallDep, feature: str, body: wire.InsightSwitchIn) -> Response:
    """Switch a feature on or off for everybody."""
    return await call.run(switch_insight, SwitchInsight(feature, body.enabled), present.switches)


@serve(router, e.hints_shown, tag="insights")
async def hints(call: CallDep, id: UUID) -> Response:
    """Who saw which hint on a purchase, and when first: what a decider had before them."""
    return await call.read(hints_shown, id, present.hints)


@serve(router, e.replay_hint, tag="insights")
async def replay(call: CallDep, id: UUID) -> Response:
    """One hint as somebody saw it, with its run's method, parameters and figures."""
    return await call.read(replay_hint, id, present.replayed)
