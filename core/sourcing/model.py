"""What a new RFQ needs to know of its vendors."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core.vendors.model import Standing


@dataclass(frozen=True)
class AskedVendor:
    standing: Standing
    has_chat: bool


@dataclass(frozen=True)
class AskedVendors:
    """What a new RFQ needs from the database: its number, the buyer's name, and how the vendors stand.

    ``earlier`` is the number of an RFQ of the same request that is not decided yet, ``passed_over`` a closed one of
    which no quote was chosen.
    """

    number: str
    buyer: str
    earlier: str | None
    passed_over: UUID | None
    vendors: Mapping[UUID, AskedVendor]
    approval_needed: bool
