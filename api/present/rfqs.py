"""Converts RFQs and invitations from read model to wire."""

from api.contract import rfqs as wire
from api.contract.values import Listing
from api.present.actions import actions
from api.present.decimals import plain
from api.present.listing import listing
from api.present.quotes import quote
from api.present.trusted import trusted
from core.kernel.pagination import Page
from core.quotes.model import QuoteDetails, RfqWithQuote
from core.rfqs.model import RfqDetails, RfqLine

_RfqOut = trusted(wire.RfqOut)
_InvitationOut = trusted(wire.InvitationOut)
_RfqLineOut = trusted(wire.RfqLineOut)


def rfq(source: RfqDetails, my_quote: QuoteDetails | None = None) -> wire.RfqOut:
    item = source.rfq
    return _RfqOut(
        id=item.id,
        number=item.number,
        request_id=item.request_id,
        request_number=source.request_number,
        state=item.state,
        version=item.version,
        buyer=source.buyer,
        currency=item.currency,
        quote_by=item.quote_by,
        needed_by=item.needed_by,
        cost_centre=source.cost_centre,
        note=item.note,
        lines=tuple(rfq_line(line) for line in item.lines),
        invitations=tuple(
            _InvitationOut(
                id=invitation.id,
                vendor_id=invitation.vendor_id,
                vendor_name=invitation.vendor_name,
                state=invitation.state,
                reason=invitation.reason,
            )
            for invitation in item.invitations
        ),
        answered=source.answered,
        my_quote=quote(my_quote) if my_quote else None,
        created_at=item.created_at,
        actions=actions(source.actions),
    )


def rfq_with_quote(source: RfqWithQuote) -> wire.RfqOut:
    return rfq(source.details, source.my_quote)


def rfqs(page: Page[RfqWithQuote]) -> Listing[wire.RfqOut]:
    return listing(page, rfq_with_quote, lambda row: row.details.rfq)


def rfq_line(line: RfqLine) -> wire.RfqLineOut:
    return _RfqLineOut(
        id=line.id,
        request_line_id=line.request_line_id,
        description=line.description,
        quantity=plain(line.quantity),
        unit=line.unit,
    )
