"""Drafts and message references as the slice's functions pass them around."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Draft:
    form: str
    step: str
    values: dict[str, object]
    version: int
    updated_at: dt.datetime


@dataclass(frozen=True)
class MessageRef:
    """One copy of a card in somebody's chat; ``message_id`` is None until the platform has answered."""

    id: UUID
    platform: str
    chat_id: str
    message_id: str | None
    person_id: UUID
    subject_kind: str
    subject_id: UUID
    card: str
    rendered_version: int
    content_hash: bytes | None
    state: str
