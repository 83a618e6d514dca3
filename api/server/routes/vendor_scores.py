"""Vendors' scores."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import endpoints as e
from api.present import vendor_scores as present
from api.server.deps.call import CallDep
from api.server.routes.serve import serve
from core.kernel.ids import VendorId
from core.vendor_scores import queries

router = APIRouter()


@serve(router, e.my_score, tag="insights")
async def own(call: CallDep) -> Response:
    """The score of the vendor that the caller works for, and why it is so."""
    return await call.read_for_caller(queries.show_own, present.named)


@serve(router, e.list_scores, tag="insights")
async def listing(call: CallDep) -> Response:
    """Every vendor with a score; those with too few deliveries to compare stand last, by name."""
    return await call.read_for_caller(queries.listing, present.page)


@serve(router, e.show_score, tag="insights")
async def show(call: CallDep, id: UUID) -> Response:
    """A vendor's score with its parts, its reasons, and what it rests on."""
    return await call.read(queries.show, VendorId(id), present.named)
