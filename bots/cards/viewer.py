"""Who reads a card."""

from dataclasses import dataclass
from uuid import UUID

from api.contract.people import MeOut


@dataclass(frozen=True)
class Viewer:
    """The reader's language, zone and roles; what they may do decides which buttons are drawn."""

    person_id: UUID
    locale: str
    zone: str
    roles: frozenset[str]
    vendor_id: UUID | None = None

    @classmethod
    def of(cls, me: MeOut) -> "Viewer":
        return cls(me.id, me.locale, me.zone, frozenset(me.roles), me.vendor_id)

    def has(self, *roles: str) -> bool:
        return bool(self.roles.intersection(roles))
