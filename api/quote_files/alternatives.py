"""Alternatives in a vendor's file: in columns of their own beside a line, or as a row below it.

One rule: what it is and one price go together; without both it is asked for, by line and column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from api.contract.file_quotes import GapKind
from api.quote_files.figures import WrittenNumber, exact, figure
from api.quote_files.labels import row_kind
from api.quote_files.model import FileRow, Gap, OtherOffer
from api.quote_files.written_units import lead_days

COLUMNS = ("other", "other_price", "other_days", "other_note")
"""The heads of what is offered instead, its unit price, its days and a note; see ``words.toml``."""
MOST_SAID = 120
PLACES = 6
EXAMPLE = "990.5"
Cell = str | Decimal


@dataclass(frozen=True)
class Offered:
    """Something else for a line; without a price ``text`` is what stands in its place."""

    description: str
    unit_price: Decimal | None
    days: int | None = None
    note: str = ""
    text: str = ""


@dataclass(frozen=True)
class OtherCells:
    """The cells of a row in these columns, before the file's decimal sign is known."""

    said: Mapping[str, str]
    price: WrittenNumber | None

    @classmethod
    def of(cls, said: Mapping[str, str], price: Cell) -> "OtherCells":
        return cls(said, exact(price) if isinstance(price, Decimal) else figure(price))

    def offer(self, convention: str) -> OtherOffer:
        return OtherOffer(
            item=self.said["other"],
            prices=self.price.by(convention) if self.price is not None else (),
            text=self.said["other_price"],
            days=self.said["other_days"],
            note=self.said["other_note"],
        )


def offered_beside(other: OtherOffer, number: int) -> tuple[Offered | None, tuple[Gap, ...]]:
    """What the columns of a row offer for the line of this number, and what of it has to be asked."""
    if other.empty:
        return None, ()
    line, price, days = str(number), _price(other), lead_days(other.days)
    gaps = []
    if not other.item or not other.text:
        gaps.append(Gap(kind=GapKind.alternative_whole, facts={"line": line, "example": EXAMPLE}))
    elif price is None:
        facts = {"line": line, "text": other.text[:MOST_SAID], "example": EXAMPLE}
        gaps.append(Gap(kind=GapKind.alternative_price, facts=facts))
    if other.days and days is None:
        gaps.append(Gap(kind=GapKind.alternative_days, facts={"line": line, "text": other.days[:MOST_SAID]}))
    return Offered(other.item, price, days, other.note, "" if price is not None else other.text), tuple(gaps)


def _price(other: OtherOffer) -> Decimal | None:
    """The only one that it may be, if a quote can hold it."""
    prices = set(other.prices)
    single = prices.pop() if len(prices) == 1 else None
    return single if single is not None and single >= 0 and single == round(single, PLACES) else None


def offered_below(rows: Sequence[FileRow], line_of: Mapping[int, UUID]) -> dict[UUID, Offered]:
    """A row that is an alternative with one price belongs to the line of the row above it.

    ``line_of``: the line of each row that is none, as they are counted.
    """
    offered: dict[UUID, Offered] = {}
    placed = -1
    for row in rows:
        if not row.alternative:
            placed += 1
            continue
        prices = {each.unit_price for each in row.prices}
        if placed in line_of and len(prices) == 1:
            offered.setdefault(line_of[placed], Offered(_without_label(row.item), prices.pop()))
    return offered


def _without_label(item: str) -> str:
    """``Alternative: Dock HDMI`` is the dock."""
    head, colon, rest = item.partition(":")
    return rest.strip() if colon and row_kind(head) == "alternative" and rest.strip() else item
