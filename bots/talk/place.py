"""Where words or a press came from, and what a message there shows."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from api.contract.people import Platform
from bots.cards.deck import CardKind

SubjectKind = Literal["request", "rfq", "quote", "approval", "order"]


@dataclass(frozen=True)
class Place:
    """Where the update came from, in the platform's own ids."""

    platform: Platform
    chat_id: str
    thread_id: str
    """Where a dialogue lives in a topic or thread; empty in the chat itself."""
    external_id: str
    message_id: str = ""
    """The message that was pressed, or that was said."""


@dataclass(frozen=True)
class Kept:
    """What a message shows, to be kept current by the cards subscriber."""

    card: CardKind
    kind: SubjectKind
    id: UUID
    version: int
