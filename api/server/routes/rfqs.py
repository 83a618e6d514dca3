"""RFQs: asking vendors for prices, and reading RFQs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import rfqs as wire
from api.present import rfqs as present
from api.server.deps.call import CallDep
from api.server.routes.serve import narrowed, serve
from core.invitations import queries as rfq_queries
from core.kernel.ids import DocumentId, RequestId, RfqId, VendorId
from core.rfqs.model import RfqFilter
from core.sourcing import service
from core.sourcing.commands import SendRfq

router = APIRouter()


@serve(router, e.send_rfq, tag="sourcing")
async def send(call: CallDep, id: UUID, body: wire.RfqIn) -> Response:
    """Ask vendors for prices until a deadline."""
    vendor_ids = tuple(VendorId(vendor) for vendor in body.vendor_ids)
    documents = tuple(DocumentId(document) for document in body.document_ids)
    files = tuple(DocumentId(file) for file in body.files)
    command = SendRfq(RequestId(id), vendor_ids, body.quote_by, body.note, documents, files)
    return await call.run(service.send_rfq, command, present.rfq, 201)


@serve(router, e.list_rfqs, tag="sourcing")
async def listing(call: CallDep, query: Annotated[wire.RfqQuery, Query()]) -> Response:
    """RFQs, newest first; a vendor sees those it is invited to."""
    wanted = RfqFilter(state=query.state, mine=query.mine, request_id=query.request_id, **narrowed(query))
    return await call.read(rfq_queries.listing, wanted, present.rfqs)


@serve(router, e.show_rfq, tag="sourcing")
async def show(call: CallDep, id: UUID) -> Response:
    """One RFQ; a vendor sees only its own part."""
    return await call.read(rfq_queries.show, RfqId(id), present.rfq_view)
