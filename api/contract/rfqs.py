"""RFQs and invitations on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.actions import Actionable
from api.contract.quotes import QuoteOut
from api.contract.values import (
    Day,
    InputModel,
    Moment,
    Note,
    NumberedQuery,
    OutputModel,
    Shown,
)
from core.rfqs.states import InvitationState, RfqState


class RfqIn(InputModel):
    vendor_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]
    quote_by: Moment
    note: Note = ""


class RfqLineOut(OutputModel):
    id: UUID
    request_line_id: UUID
    description: str
    quantity: Shown
    unit: str


class InvitationOut(OutputModel):
    id: UUID
    vendor_id: UUID
    vendor_name: str
    state: InvitationState
    reason: str | None = None


class RfqOut(Actionable):
    """An RFQ; a vendor sees only its own invitation and quote."""

    id: UUID
    number: str
    request_id: UUID
    request_number: str
    state: RfqState
    version: int
    buyer: str
    currency: str
    quote_by: Moment
    needed_by: Day
    cost_centre: str
    note: str
    lines: tuple[RfqLineOut, ...]
    invitations: tuple[InvitationOut, ...]
    answered: int | None = None
    my_quote: QuoteOut | None = None
    created_at: Moment


class RfqQuery(NumberedQuery):
    """``mine``: sent by the caller."""

    state: RfqState | None = None
    mine: bool = False
    vendor_id: UUID | None = None
    request_id: UUID | None = None
