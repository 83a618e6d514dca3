"""What can be requested for messages that are shown."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class CardsWanted(Event):
    """Show this purchase's current cards to whoever has something to do; after seeding, or by hand."""

    type: ClassVar[str] = "cards.wanted"
    subject_kind: ClassVar[str] = SubjectKind.request
