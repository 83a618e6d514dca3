"""Vendors' answers to RFQs: quotes, and declining to quote."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import quotes as wire
from api.contract.requests import ParsedOut
from api.present import quotes as present
from api.present import rfqs as rfqs_present
from api.server import parsing
from api.server.deps.call import CallDep
from api.server.parsing import FreeText
from api.server.routes.serve import narrowed, serve
from core.kernel.ids import DocumentId, QuoteId, RfqId, RfqLineId
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.offers.model import Alternative
from core.quotes import queries, service
from core.quotes.commands import DeclineRfq, WithdrawQuote
from core.quotes.model import QuoteFilter

router = APIRouter()


@serve(router, e.decline_rfq, tag="sourcing")
async def decline(call: CallDep, id: UUID, body: wire.DeclineIn) -> Response:
    """A vendor declines to quote and says why."""
    return await call.run(service.decline, DeclineRfq(RfqId(id), body.reason), rfqs_present.rfq)


@serve(router, e.submit_quote, tag="vendors")
async def submit_quote(call: CallDep, body: wire.QuoteIn) -> Response:
    """A vendor's quote, or its next revision until the RFQ closes."""
    return await call.run(service.submit_quote, quote_command(body), present.quote, 201)


def quote_command(body: wire.QuoteIn) -> SubmitQuote:
    """A quote as it came; who answers with it is another matter."""
    return SubmitQuote(
        rfq_id=RfqId(body.rfq_id),
        currency=body.currency,
        valid_until=body.valid_until,
        lead_time_days=body.lead_time_days,
        shipping=body.shipping if body.shipping is not None else Decimal(0),
        note=body.note,
        lines=tuple(
            QuoteLineDraft(
                RfqLineId(line.rfq_line_id),
                line.unit_price,
                line.lead_time_days,
                line.no_bid,
                _alternative(line.alternative),
            )
            for line in body.lines
        ),
        document_ids=tuple(DocumentId(document) for document in body.document_ids),
    )


def _alternative(body: wire.AlternativeIn | None) -> Alternative | None:
    if body is None:
        return None
    return Alternative(body.description, body.unit_price, body.lead_time_days, body.note)


@serve(router, e.parse_quote, tag="vendors")
async def parse(call: CallDep, body: wire.ParseQuoteIn) -> Response:
    """What a free text would mean as a quote; nothing is stored."""
    typed = FreeText(body.text, body.locale, body.rfq_id)
    return await call.read(parsing.quote_line, typed, ParsedOut.model_copy)


@serve(router, e.list_quotes, tag="vendors")
async def list_quotes(call: CallDep, query: Annotated[wire.QuoteQuery, Query()]) -> Response:
    """A vendor's own quotes; for staff those that are no longer sealed."""
    wanted = QuoteFilter(
        state=query.state, rfq_id=query.rfq_id, request_id=query.request_id, **narrowed(query)
    )
    return await call.read(queries.list_quotes, wanted, present.quotes)


@serve(router, e.withdraw_quote, tag="vendors")
async def withdraw_quote(call: CallDep, id: UUID, body: wire.WithdrawQuoteIn) -> Response:
    """A vendor withdraws its quote, before it is approved."""
    command = WithdrawQuote(QuoteId(id), body.reason, body.expected_version)
    return await call.run(service.withdraw_quote, command, present.quote)
