"""Converts quotes from read model to wire."""

from api.contract import entries
from api.contract import quotes as wire
from api.contract.values import Listing
from api.present.actions import actions
from api.present.decimals import amount, optional_unit_price, plain, unit_price
from api.present.listing import listing
from api.present.trusted import trusted
from core.entries.model import Enterable
from core.kernel.pagination import Page
from core.offers.model import Alternative, QuoteLine
from core.offers.policy import left_out
from core.quotes.model import AttachedDocument, QuoteDetails
from core.rfqs.model import RfqLine

_QuoteOut = trusted(wire.QuoteOut)
_QuoteLineOut = trusted(wire.QuoteLineOut)
_AlternativeOut = trusted(wire.AlternativeOut)
_DocumentOut = trusted(wire.DocumentOut)


def quote(source: QuoteDetails) -> wire.QuoteOut:
    item = source.quote
    asked = {line.id: line for line in source.lines}
    outdated = item.rfq_revision != source.rfq_revision
    return _QuoteOut(
        id=item.id,
        number=item.number,
        rfq_id=item.rfq_id,
        rfq_number=source.rfq_number,
        request_id=item.request_id,
        vendor_id=item.vendor_id,
        vendor_name=item.vendor_name,
        revision=item.revision,
        state=item.state,
        version=item.version,
        currency=item.currency,
        total=amount(item.total, item.currency),
        shipping=amount(item.shipping, item.currency),
        lead_time_days=item.lead_time_days,
        valid_until=item.valid_until,
        note=item.note,
        complete=item.complete,
        rfq_revision=item.rfq_revision,
        outdated=outdated,
        entered=item.entered_by is not None,
        missing=tuple(line.id for line in left_out(item.lines, source.lines)),
        asked_to_complete_at=item.asked_to_complete_at,
        lines=tuple(
            _quote_line(line, asked[line.rfq_line_id], item.currency)
            for line in item.lines
            if not outdated or line.rfq_line_id in asked  # a correction may have dropped a line
        ),
        documents=tuple(document(each) for each in source.documents),
        submitted_at=item.submitted_at,
        actions=actions(source.actions),
    )


def quotes(page: Page[QuoteDetails]) -> Listing[wire.QuoteOut]:
    return listing(page, quote, lambda row: row.quote)


def _quote_line(line: QuoteLine, asked: RfqLine, currency: str) -> wire.QuoteLineOut:
    return _QuoteLineOut(
        id=line.id,
        rfq_line_id=line.rfq_line_id,
        description=asked.description,
        quantity=plain(asked.quantity),
        unit=asked.unit,
        unit_price=optional_unit_price(line.unit_price, currency),
        lead_time_days=line.lead_time_days,
        no_bid=line.no_bid,
        alternative=alternative(line.alternative, currency),
    )


def alternative(source: Alternative | None, currency: str) -> wire.AlternativeOut | None:
    if source is None:
        return None
    return _AlternativeOut(
        description=source.description,
        unit_price=unit_price(source.unit_price, currency),
        lead_time_days=source.lead_time_days,
        note=source.note,
    )


def document(source: AttachedDocument) -> wire.DocumentOut:
    return _DocumentOut(
        id=source.id, name=source.name, media_type=source.media_type, size=source.size, sha256=source.sha256
    )


def enterable(source: Enterable) -> entries.EntryOut:
    return entries.EntryOut(vendor_name=source.vendor_name, again=source.again)
