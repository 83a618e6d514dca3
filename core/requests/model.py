"""A procurement request as the slice's functions pass it around; never a database row."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.db.keyset import ListFilter
from core.kernel.actions import Action
from core.kernel.ids import PersonId, RequestId, RequestLineId
from core.kernel.titles import title_of
from core.requests.states import RequestState


@dataclass(frozen=True)
class RequestLine:
    id: RequestLineId
    position: int
    description: str
    quantity: Decimal
    unit: str
    estimated_unit_price: Decimal | None


@dataclass(frozen=True)
class Request:
    """The aggregate: what is requested, by whom, for which cost centre, and its state."""

    id: RequestId
    number: str
    state: RequestState
    version: int
    requested_by: PersonId
    cost_centre: str
    currency: str
    needed_by: dt.date | None
    """None only in a draft that is the copy of a request whose day is past."""
    note: str
    total_estimate: Decimal | None
    reason: str | None
    rfq_id: UUID | None
    approval_id: UUID | None
    order_id: UUID | None
    created_at: dt.datetime
    updated_at: dt.datetime
    lines: tuple[RequestLine, ...]
    entered_by: PersonId | None = None
    """Who wrote it for whoever asks; None when they did it themselves."""
    resembles: tuple[str, ...] = ()
    """The numbers of earlier requests for the same, of which whoever submitted it knew."""

    @property
    def due(self) -> dt.date:
        """The day of a request that was submitted."""
        assert self.needed_by is not None
        return self.needed_by

    @property
    def title(self) -> str:
        """The first item, and how many more there are."""
        return title_of(self.lines)


@dataclass(frozen=True)
class Progress:
    """How far RFQ and order have come, where that decides what may be done with the request."""

    undecided_rfq: str | None = None
    """The number of the RFQ that is open, or whose chosen quote is to be approved."""
    closed_rfq: str | None = None
    """The number of the RFQ that takes no answers any more, but whose quotes can still be chosen."""
    final_order: str | None = None
    """The state of the order, once nobody can cancel it any more."""


@dataclass(frozen=True)
class RequestDetails:
    """A request with the names that a card shows, and what its reader may do with it."""

    request: Request
    requested_by_name: str
    cost_centre_name: str
    actions: tuple[Action, ...] = ()
    entered_by_name: str | None = None


@dataclass(frozen=True)
class RequestFilter(ListFilter):
    """What a list of requests is limited to; ``vendor_id`` was asked for a quote."""

    state: RequestState | None = None
    mine: bool = False
