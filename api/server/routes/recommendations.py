"""Who to ask for a request, and what was bought before."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import recommendations as wire
from api.contract.values import SearchText
from api.present import recommendations as present
from api.server.deps.call import CallDep
from api.server.routes.serve import serve
from core.kernel.ids import RequestId
from core.recommendations import queries
from core.recommendations.model import LookUpBought, SuggestVendors

router = APIRouter()


@serve(router, e.suggest_vendors, tag="sourcing")
async def suggested_vendors(call: CallDep, id: UUID, q: SearchText | None = None) -> Response:
    """Vendors to ask, best match first: by what was bought before, with the reasons of the first five, then all.

    ``q`` searches the names and categories of all of them. With who_to_ask switched off: those who quoted for similar
    items, then their category, then all.
    """
    return await call.read(queries.suggest, SuggestVendors(RequestId(id), q), present.suggested)


@serve(router, e.bought_before, tag="requests")
async def bought_before(call: CallDep, body: wire.BoughtBeforeIn) -> Response:
    """What was ordered like these items before, of all that the caller may see; nothing is stored."""
    return await call.read(
        queries.bought_before,
        LookUpBought(body.items, RequestId(body.request_id) if body.request_id else None),
        present.bought_before,
    )
