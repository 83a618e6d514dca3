"""Changing an RFQ after it was sent, and a vendor's quote for its new version."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import amendments as wire
from api.contract import endpoints as e
from api.present import quotes as quotes_present
from api.present import rfqs as present
from api.server.deps.call import CallDep
from api.server.routes.serve import serve
from core.amendments import service
from core.amendments.commands import (
    AddVendors,
    CancelRfq,
    ConfirmQuote,
    CorrectRfq,
    LineCorrection,
    MoveDeadline,
)
from core.kernel.ids import DocumentId, QuoteId, RfqId, RfqLineId, VendorId

router = APIRouter()


@serve(router, e.move_deadline, tag="sourcing")
async def move_deadline(call: CallDep, id: UUID, body: wire.DeadlineIn) -> Response:
    """Extend or shorten the deadline of an open RFQ; its vendors are told."""
    command = MoveDeadline(RfqId(id), body.quote_by, body.expected_version)
    return await call.run(service.move_deadline, command, present.rfq)


@serve(router, e.add_vendors, tag="sourcing")
async def add_vendors(call: CallDep, id: UUID, body: wire.AddVendorsIn) -> Response:
    """Ask more vendors while the RFQ is open."""
    vendor_ids = tuple(VendorId(vendor) for vendor in body.vendor_ids)
    return await call.run(
        service.add_vendors, AddVendors(RfqId(id), vendor_ids, body.expected_version), present.rfq
    )


@serve(router, e.correct_rfq, tag="sourcing")
async def correct(call: CallDep, id: UUID, body: wire.CorrectionIn) -> Response:
    """A new version of an open RFQ; who has quoted confirms or revises the quote, or it does not count."""
    command = CorrectRfq(
        rfq_id=RfqId(id),
        note=body.note,
        lines=tuple(
            LineCorrection(RfqLineId(line.rfq_line_id), line.description, line.quantity, line.unit)
            for line in body.lines
        ),
        document_ids=tuple(DocumentId(document) for document in body.document_ids),
        expected_version=body.expected_version,
        files=tuple(DocumentId(file) for file in body.files),
    )
    return await call.run(service.correct, command, present.rfq)


@serve(router, e.cancel_rfq, tag="sourcing")
async def cancel(call: CallDep, id: UUID, body: wire.CancelRfqIn) -> Response:
    """Call an RFQ off; the request stays, and vendors can be asked again."""
    command = CancelRfq(RfqId(id), body.reason, body.expected_version)
    return await call.run(service.cancel, command, present.rfq)


@serve(router, e.confirm_quote, tag="vendors")
async def confirm(call: CallDep, id: UUID, body: wire.ConfirmIn) -> Response:
    """A vendor's prices hold for the corrected RFQ too."""
    command = ConfirmQuote(QuoteId(id), body.expected_version)
    return await call.run(service.confirm, command, quotes_present.quote)
