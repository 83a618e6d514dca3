"""RFQs and quotes."""

from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import sourcing as wire
from api.contract.requests import ParsedOut
from api.present import sourcing as present
from api.server import parsing
from api.server.deps.call import CallDep
from api.server.parsing import Text
from api.server.routes.serve import LIMIT, Cursor, Limit, serve
from core.kernel.ids import DocumentId, QuoteId, RequestId, RfqId, RfqLineId, VendorId
from core.sourcing import queries, service
from core.sourcing.commands import (
    CloseRfq,
    Decline,
    Propose,
    QuoteLineDraft,
    SendRfq,
    SubmitQuote,
    WithdrawQuote,
)
from core.sourcing.queries import QuoteFilter, RfqFilter
from core.sourcing.states import QuoteState, RfqState

router = APIRouter()


@serve(router, e.send_rfq, tag="sourcing")
async def send(call: CallDep, id: UUID, body: wire.RfqIn) -> Response:
    """Ask vendors for prices until a deadline."""
    vendor_ids = tuple(VendorId(vendor) for vendor in body.vendor_ids)
    command = SendRfq(RequestId(id), vendor_ids, body.quote_by, body.note)
    return await call.run(service.send_rfq, command, present.rfq, 201)


@serve(router, e.list_rfqs, tag="sourcing")
async def listing(
    call: CallDep,
    state: RfqState | None = None,
    mine: bool = False,
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Response:
    """RFQs, newest first; a vendor sees where it is invited."""
    return await call.read(queries.listing, RfqFilter(state, mine, cursor, limit), present.rfqs)


@serve(router, e.show_rfq, tag="sourcing")
async def show(call: CallDep, id: UUID) -> Response:
    """One RFQ; a vendor sees only its own part."""
    return await call.read(queries.show, RfqId(id), present.rfq)


@serve(router, e.close_rfq, tag="sourcing")
async def close(call: CallDep, id: UUID, body: wire.CloseIn) -> Response:
    """End the time for answers early, and choose."""
    return await call.run(service.close, CloseRfq(RfqId(id), body.expected_version), present.rfq)


@serve(router, e.propose_quote, tag="sourcing")
async def propose(call: CallDep, id: UUID, body: wire.ProposeIn) -> Response:
    """Propose another quote, with a reason that stands on the approval card."""
    command = Propose(RfqId(id), QuoteId(body.quote_id), body.reason, body.expected_version)
    return await call.run(service.propose, command, present.rfq)


@serve(router, e.decline_rfq, tag="sourcing")
async def decline(call: CallDep, id: UUID, body: wire.DeclineIn) -> Response:
    """A vendor says that it will not quote, and why."""
    return await call.run(service.decline, Decline(RfqId(id), body.reason), present.rfq)


@serve(router, e.submit_quote, tag="vendors")
async def submit_quote(call: CallDep, body: wire.QuoteIn) -> Response:
    """A vendor's quote, or its next revision until the RFQ closes."""
    command = SubmitQuote(
        rfq_id=RfqId(body.rfq_id),
        currency=body.currency,
        valid_until=body.valid_until,
        lead_time_days=body.lead_time_days,
        shipping=body.shipping if body.shipping is not None else Decimal(0),
        note=body.note,
        lines=tuple(
            QuoteLineDraft(RfqLineId(line.rfq_line_id), line.unit_price, line.lead_time_days, line.no_bid)
            for line in body.lines
        ),
        document_ids=tuple(DocumentId(document) for document in body.document_ids),
    )
    return await call.run(service.submit_quote, command, present.quote, 201)


@serve(router, e.parse_quote, tag="vendors")
async def parse(call: CallDep, body: wire.ParseQuoteIn) -> Response:
    """What a free text would become as a quote; nothing is stored."""
    typed = Text(body.text, body.locale, body.rfq_id)
    return await call.read(parsing.quote_line, typed, ParsedOut.model_copy)


@serve(router, e.list_quotes, tag="vendors")
async def list_quotes(
    call: CallDep, state: QuoteState | None = None, cursor: Cursor = None, limit: Limit = LIMIT
) -> Response:
    """A vendor's own quotes; for staff those that are no longer sealed."""
    return await call.read(queries.list_quotes, QuoteFilter(state, cursor, limit), present.quotes)


@serve(router, e.withdraw_quote, tag="vendors")
async def withdraw_quote(call: CallDep, id: UUID, body: wire.WithdrawQuoteIn) -> Response:
    """A vendor takes its quote back, until it is approved."""
    command = WithdrawQuote(QuoteId(id), body.reason, body.expected_version)
    return await call.run(service.withdraw_quote, command, present.quote)
