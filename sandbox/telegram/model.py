"""The stand-in's model of Telegram: bots, people, groups, messages, presses."""

import time
from typing import Any

from pydantic import BaseModel, Field


class TelegramWebhook(BaseModel):
    """The address to which a bot's updates are posted."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error_at: int = 0
    last_error: str = ""


class PendingUpdate(BaseModel):
    """An update that the bot has not accepted yet."""

    update_id: int
    kind: str
    chat_id: int
    body: dict[str, Any]

    def as_update(self) -> dict[str, Any]:
        """The Update in the Bot API's form."""
        return {"update_id": self.update_id, self.kind: self.body}


class TelegramBot(BaseModel):
    """A bot, identified by its token."""

    id: int
    token: str
    username: str
    name: str
    domain: str = ""
    """What /setdomain linked to the bot; login buttons may lead there only."""
    webhook: TelegramWebhook | None = None
    allowed: list[str] = Field(default_factory=list)
    waiting: list[PendingUpdate] = Field(default_factory=list)
    next_update: int = 700_000_001
    commands: dict[str, list[dict[str, str]]] = Field(default_factory=dict)
    texts: dict[str, str] = Field(default_factory=dict)
    menus: dict[str, dict[str, Any]] = Field(default_factory=dict)

    def as_user(self) -> dict[str, Any]:
        """The bot as a User."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}


class TelegramPerson(BaseModel):
    """A person who chats."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    email: str = ""
    """For the page alone: with it a demo's person opens the dashboard."""
    note: str = ""
    started: list[int] = Field(default_factory=list)
    blocked: list[int] = Field(default_factory=list)
    deactivated: bool = False

    def as_user(self) -> dict[str, Any]:
        """The person as a User."""
        user: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if getattr(self, name):
                user[name] = getattr(self, name)
        return user

    def as_chat(self) -> dict[str, Any]:
        """The private chat with the person."""
        user = self.as_user()
        kept = {name: user[name] for name in ("id", "first_name", "last_name", "username") if name in user}
        return kept | {"type": "private"}


class TelegramGroup(BaseModel):
    """A group, with topics if it is a forum; ``members`` contains people and bots."""

    id: int
    title: str
    forum: bool = False
    members: list[int] = Field(default_factory=list)
    topics: dict[int, dict[str, Any]] = Field(default_factory=dict)
    bot_manages: bool = True
    """Whether the administrators let bots pin messages and manage topics."""
    supergroup: bool = False
    migrated_to: int | None = None
    anonymous: list[int] = Field(default_factory=list)
    """Administrators who write in the group's name."""

    def as_chat(self) -> dict[str, Any]:
        """The group as a Chat."""
        chat: dict[str, Any] = {"id": self.id, "title": self.title}
        if self.forum:
            return chat | {"type": "supergroup", "is_forum": True}
        return chat | {"type": "supergroup" if self.supergroup else "group"}


class TelegramStoredFile(BaseModel):
    """An uploaded file; its bytes are stored next to the state file."""

    file_id: str
    name: str
    media_type: str
    size: int


class TelegramMessage(BaseModel):
    """A message as it is now; ``room`` is the conversation it belongs to."""

    message_id: int
    room: str
    chat_id: int
    sender: int
    date: int = Field(default_factory=lambda: int(time.time()))
    edit_date: int | None = None
    edits: int = 0
    text: str | None = None
    caption: str | None = None
    entities: list[dict[str, Any]] = Field(default_factory=list)
    keyboard: list[list[dict[str, Any]]] = Field(default_factory=list)
    document: str | None = None
    photo: str | None = None
    album: str | None = None
    service: dict[str, Any] = Field(default_factory=dict)
    reply_to: int | None = None
    thread: int | None = None
    reactions: list[dict[str, Any]] = Field(default_factory=list)
    people_reactions: dict[str, str] = Field(default_factory=dict)
    pinned: bool = False

    def reactions_of(self, person: int) -> list[dict[str, Any]]:
        """This person's reactions to the message."""
        emoji = self.people_reactions.get(str(person))
        return [{"type": "emoji", "emoji": emoji}] if emoji else []


class TelegramPress(BaseModel):
    """A pressed button and the bot's answer."""

    id: str
    bot: int
    person: int
    message_id: int
    data: str
    at: float = Field(default_factory=time.time)
    answered: bool = False
    expired: bool = False
    text: str = ""
    alert: bool = False
    url: str = ""


class TelegramWorld(BaseModel):
    """Everything that survives a restart."""

    bots: dict[str, TelegramBot] = Field(default_factory=dict)
    people: dict[int, TelegramPerson] = Field(default_factory=dict)
    groups: dict[int, TelegramGroup] = Field(default_factory=dict)
    rooms: dict[str, dict[int, TelegramMessage]] = Field(default_factory=dict)
    files: dict[str, TelegramStoredFile] = Field(default_factory=dict)
    presses: dict[str, TelegramPress] = Field(default_factory=dict)
    next_message: int = 1
