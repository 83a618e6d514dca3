"""Converts RFQs and invitations from read model to wire."""

from api.contract import rfqs as wire
from api.contract.values import Listing
from api.present.actions import actions
from api.present.clarifications import clarification, question
from api.present.decimals import plain
from api.present.listing import listing
from api.present.quotes import document, quote
from api.present.trusted import trusted
from core.invitations.model import RfqView
from core.kernel.pagination import Page
from core.rfqs.model import RfqDetails, RfqLine

_RfqOut = trusted(wire.RfqOut)
_InvitationOut = trusted(wire.InvitationOut)
_RfqLineOut = trusted(wire.RfqLineOut)


def rfq(source: RfqDetails) -> wire.RfqOut:
    """An RFQ as a use case leaves it, without what stands around it."""
    return rfq_view(RfqView(source))


def rfq_view(view: RfqView) -> wire.RfqOut:
    source, item = view.details, view.details.rfq
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
        revision=item.revision,
        lines=tuple(rfq_line(line) for line in item.lines),
        invitations=tuple(
            _InvitationOut(
                id=invitation.id,
                vendor_id=invitation.vendor_id,
                vendor_name=invitation.vendor_name,
                state=invitation.state,
                reason=invitation.reason,
                has_chat=invitation.has_chat,
            )
            for invitation in item.invitations
        ),
        answered=source.answered,
        my_quote=quote(view.my_quote) if view.my_quote else None,
        documents=tuple(document(each) for each in view.documents),
        questions=tuple(question(each) for each in view.discussion.questions),
        clarifications=tuple(clarification(each) for each in view.discussion.clarifications),
        reason=item.reason,
        created_at=item.created_at,
        actions=actions(source.actions),
    )


def rfqs(page: Page[RfqView]) -> Listing[wire.RfqOut]:
    return listing(page, rfq_view, lambda row: row.details.rfq)


def rfq_line(line: RfqLine) -> wire.RfqLineOut:
    return _RfqLineOut(
        id=line.id,
        request_line_id=line.request_line_id,
        description=line.description,
        quantity=plain(line.quantity),
        unit=line.unit,
    )
