"""RFQs and invitations as the slice's functions pass them around; never database rows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.db.keyset import ListFilter
from core.kernel.actions import Action
from core.kernel.ids import (
    InvitationId,
    PersonId,
    QuoteId,
    RequestId,
    RequestLineId,
    RfqId,
    RfqLineId,
    SplitAwardId,
    VendorId,
)
from core.kernel.titles import title_of
from core.rfqs.states import ANSWERED, InvitationState, RfqState


@dataclass(frozen=True)
class RfqLine:
    id: RfqLineId
    request_line_id: RequestLineId
    position: int
    description: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True)
class Invitation:
    id: InvitationId
    vendor_id: VendorId
    vendor_name: str
    state: InvitationState
    reason: str | None
    has_chat: bool = True

    @property
    def answered(self) -> bool:
        return self.state in ANSWERED


@dataclass(frozen=True)
class Rfq:
    """The aggregate: what vendors are asked to price in this revision, until when, and which quote is selected."""

    id: RfqId
    number: str
    request_id: RequestId
    state: RfqState
    version: int
    currency: str
    quote_by: dt.datetime
    needed_by: dt.date
    note: str
    revision: int
    sent_by: PersonId
    selected_quote_id: QuoteId | None
    proposed_by: PersonId | None
    reason: str | None
    created_at: dt.datetime
    closed_at: dt.datetime | None
    remind_at: dt.datetime | None
    lines: tuple[RfqLine, ...]
    invitations: tuple[Invitation, ...]
    split_award_id: SplitAwardId | None = None
    """Instead of one selected quote: which quote gets which line."""

    def invitation_of(self, vendor_id: UUID | None) -> Invitation | None:
        return next((item for item in self.invitations if item.vendor_id == vendor_id), None)

    @property
    def sealed(self) -> bool:
        """Until it closes nobody can read a price; a cancelled RFQ that never closed stays sealed."""
        return self.closed_at is None

    @property
    def undecided(self) -> bool:
        """Vendors may still answer, or the chosen quote is to be approved: no other RFQ may be sent."""
        return self.state is RfqState.open or (self.state is RfqState.closed and self.chosen)

    @property
    def chosen(self) -> bool:
        """One quote is selected, or the lines are split among several."""
        return self.selected_quote_id is not None or self.split_award_id is not None

    @property
    def title(self) -> str:
        return title_of(self.lines)


@dataclass(frozen=True)
class RfqDetails:
    """An RFQ as one person may see it, and what they may do; a vendor sees only its own invitation."""

    rfq: Rfq
    request_number: str
    cost_centre: str
    buyer: str
    answered: int | None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class RfqFilter(ListFilter):
    """What a list of RFQs is limited to; ``mine``: sent by the reader."""

    state: RfqState | None = None
    mine: bool = False
    request_id: UUID | None = None
