"""The stand-in's model of Slack: workspaces, apps, people, channels, messages, views, files, events."""

import secrets
import time
from typing import Any

from pydantic import BaseModel, Field

Json = dict[str, Any]


class SlackTeam(BaseModel):
    """A workspace."""

    id: str
    name: str
    domain: str


class AppUrls(BaseModel):
    """The addresses of an app; one address may serve all four purposes."""

    events: str = ""
    commands: str = ""
    interactions: str = ""
    options: str = ""


class SlackApp(BaseModel):
    """An app as it is installed in one workspace; identified by its bot token."""

    app_id: str
    team_id: str
    bot_token: str
    bot_user: str
    bot_id: str
    name: str
    signing_secret: str
    client_id: str = ""
    client_secret: str = ""
    app_token: str = ""
    urls: AppUrls = Field(default_factory=AppUrls)
    commands: list[str] = ["/parley"]
    scopes: list[str] = Field(default_factory=list)
    revoked: bool = False


class SlackPerson(BaseModel):
    """Somebody in a workspace."""

    id: str
    team_id: str
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    email: str = ""
    tz: str = "Europe/Berlin"
    note: str = ""
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deactivated: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class SlackConversation(BaseModel):
    """A conversation: ``im`` between a person and an app's bot, or a channel with members."""

    id: str
    team_id: str
    kind: str
    name: str = ""
    person: str = ""
    bot: str = ""
    members: list[str] = Field(default_factory=list)
    archived: bool = False
    created: int = Field(default_factory=lambda: int(time.time()))


class SlackMessage(BaseModel):
    """A message as it is now; ``only_for`` is the one person who sees an ephemeral one."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = Field(default_factory=list)
    attachments: list[Json] = Field(default_factory=list)
    files: list[str] = Field(default_factory=list)
    thread_ts: str = ""
    bot: bool = False
    only_for: str = ""
    edited: str = ""
    edits: int = 0
    reactions: dict[str, list[str]] = Field(default_factory=dict)
    metadata: Json = Field(default_factory=dict)
    due: float = 0


class SlackView(BaseModel):
    """A modal or a home tab; a closed modal is deleted."""

    id: str
    token: str
    person: str
    view: Json
    hash: str
    root: str
    previous: str = ""
    state: Json = Field(default_factory=dict)
    errors: dict[str, str] = Field(default_factory=dict)
    notice: str = ""


class SlackTrigger(BaseModel):
    """The right to open a modal: once, and within three seconds."""

    id: str
    token: str
    person: str
    at: float
    used: bool = False
    expired: bool = False
    view: str = ""


class ResponseUrl(BaseModel):
    """An address for responses: five times within thirty minutes."""

    token: str
    bot_token: str
    channel: str
    person: str
    ts: str = ""
    ephemeral: bool = False
    thread_ts: str = ""
    at: float = 0
    used: int = 0


class SlackStoredFile(BaseModel):
    """An uploaded file; its bytes are stored next to the state file."""

    id: str
    team_id: str
    name: str
    title: str
    media_type: str
    size: int = 0
    user: str
    uploaded: bool = False
    completed: bool = False
    at: int = Field(default_factory=lambda: int(time.time()))
    channels: list[str] = Field(default_factory=list)


class SlackEvent(BaseModel):
    """An event on its way to an app; ``tries`` counts the attempts. A doubled event has two keys."""

    id: str
    key: str = Field(default_factory=lambda: secrets.token_hex(8))
    token: str
    body: Json
    tries: int = 0
    reason: str = ""
    not_before: float = 0


class SlackWorld(BaseModel):
    """Everything that survives a restart."""

    teams: dict[str, SlackTeam] = Field(default_factory=dict)
    apps: dict[str, SlackApp] = Field(default_factory=dict)
    people: dict[str, SlackPerson] = Field(default_factory=dict)
    channels: dict[str, SlackConversation] = Field(default_factory=dict)
    messages: dict[str, dict[str, SlackMessage]] = Field(default_factory=dict)
    views: dict[str, SlackView] = Field(default_factory=dict)
    homes: dict[str, str] = Field(default_factory=dict)
    stacks: dict[str, list[str]] = Field(default_factory=dict)
    triggers: dict[str, SlackTrigger] = Field(default_factory=dict)
    answers: dict[str, ResponseUrl] = Field(default_factory=dict)
    files: dict[str, SlackStoredFile] = Field(default_factory=dict)
    codes: dict[str, str] = Field(default_factory=dict)
    events: list[SlackEvent] = Field(default_factory=list)
    next_number: int = 1
    last_ts: float = 0
