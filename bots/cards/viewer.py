"""Who reads a card."""

from dataclasses import dataclass
from uuid import UUID

from api.contract.people import MeOut


@dataclass(frozen=True)
class Viewer:
    """The reader's language and zone. What they may do stands in the model that a card is drawn from."""

    person_id: UUID
    locale: str
    zone: str
    vendor_id: UUID | None = None

    @classmethod
    def of(cls, me: MeOut) -> "Viewer":
        return cls(me.id, me.locale, me.zone, me.vendor_id)
