"""Pure rules of quotes that leave lines out: which ones, for how long they keep an RFQ open, and who asks for them."""

import datetime as dt

from core.completions.errors import AskedToComplete, NothingLeftOut
from core.offers.policy import left_out
from core.quotes.model import Quote
from core.quotes.states import QuoteState
from core.rfqs.model import Rfq, RfqLine
from core.rfqs.policy import check_open

GONE = frozenset({QuoteState.withdrawn, QuoteState.expired})


def missing_lines(quote: Quote, rfq: Rfq) -> tuple[RfqLine, ...]:
    """What a quote for the present version leaves out; one for an earlier version is to be confirmed first."""
    if quote.state in GONE or quote.rfq_revision != rfq.revision:
        return ()
    return left_out(quote.lines, rfq.lines)


def is_awaited(quote: Quote, rfq: Rfq) -> bool:
    """Whether the RFQ stays open for it: a line is not even mentioned, or the officer has asked.

    Lines of which the vendor said that it does not offer them are an answer.
    """
    missing = missing_lines(quote, rfq)
    mentioned = {line.rfq_line_id for line in quote.lines}
    silent = any(line.id not in mentioned for line in missing)
    return silent or (bool(missing) and quote.asked_to_complete_at is not None)


def check_may_ask(rfq: Rfq, quote: Quote, now: dt.datetime) -> tuple[RfqLine, ...]:
    """Once per revision, while the vendor can still revise its quote; the lines that are asked for."""
    check_open(rfq, now)
    missing = missing_lines(quote, rfq)
    if not missing:
        raise NothingLeftOut(vendor=quote.vendor_name, number=rfq.number)
    if quote.asked_to_complete_at is not None:
        raise AskedToComplete(vendor=quote.vendor_name, number=rfq.number)
    return missing
