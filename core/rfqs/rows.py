"""Converts RFQs between rows and models.

One rule: only this module knows how the columns are laid out.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from core.db.batches import RowPart
from core.db.connection import Row
from core.kernel.ids import InvitationId, PersonId, RequestId, RequestLineId, RfqId, RfqLineId, VendorId
from core.rfqs.model import Invitation, Rfq, RfqLine
from core.rfqs.states import InvitationState, RfqState


def rfqs_of(found: Sequence[Row], lines: Sequence[Row], invitations: Sequence[Row]) -> list[Rfq]:
    """Aggregates from the rows of three tables."""
    lines_of: dict[UUID, list[RfqLine]] = {row.id: [] for row in found}
    invited: dict[UUID, list[Invitation]] = {row.id: [] for row in found}
    for row in lines:
        lines_of[row.rfq_id].append(
            RfqLine(
                RfqLineId(row.id),
                RequestLineId(row.request_line_id),
                row.position,
                row.description,
                row.quantity,
                row.unit,
            )
        )
    for row in invitations:
        invited[row.rfq_id].append(
            Invitation(
                InvitationId(row.id),
                VendorId(row.vendor_id),
                row.vendor_name,
                InvitationState(row.state),
                row.reason,
                row.has_chat,
            )
        )
    return [_rfq(row, tuple(lines_of[row.id]), tuple(invited[row.id])) for row in found]


def rfq_of(row: Row | RowPart) -> Rfq:
    """The aggregate from its row, which carries the lines and the invitations."""
    return _rfq(
        row,
        tuple(RfqLine(*line) for line in row.lines),
        tuple(
            Invitation(each, vendor_id, vendor_name, InvitationState(state), reason, has_chat)
            for each, vendor_id, vendor_name, state, reason, has_chat in row.invitations
        ),
    )


def _rfq(row: Row | RowPart, lines: tuple[RfqLine, ...], invitations: tuple[Invitation, ...]) -> Rfq:
    return Rfq(
        id=RfqId(row.id),
        number=row.number,
        request_id=RequestId(row.request_id),
        state=RfqState(row.state),
        version=row.version,
        currency=row.currency,
        quote_by=row.quote_by,
        needed_by=row.needed_by,
        note=row.note,
        revision=row.revision,
        sent_by=PersonId(row.sent_by),
        selected_quote_id=row.selected_quote_id,
        proposed_by=row.proposed_by,
        reason=row.reason,
        created_at=row.created_at,
        closed_at=row.closed_at,
        remind_at=row.remind_at,
        lines=lines,
        invitations=invitations,
    )


def rfq_line_columns(rfq: Rfq) -> list[dict[str, Any]]:
    """The columns of ``rfq_lines``."""
    return [
        {
            "id": line.id,
            "rfq_id": rfq.id,
            "request_line_id": line.request_line_id,
            "position": line.position,
            "description": line.description,
            "quantity": line.quantity,
            "unit": line.unit,
            "dropped_at": None,
        }
        for line in rfq.lines
    ]


def rfq_columns(rfq: Rfq) -> dict[str, Any]:
    """The columns of ``rfqs``."""
    return {
        "id": rfq.id,
        "number": rfq.number,
        "request_id": rfq.request_id,
        "state": rfq.state.value,
        "version": rfq.version,
        "currency": rfq.currency,
        "quote_by": rfq.quote_by,
        "needed_by": rfq.needed_by,
        "note": rfq.note,
        "revision": rfq.revision,
        "sent_by": rfq.sent_by,
        "selected_quote_id": rfq.selected_quote_id,
        "proposed_by": rfq.proposed_by,
        "reason": rfq.reason,
        "created_at": rfq.created_at,
        "closed_at": rfq.closed_at,
        "remind_at": rfq.remind_at,
    }
