"""Pure rules of changing an RFQ: whom it may be sent to as well, and what a correction may say."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from core.amendments.commands import CorrectRfq, LineCorrection
from core.kernel.errors import invalid
from core.kernel.whole_units import check_whole
from core.rfqs.model import Rfq, RfqLine
from core.rfqs.policy import check_deadline, check_vendors_once

MOST_VENDORS = 50


def check_moved(rfq: Rfq, quote_by: dt.datetime, now: dt.datetime) -> None:
    """Earlier or later, but to come."""
    check_deadline(quote_by, now)
    if quote_by == rfq.quote_by:
        example = (quote_by + dt.timedelta(days=2)).isoformat()
        raise invalid("/quote_by", "quote_by.same", "is the deadline already", example)


def check_added(rfq: Rfq, vendor_ids: Sequence[UUID]) -> None:
    """Vendors who are not asked yet, as many as one RFQ may ask."""
    check_vendors_once(vendor_ids)
    for index, vendor_id in enumerate(vendor_ids):
        if rfq.invitation_of(vendor_id) is not None:
            raise invalid(f"/vendor_ids/{index}", "vendor.asked", "this vendor is asked already", None)
    if len(rfq.invitations) + len(vendor_ids) > MOST_VENDORS:
        raise invalid("/vendor_ids", "vendors.too_many", f"an RFQ asks at most {MOST_VENDORS} vendors", None)


def corrected(rfq: Rfq, command: CorrectRfq) -> Rfq:
    """The next version of the RFQ.

    Refuses unknown and repeated lines, and parts of a piece.
    """
    lines = {line.id: line for line in rfq.lines}
    seen: set[UUID] = set()
    for index, each in enumerate(command.lines):
        field = f"/lines/{index}/rfq_line_id"
        if each.rfq_line_id not in lines:
            raise invalid(field, "line.unknown", f"is not a line of {rfq.number}", None)
        if each.rfq_line_id in seen:
            raise invalid(field, "line.twice", "this line is named twice", None)
        seen.add(each.rfq_line_id)
        line = _corrected_line(lines[each.rfq_line_id], each)
        if each.quantity is not None or each.unit is not None:
            check_whole(f"/lines/{index}/quantity", line.quantity, line.unit)
        lines[each.rfq_line_id] = line
    note = rfq.note if command.note is None else command.note
    return replace(rfq, lines=tuple(lines.values()), note=note, revision=rfq.revision + 1)


def without(rfq: Rfq, request_line_ids: Collection[UUID]) -> Rfq:
    """The next version of the RFQ, without the lines of these lines of the request."""
    left = tuple(line for line in rfq.lines if line.request_line_id not in request_line_ids)
    return replace(rfq, lines=left, revision=rfq.revision + 1)


def changes(before: Rfq, after: Rfq, command: CorrectRfq, *, added: bool) -> tuple[str, ...]:
    """What a correction changes, by the name of the field; ``added``: vendors get files that they had not.

    Refuses one that changes nothing: it would outdate every quote.
    """
    found = tuple(name for name in ("lines", "note") if getattr(before, name) != getattr(after, name))
    if added:
        return (*found, "documents")
    if not found:
        field = "/files" if command.files else "/document_ids" if command.document_ids else "/lines"
        raise invalid(field, "rfq.unchanged", "nothing would change", None)
    return found


def _corrected_line(line: RfqLine, correction: LineCorrection) -> RfqLine:
    return replace(
        line,
        description=line.description if correction.description is None else correction.description,
        quantity=line.quantity if correction.quantity is None else correction.quantity,
        unit=line.unit if correction.unit is None else correction.unit,
    )
