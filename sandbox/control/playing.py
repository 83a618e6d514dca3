"""How a person of either platform is played: the same words in and out.

message = {id, chat_id, from, name, text, html, buttons [[{text, data, style}]], document, reply_to, thread,
           ephemeral, blocks, reactions, edits, date}
chat    = {platform, version, messages, commands, modal, home}
"""

import base64
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel

Json = dict[str, Any]


class Wrong(Exception):
    """A mistake of whoever plays; told with its HTTP status."""

    def __init__(self, words: str, status: int = 422) -> None:
        self.status = status
        super().__init__(words)


class File(BaseModel):
    name: str
    base64: str
    media_type: str = "application/pdf"

    def content(self) -> bytes:
        return base64.b64decode(self.base64, validate=True)


class Opened(NamedTuple):
    """A file that somebody opens in their chat."""

    name: str
    media_type: str
    content: bytes


class Said(BaseModel):
    text: str | None = None
    document: File | None = None
    chat_id: int | str | None = None
    reply_to: int | str | None = None
    thread: int | str | None = None
    """A topic of a forum, or the thread of a channel."""


class Pressed(BaseModel):
    message_id: int | str
    button: str | None = None
    data: str | None = None


class Submitted(BaseModel):
    values: Json = {}


class Used(BaseModel):
    name: str
    message_id: str | None = None


class Reacted(BaseModel):
    message_id: int | str
    name: str


class Corrected(BaseModel):
    message_id: int | str
    text: str


class Playing(Protocol):
    """One half's people."""

    async def add(self, body: bytes) -> Json: ...

    def listing(self) -> list[Json]: ...

    async def send(self, who: str, said: Said) -> Json: ...

    async def press(self, who: str, pressed: Pressed) -> Json: ...

    async def submit(self, who: str, submitted: Submitted) -> Json: ...

    async def close(self, who: str) -> Json: ...

    async def shortcut(self, who: str, used: Used) -> Json: ...

    async def home(self, who: str) -> Json: ...

    async def react(self, who: str, reacted: Reacted) -> Json: ...

    async def correct(self, who: str, corrected: Corrected) -> Json: ...

    def chat(self, who: str) -> Json: ...

    def file(self, who: str, message_id: str) -> Opened: ...
