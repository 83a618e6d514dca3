"""Who to ask and what was bought before, on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.values import Day, InputModel, Line, OutputModel, Shown
from api.contract.vendors import VendorOut


class TieOut(OutputModel):
    """The vendor score, 0 to 100, that put one vendor before another that was alike: from ``n`` facts in the window."""

    score: float
    n: int
    window_from: Day
    window_to: Day


class WhyOut(OutputModel):
    """What a suggestion rests on: ``n`` similar order lines in the window, ``here`` of them for the cost centre.

    ``new_here``: a vendor with few orders (``n`` of any kind), whose category is that of the others; of five suggested
    one is such a vendor, as far as there is one.
    """

    n: int
    here: int
    cost_centre: str
    window_from: Day | None
    window_to: Day
    last_on: Day | None
    new_here: bool
    tie: TieOut | None = None


class WarnedOut(OutputModel):
    """The vendor score, 0 to 100, that is below the bound of a warning: from ``n`` lines in the window."""

    value: float
    bound: int
    n: int
    window_from: Day
    window_to: Day


class SuggestedVendorOut(VendorOut):
    """``why`` null: it comes after those suggested, by name and category. ``warned``: its score is below a bound."""

    why: WhyOut | None = None
    warned: WarnedOut | None = None


class BoughtBeforeIn(InputModel):
    """The lines that somebody is about to ask for. ``request_id``: the request whose own orders do not count."""

    items: Annotated[tuple[Line, ...], Field(max_length=20, examples=[["Laptop, 14 inch"]])]
    request_id: UUID | None = None


class BoughtBeforeOut(OutputModel):
    """Of all orders that the reader may see: ``n`` lines like the item in the window, and the last of them."""

    item: str
    n: int
    window_from: Day
    window_to: Day
    last_item: str
    last_price: Shown
    last_currency: str
    last_unit: str
    last_vendor: str
    last_order: str
    last_on: Day
