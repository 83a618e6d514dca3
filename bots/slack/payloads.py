"""What Slack sends, read once: commands, presses, submissions, shortcuts, events.

One rule: nothing of Slack's dictionaries goes further than this.
"""

import datetime as dt
import re
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from bots.cards.press import Press, unpack
from bots.dialog.message import RepliedMessage

_MENTION = re.compile(r"<([@#!])([^<>|]+)(?:\|([^<>]*))?>")
_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_TS = re.compile(r"[0-9]{1,10}\.[0-9]{1,9}")


class Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class UserRef(Payload):
    id: str
    team_id: str = ""


class TeamRef(Payload):
    id: str


class NamedRef(Payload):
    id: str = ""
    name: str = ""


class SlashCommand(Payload):
    """A slash command."""

    team_id: str
    user_id: str
    channel_id: str = ""
    channel_name: str = ""
    text: str = ""
    trigger_id: str
    response_url: str = ""


class Container(Payload):
    type: str = ""
    message_ts: str = ""
    channel_id: str = ""
    view_id: str = ""


class OptionText(Payload):
    text: str = ""


class SelectedOption(Payload):
    value: str = ""
    text: OptionText = OptionText()


class BlockAction(Payload):
    action_id: str = ""
    block_id: str = ""
    action_ts: str = ""
    value: str | None = None
    selected_options: list[SelectedOption] = Field(default_factory=list)

    @property
    def press(self) -> Press | None:
        """What a button claims, or the field in which things are picked."""
        return unpack(self.value if self.value is not None else self.action_id.partition(":")[2])

    @property
    def picked(self) -> dict[UUID, str]:
        """The ids and names that stand in the field; what is no id is nothing."""
        found = ((parse_uuid(each.value), each.text.text) for each in self.selected_options)
        return {identity: name for identity, name in found if identity is not None}


class FilePayload(Payload):
    """A file that somebody shared."""

    id: str = ""
    name: str = ""
    mimetype: str = ""
    size: int = 0
    url_private: str = ""
    url_private_download: str = ""


class FieldState(Payload):
    """One field of a view, whatever its kind."""

    value: str | None = None
    selected_option: SelectedOption | None = None
    selected_date: str | None = None
    selected_time: str | None = None
    selected_user: str | None = None
    files: list[FilePayload] = Field(default_factory=list)

    @property
    def entered(self) -> str:
        if self.selected_option is not None:
            return self.selected_option.value
        return (self.value or self.selected_date or self.selected_time or self.selected_user or "").strip()


class ViewState(Payload):
    values: dict[str, dict[str, FieldState]] = Field(default_factory=dict)


class ViewPayload(Payload):
    id: str = ""
    type: str = ""
    hash: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    title: dict[str, Any] = Field(default_factory=dict)
    submit: dict[str, Any] | None = None
    close: dict[str, Any] | None = None
    blocks: list[dict[str, Any]] = Field(default_factory=list)
    state: ViewState = ViewState()

    @property
    def first_field(self) -> str:
        """The field for an error about the whole form; empty when nothing is asked."""
        return next((str(each["block_id"]) for each in self.blocks if each.get("type") == "input"), "")

    @property
    def files(self) -> list[FilePayload]:
        """What was chosen in fields for files."""
        return [
            file for fields in self.state.values.values() for field in fields.values() for file in field.files
        ]

    def field_values(self) -> dict[str, str]:
        """What stands in each block that was asked for."""
        return {
            block: next((field.entered for field in fields.values()), "")
            for block, fields in self.state.values.items()
        }


class MessagePayload(Payload):
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
    files: list[FilePayload] = Field(default_factory=list)

    @property
    def sent_at(self) -> dt.datetime | None:
        """By Slack's clock: ``ts`` is seconds since 1970."""
        return dt.datetime.fromtimestamp(float(self.ts), dt.UTC) if _TS.fullmatch(self.ts) else None


class Interaction(Payload):
    """A press, a submission or a shortcut."""

    type: str
    user: UserRef
    team: TeamRef | None = None
    trigger_id: str = ""
    response_url: str = ""
    callback_id: str = ""
    container: Container = Container()
    channel: NamedRef = NamedRef()
    actions: list[BlockAction] = Field(default_factory=list)
    view: ViewPayload = ViewPayload()
    message: MessagePayload = MessagePayload()

    @property
    def team_id(self) -> str:
        return self.team.id if self.team is not None else self.user.team_id


class Edited(Payload):
    """Who edited a message, and when."""

    user: str = ""
    ts: str = ""


class EditedMessagePayload(MessagePayload):
    """A message as it is after an edit; Slack's own changes, such as a link's preview, name no editor."""

    edited: Edited | None = None


class MessageChanged(Payload):
    """A message was changed: what it is now, and what it was."""

    channel: str = ""
    channel_type: str = ""
    message: EditedMessagePayload = EditedMessagePayload()
    previous_message: MessagePayload = MessagePayload()

    @property
    def is_edit_by_author(self) -> bool:
        edited, now = self.message.edited, self.message
        by_author = edited is not None and edited.user == now.user and not now.bot_id
        return bool(by_author and now.user and now.text != self.previous_message.text)


class EventEnvelope(Payload):
    """The envelope of an event; what happened is read by its own model."""

    team_id: str
    event_id: str
    event_time: int
    """When it happened, in seconds since 1970."""
    event: dict[str, Any]


class OptionsRequest(Payload):
    """What Slack asks while somebody types into a field whose options are ours."""

    user: UserRef
    team: TeamRef | None = None
    value: str = ""

    @property
    def team_id(self) -> str:
        return self.team.id if self.team is not None else self.user.team_id


def parse_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class RevokedTokens(Payload):
    oauth: tuple[str, ...] = ()
    bot: tuple[str, ...] = ()


class UninstallPayload(Payload):
    """The app was taken out, or tokens were; those of persons are nothing of ours."""

    type: str
    tokens: RevokedTokens = RevokedTokens()

    @property
    def for_good(self) -> bool:
        return self.type == "app_uninstalled" or bool(self.tokens.bot)


class HomeOpened(Payload):
    """Somebody opens the app."""

    user: str
    tab: str = ""


class MemberJoined(Payload):
    """Somebody is in a channel from now on."""

    user: str = ""
    channel: str = ""


class ChannelIdChanged(Payload):
    """A channel has another id from now on; its messages are there as they were."""

    old_channel_id: str
    new_channel_id: str


def unformatted(text: str) -> str:
    """What a person typed: mentions and links as they are read, the escaped signs as they were."""
    unescaped = _MENTION.sub(lambda found: found[1] + (found[3] or found[2]), text)
    unescaped = _LINK.sub(lambda found: found[2] or found[1].removeprefix("mailto:"), unescaped)
    return unescaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def replied_message(message: MessagePayload) -> RepliedMessage:
    """A message of ours that is replied to: its text, and what its buttons claim."""
    presses = (
        unpack(element.get("value"))
        for block in message.blocks
        for element in block.get("elements", [])
        if isinstance(element, dict) and element.get("type") == "button"
    )
    unescaped = "\n".join(_texts(message.blocks)) or unformatted(message.text)
    return RepliedMessage(unescaped, tuple(press for press in presses if press is not None))


def _texts(value: Any) -> list[str]:
    """The text of blocks, without buttons."""
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if not isinstance(value, dict) or value.get("type") in ("button", "actions"):
        return []
    if value.get("type") in ("plain_text", "mrkdwn"):
        return [unformatted(str(value.get("text", "")))]
    return [text for each in value.values() if isinstance(each, dict | list) for text in _texts(each)]
