"""Where a message or a press came from, and what a message shows."""

from dataclasses import dataclass
from uuid import UUID

from api.contract.groups import GroupKind
from api.contract.people import CardSubject, Platform
from bots.cards.drawing import CardKind


@dataclass(frozen=True)
class GroupOrigin:
    """The group or channel in which something was typed or pressed."""

    chat_id: str
    title: str
    kind: GroupKind


@dataclass(frozen=True)
class Origin:
    """Where the answer to an update goes, in the platform's own ids: the conversation with whoever caused it."""

    platform: Platform
    chat_id: str
    thread_id: str
    """Where a dialogue lives in a topic or thread; empty in the chat itself."""
    external_id: str
    message_id: str = ""
    """The message that was sent, or whose button was pressed."""
    group: GroupOrigin | None = None
    """Where it happened when it did not happen there; nothing is answered in groups."""

    @property
    def message_chat_id(self) -> str:
        """The chat that holds the message."""
        return self.group.chat_id if self.group is not None else self.chat_id


@dataclass(frozen=True)
class CardRef:
    """What a message shows, so that the cards subscriber can keep it current."""

    card: CardKind
    kind: CardSubject
    id: UUID
    version: int
