"""Bounds on vendors' scores, and the vendors below one."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import standings as wire
from api.present import standings as present
from api.server.deps.call import CallDep
from api.server.routes.serve import serve
from core.kernel.ids import VendorId
from core.standings import service
from core.standings.commands import OverrideStanding, SetBounds
from core.standings.model import StandingBounds

router = APIRouter()


@serve(router, e.show_standings, tag="insights")
async def standings(call: CallDep) -> Response:
    """The bounds that administrators set, and the vendors below one."""
    return await call.read_for_caller(service.show, present.standings)


@serve(router, e.set_standings, tag="insights")
async def set_bounds(call: CallDep, body: wire.StandingBoundsIn) -> Response:
    """Set all three bounds; what follows from them is done within seconds."""
    command = SetBounds(StandingBounds(body.warn, body.rfq, body.order))
    return await call.run(service.set_bounds, command, present.standings)


@serve(router, e.override_standing, tag="insights")
async def override(call: CallDep, id: UUID, body: wire.OverrideStandingIn) -> Response:
    """End what a vendor's score led to, with a reason, until it was above the bound or the bound is changed."""
    command = OverrideStanding(VendorId(id), body.kind, body.reason)
    return await call.run(service.override, command, present.standings)
