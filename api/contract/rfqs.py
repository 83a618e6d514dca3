"""RFQs and invitations on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.actions import Actionable
from api.contract.clarifications import ClarificationOut, RfqQuestionOut
from api.contract.quotes import DocumentOut, QuoteOut
from api.contract.values import Day, InputModel, Moment, Note, NumberedQuery, OutputModel, Shown
from core.rfqs.states import InvitationState, RfqState


class RfqIn(InputModel):
    vendor_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]
    quote_by: Moment
    note: Note = ""
    document_ids: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    """Uploads of the caller."""
    files: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    """Those of the request's files (``GET /procurement/requests/{id}/files``) that the vendors get."""


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
    has_chat: bool = True
    """False: the vendor gets a link from somebody, by ``POST /vendors/{id}/link``."""


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
    revision: int = 1
    lines: tuple[RfqLineOut, ...]
    invitations: tuple[InvitationOut, ...]
    answered: int | None = None
    my_quote: QuoteOut | None = None
    documents: tuple[DocumentOut, ...] = ()
    questions: tuple[RfqQuestionOut, ...] = ()
    clarifications: tuple[ClarificationOut, ...] = ()
    reason: str | None = None
    """Why another quote than the best was proposed, the lines were split, or it was called off; never for a vendor."""
    created_at: Moment


class RfqQuery(NumberedQuery):
    """``mine``: sent by the caller."""

    state: RfqState | None = None
    mine: bool = False
    request_id: UUID | None = None
