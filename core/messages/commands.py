"""The commands of messages: what bots store."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class DraftKey:
    """One open form per platform, chat, thread and person."""

    platform: str
    chat_id: str
    thread_id: str
    external_id: str


@dataclass(frozen=True)
class SaveDraft:
    """``version`` is the one that was read (0: none); the answer contains the next."""

    key: DraftKey
    form: str
    step: str
    values: dict[str, object]
    version: int


@dataclass(frozen=True)
class RegisterMessage:
    platform: str
    chat_id: str
    message_id: str
    external_id: str
    subject_kind: str
    subject_id: UUID
    card: str
    version: int
    content_hash: bytes | None
