"""What Slack sends, read once: commands, presses, submissions, shortcuts, events.

One rule: nothing of Slack's dictionaries goes further than this.
"""

import datetime as dt
import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bots.cards.press import Press, unpack
from bots.talk.said import Original

_MENTION = re.compile(r"<([@#!])([^<>|]+)(?:\|([^<>]*))?>")
_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_TS = re.compile(r"[0-9]{1,10}\.[0-9]{1,9}")


class Sent(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Who(Sent):
    id: str
    team_id: str = ""


class Team(Sent):
    id: str


class Named(Sent):
    id: str = ""
    name: str = ""


class Command(Sent):
    """A slash command."""

    team_id: str
    user_id: str
    channel_id: str = ""
    channel_name: str = ""
    text: str = ""
    trigger_id: str
    response_url: str = ""


class Container(Sent):
    type: str = ""
    message_ts: str = ""
    channel_id: str = ""
    view_id: str = ""


class Chosen(Sent):
    value: str = ""


class Action(Sent):
    action_id: str = ""
    block_id: str = ""
    action_ts: str = ""
    value: str | None = None

    @property
    def claim(self) -> Press | None:
        return unpack(self.value)


class Filled(Sent):
    """One field of a view, whatever its kind."""

    value: str | None = None
    selected_option: Chosen | None = None
    selected_date: str | None = None
    selected_time: str | None = None
    selected_user: str | None = None

    @property
    def said(self) -> str:
        if self.selected_option is not None:
            return self.selected_option.value
        return (self.value or self.selected_date or self.selected_time or self.selected_user or "").strip()


class State(Sent):
    values: dict[str, dict[str, Filled]] = Field(default_factory=dict)


class View(Sent):
    id: str = ""
    type: str = ""
    hash: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    title: dict[str, Any] = Field(default_factory=dict)
    submit: dict[str, Any] | None = None
    close: dict[str, Any] | None = None
    blocks: list[dict[str, Any]] = Field(default_factory=list)
    state: State = State()

    @property
    def first_field(self) -> str:
        """Where a sentence about the whole can be said; empty when nothing is asked."""
        return next((str(each["block_id"]) for each in self.blocks if each.get("type") == "input"), "")

    def filled(self) -> dict[str, str]:
        """What stands in each block that was asked for."""
        return {
            block: next((field.said for field in fields.values()), "")
            for block, fields in self.state.values.items()
        }


class Message(Sent):
    """A message as an event or an interaction has it."""

    user: str = ""
    text: str = ""
    ts: str = ""
    thread_ts: str = ""
    channel: str = ""
    channel_type: str = ""
    subtype: str = ""
    bot_id: str = ""
    blocks: list[dict[str, Any]] = Field(default_factory=list)
    files: list["File"] = Field(default_factory=list)

    @property
    def said_at(self) -> dt.datetime | None:
        """By Slack's clock: ``ts`` is seconds since 1970."""
        return dt.datetime.fromtimestamp(float(self.ts), dt.UTC) if _TS.fullmatch(self.ts) else None


class File(Sent):
    """A file that somebody shared."""

    id: str = ""
    name: str = ""
    mimetype: str = ""
    size: int = 0
    url_private: str = ""
    url_private_download: str = ""


class Interaction(Sent):
    """A press, a submission or a shortcut."""

    type: str
    user: Who
    team: Team | None = None
    trigger_id: str = ""
    response_url: str = ""
    callback_id: str = ""
    container: Container = Container()
    channel: Named = Named()
    actions: list[Action] = Field(default_factory=list)
    view: View = View()
    message: Message = Message()

    @property
    def team_id(self) -> str:
        return self.team.id if self.team is not None else self.user.team_id


class Event(Sent):
    """The envelope of an event; what happened is read by its own model."""

    team_id: str
    event_id: str
    event_time: int
    """When it happened, in seconds since 1970."""
    event: dict[str, Any]


class Tokens(Sent):
    oauth: tuple[str, ...] = ()
    bot: tuple[str, ...] = ()


class Removed(Sent):
    """The app was taken out, or tokens were; those of persons are nothing of ours."""

    type: str
    tokens: Tokens = Tokens()

    @property
    def for_good(self) -> bool:
        return self.type == "app_uninstalled" or bool(self.tokens.bot)


class Opened(Sent):
    """Somebody opens the app."""

    user: str
    tab: str = ""


class Joined(Sent):
    """Somebody is in a channel from now on."""

    user: str = ""
    channel: str = ""


class Renamed(Sent):
    """A channel has another id from now on; its messages are there as they were."""

    old_channel_id: str
    new_channel_id: str


def words(text: str) -> str:
    """What a person typed: mentions and links as they are read, the escaped signs as they were."""
    told = _MENTION.sub(lambda found: found[1] + (found[3] or found[2]), text)
    told = _LINK.sub(lambda found: found[2] or found[1].removeprefix("mailto:"), told)
    return told.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def original(message: Message) -> Original:
    """A message of ours that is answered: its words, and what its buttons claim."""
    claims = (
        unpack(element.get("value"))
        for block in message.blocks
        for element in block.get("elements", [])
        if isinstance(element, dict) and element.get("type") == "button"
    )
    told = "\n".join(_texts(message.blocks)) or words(message.text)
    return Original(told, tuple(claim for claim in claims if claim is not None))


def _texts(value: Any) -> list[str]:
    """The words of blocks, buttons left out."""
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if not isinstance(value, dict) or value.get("type") in ("button", "actions"):
        return []
    if value.get("type") in ("plain_text", "mrkdwn"):
        return [words(str(value.get("text", "")))]
    return [text for each in value.values() if isinstance(each, dict | list) for text in _texts(each)]
