"""Faults that change the world at once: a person blocks or leaves, a channel is left, a token dies, a clock jumps."""

from collections.abc import Callable

from sandbox.faults import Fault, Kind
from sandbox.parts import Parts
from sandbox.slack.model import App
from sandbox.telegram.groups import blocked, unblocked
from sandbox.telegram.model import Person


class Trouble:
    """Makes such trouble, and ends it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._undo: list[Callable[[], None]] = []

    async def make(self, fault: Fault) -> None:
        match fault.kind:
            case Kind.blocked | Kind.deactivated:
                await self._away(fault)
            case Kind.not_in_channel:
                self._leave(str(fault.chat_id))
            case Kind.revoke:
                for app in self._parts.slack.world.apps.values():
                    await self._revoke(app)
            case Kind.expire:
                for press in self._parts.telegram.world.presses.values():
                    press.expired = True
            case Kind.expire_triggers:
                for trigger in self._parts.slack.world.triggers.values():
                    trigger.expired = True
            case Kind.clock:
                self._parts.memory.faults.skew = fault.seconds

    async def _away(self, fault: Fault) -> None:
        """Blocked on Telegram; on Slack nobody blocks an app, an account is deactivated."""
        someone = self._parts.slack.world.people.get(str(fault.person))
        if someone is not None:
            someone.deactivated = True
            return
        person = self._telegram(fault.person)
        if person is None:
            return
        if fault.kind is Kind.deactivated:
            person.deactivated = True
        else:
            await blocked(self._parts.telegram, person)

    def _telegram(self, number: int | str | None) -> Person | None:
        written = str(number).lstrip("-")
        return self._parts.telegram.world.people.get(int(str(number))) if written.isdigit() else None

    def _leave(self, chat_id: str) -> None:
        channel = self._parts.slack.world.channels.get(chat_id)
        bots = {app.bot_user for app in self._parts.slack.world.apps.values()}
        if channel is not None:
            was = list(channel.members)
            channel.members = [each for each in was if each not in bots]
            self._undo.append(lambda: setattr(channel, "members", was))
            return
        group = self._parts.telegram.world.groups.get(int(chat_id)) if chat_id.lstrip("-").isdigit() else None
        numbers = {bot.id for bot in self._parts.telegram.world.bots.values()}
        if group is not None:
            there = list(group.members)
            group.members = [each for each in there if each not in numbers]
            self._undo.append(lambda: setattr(group, "members", there))

    async def _revoke(self, app: App) -> None:
        """The workspace removes the app; it is told, though its token is dead already."""
        event = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [app.bot_user]}}
        await self._parts.delivery.queue(app, event)
        await self._parts.delivery.queue(app, {"type": "app_uninstalled"})
        app.revoked = True

    async def end(self) -> None:
        """Everything as before."""
        self._parts.memory.faults.clear()
        for undo in self._undo:
            undo()
        self._undo.clear()
        for person in self._parts.telegram.world.people.values():
            person.deactivated = False
            await unblocked(self._parts.telegram, person)
        for someone in self._parts.slack.world.people.values():
            someone.deactivated = False
        for app in self._parts.slack.world.apps.values():
            app.revoked = False
