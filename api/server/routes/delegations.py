"""Delegations: who decides for whom."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import delegations as wire
from api.contract import endpoints as e
from api.present import delegations as present
from api.server.deps.call import CallDep
from api.server.routes.serve import serve
from core.delegations import queries, service
from core.delegations.commands import Delegate, DelegationLimit, EndDelegation
from core.kernel.ids import DelegationId, PersonId

router = APIRouter()


@serve(router, e.delegate, tag="delegations")
async def delegate(call: CallDep, body: wire.DelegationIn) -> Response:
    """Let a colleague decide in the caller's place until a moment, up to a limit; it ends by itself."""
    giver = PersonId(body.from_) if body.from_ else None
    limit = DelegationLimit(body.limit.amount, body.limit.currency) if body.limit else None
    command = Delegate(PersonId(body.to), giver, body.until, limit, body.reason)
    return await call.run(service.delegate, command, present.delegation, 201)


@serve(router, e.list_delegations, tag="delegations")
async def mine(call: CallDep) -> Response:
    """The caller's delegations, given and received."""
    return await call.read_for_caller(queries.my_delegations, present.delegations)


@serve(router, e.list_colleagues, tag="delegations")
async def colleagues(call: CallDep) -> Response:
    """Who could decide in the caller's place."""
    return await call.read_for_caller(queries.possible_deputies, present.colleagues)


@serve(router, e.end_delegation, tag="delegations")
async def end(call: CallDep, id: UUID) -> Response:
    """End the delegation: the deputy no longer decides."""
    return await call.run(service.end, EndDelegation(DelegationId(id)), lambda _: None)
