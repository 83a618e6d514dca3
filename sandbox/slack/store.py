"""What the Slack half remembers, and how its things get their names."""

import secrets
from collections.abc import Iterator
from typing import Any

from sandbox.memory import Half, Memory
from sandbox.slack.model import App, Channel, Message, Person, ResponseUrl, Team, Trigger, World
from sandbox.slack.sockets import Sockets
from sandbox.slack.words import Refusal

HOME = "T0NORTHWIND"
SLACKBOT = "USLACKBOT"


class Store(Half):
    """The world of Slack."""

    platform = "slack"

    def __init__(self, memory: Memory | None = None) -> None:
        super().__init__(memory)
        self.world = self.memory.part(self.platform, World)
        self.sockets = Sockets()
        self.origin = ""
        """Where this process was last reached: addresses that it hands out begin with it."""

    # ---- names

    def name(self, letter: str) -> str:
        """An id as Slack's look: a letter, then capitals and digits."""
        number = self.world.next_number
        self.world.next_number += 1
        return f"{letter}0{number:09d}"

    def ts(self) -> str:
        """The next time stamp, which is a message's name in its channel; no two are the same."""
        at = max(self.memory.now(), self.world.last_ts + 0.000_01)
        self.world.last_ts = at
        return f"{at:.6f}"

    # ---- workspaces and people

    def team(self, team_id: str = HOME) -> Team:
        if team_id not in self.world.teams:
            called = team_id.removeprefix("T0").capitalize()
            self.world.teams[team_id] = Team(id=team_id, name=called, domain=called.lower())
        return self.world.teams[team_id]

    def app(self, token: str) -> App:
        """Whose token this is."""
        found = self.world.apps.get(token)
        if found is None:
            raise Refusal("invalid_auth")
        if found.revoked:
            raise Refusal("token_revoked")
        return found

    def apps_of(self, team_id: str) -> Iterator[App]:
        return (app for app in self.world.apps.values() if app.team_id == team_id and not app.revoked)

    def person(self, app: App, user: str, error: str = "user_not_found") -> Person:
        """A person whom the app may know of."""
        found = self.world.people.get(user)
        if found is None or (found.team_id != app.team_id and not found.is_stranger):
            raise Refusal(error, "/user")
        return found

    # ---- conversations

    def im(self, app: App, person: Person) -> Channel:
        """The direct messages between a person and the app's bot."""
        for channel in self.world.channels.values():
            if (channel.kind, channel.person, channel.bot) == ("im", person.id, app.bot_user):
                return channel
        made = Channel(
            id=self.name("D"),
            team_id=app.team_id,
            kind="im",
            person=person.id,
            bot=app.bot_user,
            members=[person.id, app.bot_user],
        )
        self.world.channels[made.id] = made
        return made

    def channel(self, app: App, written: str, *, member: bool = True) -> Channel:
        """A conversation by its id, by a person's id (their direct messages), or by #name."""
        person = self.world.people.get(written)
        if person is not None and (person.team_id == app.team_id or person.is_stranger):
            return self.im(app, person)
        found = self.world.channels.get(written)
        if found is None:
            named = [each for each in self.world.channels.values() if each.name == written.removeprefix("#")]
            found = next((each for each in named if each.name and each.team_id == app.team_id), None)
        foreign = found is not None and (
            found.team_id != app.team_id or (found.kind == "im" and found.bot != app.bot_user)
        )
        if found is None or foreign or (found.kind == "group" and app.bot_user not in found.members):
            raise Refusal("channel_not_found", "/channel")
        if member and app.bot_user not in found.members:
            raise Refusal("not_in_channel", "/channel")
        return found

    def room(self, channel: str) -> dict[str, Message]:
        return self.world.messages.setdefault(channel, {})

    def add(self, message: Message) -> Message:
        self.room(message.channel)[message.ts] = message
        return message

    def due(self, message: Message) -> bool:
        """Whether its time has come, if it was scheduled."""
        return message.due <= self.memory.now()

    def seen_by(self, person: Person) -> Iterator[Message]:
        """Every message that a person sees."""
        for channel in self.world.channels.values():
            if person.id in channel.members:
                for message in self.room(channel.id).values():
                    if message.only_for in ("", person.id) and self.due(message):
                        yield message

    # ---- rights that run out

    def trigger(self, app: App, person: Person, view: str = "") -> Trigger:
        made = Trigger(
            id=f"{self.name('')}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}",
            token=app.bot_token,
            person=person.id,
            at=self.memory.now(),
            view=view,
        )
        self.world.triggers[made.id] = made
        return made

    def answer_url(self, app: App, person: Person, channel: str, **more: Any) -> str:
        """A response_url."""
        made = ResponseUrl(
            token=f"{app.team_id}/{secrets.randbelow(10**12)}/{secrets.token_urlsafe(18)}",
            bot_token=app.bot_token,
            channel=channel,
            person=person.id,
            at=self.memory.now(),
            **more,
        )
        self.world.answers[made.token] = made
        return f"{self.origin}/slack/response/{made.token}"
