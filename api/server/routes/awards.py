"""Closing an RFQ, and proposing another of its quotes, or several."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import awards as wire
from api.contract import endpoints as e
from api.present import rfqs as rfqs_present
from api.server.deps.call import CallDep
from api.server.routes.serve import serve
from core.awards import service
from core.awards.commands import CloseRfq, ProposeQuote
from core.completions import service as completions
from core.completions.commands import AskToComplete
from core.kernel.ids import QuoteId, RfqId, RfqLineId
from core.split_awards import service as split_awards
from core.split_awards.commands import AwardedLine, ProposeSplit

router = APIRouter()


@serve(router, e.close_rfq, tag="sourcing")
async def close(call: CallDep, id: UUID, body: wire.CloseIn) -> Response:
    """Close the RFQ before its deadline and choose a quote."""
    return await call.run(service.close, CloseRfq(RfqId(id), body.expected_version), rfqs_present.rfq)


@serve(router, e.ask_to_complete, tag="sourcing")
async def ask_to_complete(call: CallDep, id: UUID, quote_id: UUID, body: wire.AskToCompleteIn) -> Response:
    """Ask one vendor for the lines that its quote leaves out, while the RFQ is open."""
    command = AskToComplete(RfqId(id), QuoteId(quote_id), body.expected_version)
    return await call.run(completions.ask, command, rfqs_present.rfq)


@serve(router, e.propose_quote, tag="sourcing")
async def propose(call: CallDep, id: UUID, body: wire.ProposeIn) -> Response:
    """Propose another quote, with a reason that the approval card shows."""
    command = ProposeQuote(RfqId(id), QuoteId(body.quote_id), body.reason, body.expected_version)
    return await call.run(service.propose, command, rfqs_present.rfq)


@serve(router, e.split_award, tag="sourcing")
async def split(call: CallDep, id: UUID, body: wire.SplitIn) -> Response:
    """Propose which quote gets which line, or the alternative that it offers; the approval card shows the reason."""
    lines = tuple(
        AwardedLine(RfqLineId(line.rfq_line_id), QuoteId(line.quote_id), line.alternative)
        for line in body.lines
    )
    left_out = tuple(RfqLineId(each) for each in body.left_out)
    command = ProposeSplit(RfqId(id), lines, left_out, body.reason, body.expected_version)
    return await call.run(split_awards.propose, command, rfqs_present.rfq)
