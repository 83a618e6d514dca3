"""A whole purchase as it is at one moment: everything that a card, a notice or a count needs; never database rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from core.access.actor import Channel
from core.approvals.model import Approval
from core.approvals.states import ApprovalState
from core.clarifications.model import Discussion
from core.insights.model import Score
from core.kernel.ids import PersonId, VendorId
from core.orders.model import Order
from core.orders.states import OrderState
from core.people.model import CostCentre, Organisation
from core.quotes.model import AttachedDocument, Quote
from core.quotes.states import SHOWN
from core.receipts.model import Receipt
from core.requests.model import Request
from core.rfqs.model import Rfq
from core.split_awards.model import SplitAward
from core.standings.model import BelowBound


@dataclass(frozen=True)
class PurchaseDocument:
    """A file of the request, a quote or an RFQ with what decides who may read it."""

    document: AttachedDocument
    attached_id: UUID
    owner_id: UUID
    vendor_id: UUID | None
    released: bool
    readers: frozenset[UUID]
    inside: bool = False


@dataclass(frozen=True)
class Purchase:
    """One request with everything that followed from it, newest first; receipts and questions oldest first.

    ``names`` has everybody whom the purchase names. ``rates`` are what one unit of a currency of the quotes is worth
    in the organisation's currency on the day the newest RFQ closed (today while it is open).
    """

    request: Request
    rfqs: tuple[Rfq, ...]
    quotes: tuple[Quote, ...]
    documents: tuple[PurchaseDocument, ...]
    discussions: Mapping[UUID, Discussion]
    approvals: tuple[Approval, ...]
    orders: tuple[Order, ...]
    receipts: tuple[Receipt, ...]
    names: Mapping[UUID, str]
    cost_centre: CostCentre
    organisation: Organisation
    submitted_channel: Channel | None
    rates: Mapping[str, Decimal]
    splits: tuple[SplitAward, ...] = ()
    """Every split award that was proposed, newest first."""
    colleagues: frozenset[UUID] = frozenset()
    """Who else may receive: people of the cost centre, where the policy says so."""

    scores: Mapping[UUID, tuple[Score, ...]] = field(default_factory=dict)
    """What is known of the vendors that quoted, in all and at the cost centre; for those who may read scores."""
    warned: Mapping[UUID, BelowBound] = field(default_factory=dict)
    """Those of them whose score is below the bound of a warning; for the same readers."""

    @property
    def rfq(self) -> Rfq | None:
        """The newest RFQ."""
        return self.rfqs[0] if self.rfqs else None

    @property
    def pending_approval(self) -> Approval | None:
        """The one approval that waits for a decision."""
        return next((each for each in self.approvals if each.state is ApprovalState.pending), None)

    @property
    def live_orders(self) -> tuple[Order, ...]:
        """The orders that are not cancelled: one, or those of a split award."""
        return tuple(each for each in self.orders if each.state is not OrderState.cancelled)

    @cached_property
    def candidates(self) -> frozenset[PersonId]:
        """Everybody who is or was a candidate of a step of this purchase."""
        return frozenset(
            person for each in self.approvals for step in each.steps for person in step.candidates
        )

    def rfq_of(self, rfq_id: UUID) -> Rfq | None:
        return next((each for each in self.rfqs if each.id == rfq_id), None)

    def approval_of(self, approval_id: UUID) -> Approval | None:
        return next((each for each in self.approvals if each.id == approval_id), None)

    def order_of(self, order_id: UUID) -> Order | None:
        return next((each for each in self.orders if each.id == order_id), None)

    def split_of(self, split_award_id: UUID | None) -> SplitAward | None:
        return next((each for each in self.splits if each.id == split_award_id), None)

    def quote_of(self, quote_id: UUID | None) -> Quote | None:
        return next((each for each in self.quotes if each.id == quote_id), None)

    def quotes_of(self, rfq_id: UUID) -> list[Quote]:
        """All quotes of an RFQ, in the order in which they arrived."""
        return sorted(
            (each for each in self.quotes if each.rfq_id == rfq_id), key=lambda quote: quote.submitted_at
        )

    def shown_quote_of(self, rfq_id: UUID, vendor_id: VendorId) -> Quote | None:
        """This vendor's newest quote that was not taken back and has not expired."""
        return next(
            (
                each
                for each in self.quotes
                if each.rfq_id == rfq_id and each.vendor_id == vendor_id and each.state in SHOWN
            ),
            None,
        )

    def vendor_name(self, vendor_id: VendorId) -> str:
        """The name of a vendor that was asked; every other vendor in a purchase is one of them."""
        return next(
            each.vendor_name for rfq in self.rfqs for each in rfq.invitations if each.vendor_id == vendor_id
        )
