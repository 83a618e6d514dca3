"""How a person of either platform is played: both have the same requests and answers.

message = {id, chat_id, from, name, text, html, buttons [[{text, data, style}]], document, reply_to, thread,
           ephemeral, blocks, reactions, edits, date}
chat    = {platform, version, messages, rooms, commands, modal, home}
room    = {id, title, topics [{id, name, open}], members [name]}: a group or channel that the person is in
"""

import base64
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel

Json = dict[str, Any]


class ControlError(Exception):
    """A mistake by the caller of the control interface, with its HTTP status."""

    def __init__(self, message: str, status: int = 422) -> None:
        self.status = status
        super().__init__(message)


class SentFile(BaseModel):
    name: str
    base64: str
    media_type: str = "application/pdf"

    def content(self) -> bytes:
        return base64.b64decode(self.base64, validate=True)


class DownloadedFile(NamedTuple):
    """A file that somebody opens in their chat."""

    name: str
    media_type: str
    content: bytes


class SendAction(BaseModel):
    text: str | None = None
    document: SentFile | None = None
    chat_id: int | str | None = None
    reply_to: int | str | None = None
    album: str | None = None
    """Files that were chosen together have the same; each is a message of its own."""
    thread: int | str | None = None
    """A topic of a forum, or the thread of a channel."""


class PressAction(BaseModel):
    message_id: int | str
    button: str | None = None
    data: str | None = None
    values: Json = {}
    """What was filled into the modal whose button is pressed."""


class SubmitAction(BaseModel):
    values: Json = {}


class ShortcutAction(BaseModel):
    name: str
    message_id: str | None = None


class ReactAction(BaseModel):
    message_id: int | str
    name: str


class EditAction(BaseModel):
    message_id: int | str
    text: str


class PlatformPeople(Protocol):
    """The people of one platform."""

    async def add(self, body: bytes) -> Json: ...

    def listing(self) -> list[Json]: ...

    async def send(self, person_id: str, action: SendAction) -> Json: ...

    async def press(self, person_id: str, action: PressAction) -> Json: ...

    async def submit(self, person_id: str, action: SubmitAction) -> Json: ...

    async def close(self, person_id: str) -> Json: ...

    async def shortcut(self, person_id: str, action: ShortcutAction) -> Json: ...

    async def home(self, person_id: str) -> Json: ...

    async def react(self, person_id: str, action: ReactAction) -> Json: ...

    async def edit(self, person_id: str, action: EditAction) -> Json: ...

    def chat(self, person_id: str) -> Json: ...

    def file(self, person_id: str, message_id: str) -> DownloadedFile: ...
