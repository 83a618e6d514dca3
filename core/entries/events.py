"""What can happen when an officer enters something for a vendor."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.orders.events import OrderEvent


@dataclass(frozen=True, kw_only=True)
class AcknowledgementEntered(OrderEvent):
    """Beside the acknowledgement itself, because only this one is told to the vendor."""

    type: ClassVar[str] = "order.acknowledgement_entered"
    entered_by: UUID
    documents: int
