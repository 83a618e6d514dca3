"""What can happen to an RFQ after it was sent.

One rule: vendors are told of each of these, and no event names one vendor to another.
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.rfqs.events import RfqEvent


@dataclass(frozen=True, kw_only=True)
class DeadlineMoved(RfqEvent):
    type: ClassVar[str] = "rfq.deadline_moved"
    was: dt.datetime
    quote_by: dt.datetime


@dataclass(frozen=True, kw_only=True)
class VendorsAdded(RfqEvent):
    """More vendors are asked; those who were asked before learn nothing of it."""

    type: ClassVar[str] = "rfq.vendors_added"
    vendor_ids: tuple[UUID, ...]
    quote_by: dt.datetime


@dataclass(frozen=True, kw_only=True)
class RfqCorrected(RfqEvent):
    """A new version; quotes for an earlier one count again once their vendors confirm or revise them."""

    type: ClassVar[str] = "rfq.corrected"
    revision: int
    changed: tuple[str, ...]
    to_confirm: tuple[UUID, ...]
