"""Faults that take effect at once: a block, a deactivation, a lost channel, a revoked token, a clock change."""

from collections.abc import Callable

from sandbox.backend import SandboxBackend
from sandbox.faults import Fault, FaultKind
from sandbox.slack.model import SlackApp
from sandbox.telegram.chat_membership import block_bots, unblock_bots
from sandbox.telegram.model import TelegramPerson


class FaultEffects:
    """Applies such faults and undoes them."""

    def __init__(self, backend: SandboxBackend) -> None:
        self._backend = backend
        self._undo: list[Callable[[], None]] = []

    async def apply(self, fault: Fault) -> None:
        match fault.kind:
            case FaultKind.blocked | FaultKind.deactivated:
                await self._make_unreachable(fault)
            case FaultKind.not_in_channel:
                self._remove_from_chat(str(fault.chat_id))
            case FaultKind.revoke:
                for app in self._backend.slack.world.apps.values():
                    await self._revoke_app(app)
            case FaultKind.expire:
                for press in self._backend.telegram.world.presses.values():
                    press.expired = True
            case FaultKind.expire_triggers:
                for trigger in self._backend.slack.world.triggers.values():
                    trigger.expired = True
            case FaultKind.clock:
                self._backend.memory.faults.clock_skew = fault.seconds

    async def _make_unreachable(self, fault: Fault) -> None:
        """The person blocks the bots; on Slack, where nobody can block an app, the account is deactivated."""
        slack_person = self._backend.slack.world.people.get(str(fault.person))
        if slack_person is not None:
            slack_person.deactivated = True
            return
        person = self._telegram_person(fault.person)
        if person is None:
            return
        if fault.kind is FaultKind.deactivated:
            person.deactivated = True
        else:
            await block_bots(self._backend.telegram, person)

    def _telegram_person(self, number: int | str | None) -> TelegramPerson | None:
        digits = str(number).lstrip("-")
        return self._backend.telegram.world.people.get(int(str(number))) if digits.isdigit() else None

    def _remove_from_chat(self, chat_id: str) -> None:
        channel = self._backend.slack.world.channels.get(chat_id)
        bots = {app.bot_user for app in self._backend.slack.world.apps.values()}
        if channel is not None:
            channel_members = list(channel.members)
            channel.members = [each for each in channel_members if each not in bots]
            self._undo.append(lambda: setattr(channel, "members", channel_members))
            return
        group = (
            self._backend.telegram.world.groups.get(int(chat_id)) if chat_id.lstrip("-").isdigit() else None
        )
        numbers = {bot.id for bot in self._backend.telegram.world.bots.values()}
        if group is not None:
            group_members = list(group.members)
            group.members = [each for each in group_members if each not in numbers]
            self._undo.append(lambda: setattr(group, "members", group_members))

    async def _revoke_app(self, app: SlackApp) -> None:
        """The workspace removes the app; the app is notified, although its token is already invalid."""
        event = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [app.bot_user]}}
        await self._backend.delivery.queue_event(app, event)
        await self._backend.delivery.queue_event(app, {"type": "app_uninstalled"})
        app.revoked = True

    async def revert(self) -> None:
        """Undo every effect."""
        self._backend.memory.faults.clear()
        for undo in self._undo:
            undo()
        self._undo.clear()
        for person in self._backend.telegram.world.people.values():
            person.deactivated = False
            await unblock_bots(self._backend.telegram, person)
        for slack_person in self._backend.slack.world.people.values():
            slack_person.deactivated = False
        for app in self._backend.slack.world.apps.values():
            app.revoked = False
