"""The Slack world, and how its objects get their ids."""

import secrets
from collections.abc import Iterator
from typing import Any

from sandbox.memory import Memory, PlatformStore
from sandbox.slack.errors import SlackRefusal
from sandbox.slack.model import (
    ResponseUrl,
    SlackApp,
    SlackConversation,
    SlackMessage,
    SlackPerson,
    SlackTeam,
    SlackTrigger,
    SlackWorld,
)
from sandbox.slack.sockets import SocketConnections

DEFAULT_TEAM = "T0NORTHWIND"
SLACKBOT = "USLACKBOT"


class SlackStore(PlatformStore):
    """The world of Slack."""

    platform = "slack"

    def __init__(self, memory: Memory | None = None) -> None:
        super().__init__(memory)
        self.world = self.memory.world(self.platform, SlackWorld)
        self.sockets = SocketConnections()
        self.origin = ""
        """Where this process was last reached: addresses that it hands out begin with it."""

    # ---- names

    def new_id(self, letter: str) -> str:
        """An id that looks like Slack's: a letter, then capitals and digits."""
        number = self.world.next_number
        self.world.next_number += 1
        return f"{letter}0{number:09d}"

    def new_timestamp(self) -> str:
        """The next timestamp, which identifies a message in its channel; it is never repeated."""
        at = max(self.memory.now(), self.world.last_ts + 0.000_01)
        self.world.last_ts = at
        return f"{at:.6f}"

    # ---- workspaces and people

    def team(self, team_id: str = DEFAULT_TEAM) -> SlackTeam:
        if team_id not in self.world.teams:
            name = team_id.removeprefix("T0").capitalize()
            self.world.teams[team_id] = SlackTeam(id=team_id, name=name, domain=name.lower())
        return self.world.teams[team_id]

    def app(self, token: str) -> SlackApp:
        """The app that this token belongs to."""
        found = self.world.apps.get(token)
        if found is None:
            raise SlackRefusal("invalid_auth")
        if found.revoked:
            raise SlackRefusal("token_revoked")
        return found

    def apps_of(self, team_id: str) -> Iterator[SlackApp]:
        return (app for app in self.world.apps.values() if app.team_id == team_id and not app.revoked)

    def person(self, app: SlackApp, user: str, error: str = "user_not_found") -> SlackPerson:
        """A person whom the app can see."""
        found = self.world.people.get(user)
        if found is None or (found.team_id != app.team_id and not found.is_stranger):
            raise SlackRefusal(error, "/user")
        return found

    # ---- conversations

    def direct_channel(self, app: SlackApp, person: SlackPerson) -> SlackConversation:
        """The direct messages between a person and the app's bot."""
        for channel in self.world.channels.values():
            if (channel.kind, channel.person, channel.bot) == ("im", person.id, app.bot_user):
                return channel
        created = SlackConversation(
            id=self.new_id("D"),
            team_id=app.team_id,
            kind="im",
            person=person.id,
            bot=app.bot_user,
            members=[person.id, app.bot_user],
        )
        self.world.channels[created.id] = created
        return created

    def channel(self, app: SlackApp, channel_ref: str, *, member: bool = True) -> SlackConversation:
        """A conversation by its id, by a person's id (their direct messages), or by #name."""
        person = self.world.people.get(channel_ref)
        if person is not None and (person.team_id == app.team_id or person.is_stranger):
            return self.direct_channel(app, person)
        found = self.world.channels.get(channel_ref)
        if found is None:
            named = [
                each for each in self.world.channels.values() if each.name == channel_ref.removeprefix("#")
            ]
            found = next((each for each in named if each.name and each.team_id == app.team_id), None)
        foreign = found is not None and (
            found.team_id != app.team_id or (found.kind == "im" and found.bot != app.bot_user)
        )
        if found is None or foreign or (found.kind == "group" and app.bot_user not in found.members):
            raise SlackRefusal("channel_not_found", "/channel")
        if member and app.bot_user not in found.members:
            raise SlackRefusal("not_in_channel", "/channel")
        return found

    def messages_in(self, channel: str) -> dict[str, SlackMessage]:
        return self.world.messages.setdefault(channel, {})

    def add(self, message: SlackMessage) -> SlackMessage:
        self.messages_in(message.channel)[message.ts] = message
        return message

    def is_due(self, message: SlackMessage) -> bool:
        """Whether a scheduled message's time has come; true for any other message."""
        return message.due <= self.memory.now()

    def visible_to(self, person: SlackPerson) -> Iterator[SlackMessage]:
        """Every message that a person sees."""
        for channel in self.world.channels.values():
            if person.id in channel.members:
                for message in self.messages_in(channel.id).values():
                    if message.only_for in ("", person.id) and self.is_due(message):
                        yield message

    # ---- rights that expire

    def new_trigger(self, app: SlackApp, person: SlackPerson, view: str = "") -> SlackTrigger:
        created = SlackTrigger(
            id=f"{self.new_id('')}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}",
            token=app.bot_token,
            person=person.id,
            at=self.memory.now(),
            view=view,
        )
        self.world.triggers[created.id] = created
        return created

    def new_response_url(self, app: SlackApp, person: SlackPerson, channel: str, **more: Any) -> str:
        """A response_url."""
        created = ResponseUrl(
            token=f"{app.team_id}/{secrets.randbelow(10**12)}/{secrets.token_urlsafe(18)}",
            bot_token=app.bot_token,
            channel=channel,
            person=person.id,
            at=self.memory.now(),
            **more,
        )
        self.world.answers[created.token] = created
        return f"{self.origin}/slack/response/{created.token}"
