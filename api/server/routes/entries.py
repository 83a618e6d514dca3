"""What an officer enters for a vendor that answered by mail or phone."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import entries as wire
from api.present import orders as orders_present
from api.present import quotes as quotes_present
from api.server.deps.call import CallDep
from api.server.routes.quotes import quote_command
from api.server.routes.serve import serve
from core.entries import service
from core.entries.commands import CheckEntry, EnterAcknowledgement, EnterQuote
from core.kernel.ids import DocumentId, OrderId, RfqId, VendorId

router = APIRouter()


@serve(router, e.enter_quote, tag="vendors")
async def enter_quote(call: CallDep, body: wire.EnterQuoteIn) -> Response:
    """A vendor's quote that came by mail or phone, marked as entered for it."""
    command = EnterQuote(VendorId(body.vendor_id), quote_command(body))
    return await call.run(service.enter_quote, command, quotes_present.quote, 201)


@serve(router, e.check_entry, tag="vendors")
async def check_entry(call: CallDep, id: UUID, vendor_id: UUID) -> Response:
    """Whether a quote may be entered for this vendor; refused as entering it would be."""
    check = CheckEntry(RfqId(id), VendorId(vendor_id))
    return await call.read(service.check_entry, check, quotes_present.enterable)


@serve(router, e.enter_acknowledgement, tag="orders")
async def enter_acknowledgement(call: CallDep, id: UUID, body: wire.EnterAcknowledgementIn) -> Response:
    """A vendor confirmed the order by mail or phone, marked as entered for it."""
    documents = tuple(DocumentId(document) for document in body.document_ids)
    command = EnterAcknowledgement(OrderId(id), body.note, documents, body.expected_version)
    return await call.run(service.enter_acknowledgement, command, orders_present.order)
