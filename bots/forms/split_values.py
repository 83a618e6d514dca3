"""What a form about an award by line holds, and what is offered for each line.

One rule: an alternative stands after everything that was asked for, and is never picked by itself.
"""

from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from api.contract.awards import ComparedQuote, ComparisonOut, SplitIn
from api.contract.values import total_of
from bots.forms.line_pages import FormLine, LinedValues, cut

MAX_OFFERS = 8
"""How many vendors are offered for a line; the API takes any."""


class SplitVendor(BaseModel):
    """One quote; its shipping is in the request's currency."""

    quote_id: UUID
    name: str
    shipping: Decimal
    converted: bool = False
    """Quoted in another currency: what it comes to here is rounded price by price, so it is told as about that."""


class SplitOffer(BaseModel):
    """What one vendor asks for a line, in the request's currency; ``alternative``: for something else instead."""

    vendor: int
    unit_price: Decimal
    days: int | None = None
    alternative: str = ""


class SplitLine(FormLine):
    """One line of the RFQ with what is offered for it, the cheapest first, and alternatives after all others."""

    quantity: Decimal
    offers: list[SplitOffer]

    def total(self, offer: SplitOffer, currency: str) -> Decimal:
        """What this line costs from this vendor, rounded as it is ordered."""
        return total_of([(self.quantity, offer.unit_price)], currency)


class SplitValues(LinedValues):
    rfq_id: UUID
    number: str
    version: int
    currency: str
    vendors: list[SplitVendor]
    lines: list[SplitLine]
    best_single: Decimal | None = None
    picked: dict[str, int | None] = Field(default_factory=dict)
    """By the line's number: the vendor's place; None leaves the line out."""
    instead: list[str] = Field(default_factory=list)
    """The numbers of the lines for which the vendor's alternative is picked."""
    reason: str = ""

    def body(self) -> SplitIn:
        awarded = [
            (line.id, self._quote_of(place), str(place) in self.instead)
            for place, line in enumerate(self.lines, start=1)
        ]
        return SplitIn.model_validate(
            {
                "lines": [
                    {"rfq_line_id": line, "quote_id": quote_id, "alternative": alternative}
                    for line, quote_id, alternative in awarded
                    if quote_id
                ],
                "left_out": [line for line, quote_id, _ in awarded if quote_id is None],
                "reason": self.reason,
                "expected_version": self.version,
            }
        )

    def _quote_of(self, place: int) -> UUID | None:
        vendor = self.picked.get(str(place))
        return None if vendor is None else self.vendors[vendor].quote_id

    @property
    def left_out(self) -> list[str]:
        return [line.description for line in self._out]

    @property
    def _out(self) -> list[SplitLine]:
        return [line for place, line in enumerate(self.lines, start=1) if self.picked.get(str(place)) is None]

    @property
    def is_split(self) -> bool:
        """Several vendors get a line, or one gets less than it priced, or an alternative; as the API sees it."""
        shares = self.shares()
        return (
            len(shares) > 1
            or any(offer.alternative for found in shares.values() for _, offer in found)
            or any(self._may_offer(vendor, line) for vendor in shares for line in self._out)
        )

    def _may_offer(self, vendor: int, line: SplitLine) -> bool:
        """Whether this vendor has a price for it; where not all offers are kept, the API knows."""
        return len(line.offers) >= MAX_OFFERS or any(
            offer.vendor == vendor and not offer.alternative for offer in line.offers
        )

    def shares(self) -> dict[int, list[tuple[SplitLine, SplitOffer]]]:
        """By vendor: the lines that it gets, each with its offer."""
        found: dict[int, list[tuple[SplitLine, SplitOffer]]] = {}
        for place, line in enumerate(self.lines, start=1):
            at = self.place_of(place, line)
            if at is not None:
                offer = line.offers[at]
                found.setdefault(offer.vendor, []).append((line, offer))
        return found

    def place_of(self, place: int, line: SplitLine) -> int | None:
        """Which of the line's offers is picked."""
        vendor, other = self.picked.get(str(place)), str(place) in self.instead
        return next(
            (
                index
                for index, each in enumerate(line.offers)
                if each.vendor == vendor and bool(each.alternative) == other
            ),
            None,
        )


def initial_values(compared: ComparisonOut) -> SplitValues:
    """The lines with what may be ordered of each, as the comparison shows it."""
    assert compared.rfq_id is not None
    able = [quote for quote in compared.quotes if quote.may_supply]
    singles = [quote.total_converted for quote in able if quote.complete]
    return SplitValues(
        rfq_id=compared.rfq_id,
        number=compared.rfq_number or "",
        version=compared.rfq_version or 1,
        currency=compared.currency,
        vendors=[
            SplitVendor(
                quote_id=each.quote_id,
                name=each.vendor_name,
                shipping=each.shipping_converted,
                converted=each.currency != compared.currency,
            )
            for each in able
        ],
        lines=[
            SplitLine(
                id=line.id,
                description=cut(line.description),
                quantity=line.quantity,
                unit=line.unit,
                offers=_offers(able, line.id),
            )
            for line in compared.lines
        ],
        best_single=min(singles, default=None),
    )


def _offers(quotes: list[ComparedQuote], line_id: UUID) -> list[SplitOffer]:
    found = [
        SplitOffer(
            vendor=place,
            unit_price=line.unit_price,
            days=line.lead_time_days if line.lead_time_days is not None else quote.lead_time_days,
        )
        for place, quote in enumerate(quotes)
        for line in quote.lines
        if line.rfq_line_id == line_id and line.unit_price is not None
    ]
    others = [
        SplitOffer(
            vendor=place,
            unit_price=line.alternative.unit_price,
            days=line.alternative.lead_time_days
            if line.alternative.lead_time_days is not None
            else quote.lead_time_days,
            alternative=cut(line.alternative.description),
        )
        for place, quote in enumerate(quotes)
        for line in quote.lines
        if line.rfq_line_id == line_id and line.alternative is not None
    ]
    return [*_cheapest(found), *_cheapest(others)]


def _cheapest(offers: list[SplitOffer]) -> list[SplitOffer]:
    return sorted(offers, key=lambda offer: (offer.unit_price, offer.vendor))[:MAX_OFFERS]
