"""Demand: what may be needed of items and categories, one item with its months, and the lines behind them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import demand as wire
from api.contract import endpoints as e
from api.present import demand as present
from api.server.deps.call import CallDep
from api.server.errors import locale_from
from api.server.routes.serve import serve
from core.demand import queries
from core.demand.model import DemandFilter, WantedNeeds

router = APIRouter()


@serve(router, e.list_demand, tag="insights")
async def listing(call: CallDep, query: Annotated[wire.DemandQuery, Query()]) -> Response:
    """What the next month and quarter may need, by item and by category; it informs and orders nothing."""
    wanted = DemandFilter((query.q or "").strip(), query.category)
    return await call.read(queries.listing, wanted, present.page(locale_from(call.request)))


@serve(router, e.show_demand, tag="insights")
async def show(call: CallDep, id: UUID) -> Response:
    """One item: its ranges, its months, how it was written, and what a request for it would say."""
    return await call.read(queries.show, id, present.details(locale_from(call.request)))


@serve(router, e.demand_needs, tag="insights")
async def needs(call: CallDep, id: UUID, query: Annotated[wire.NeedsQuery, Query()]) -> Response:
    """The request lines behind an item's months."""
    return await call.read(queries.rows, wanted(id, query), present.needs)


def wanted(item_id: UUID, query: wire.NeedsQuery) -> WantedNeeds:
    """Whole months, whatever day of them was given."""
    return WantedNeeds(item_id, query.first.replace(day=1), query.last.replace(day=1))
