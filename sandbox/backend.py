"""Both platforms over one memory: everything that is created once when the process starts."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from sandbox.mail.mail_store import MailStore
from sandbox.memory import Memory
from sandbox.slack.delivery import SlackDelivery
from sandbox.slack.world_store import SlackStore
from sandbox.telegram.updates import TelegramDelivery
from sandbox.telegram.world_store import TelegramStore


class SandboxBackend:
    """The memory, the two stores, and the delivery of updates to bots and apps."""

    def __init__(self, state_file: Path | None = None) -> None:
        self.memory = Memory(state_file)
        self.telegram = TelegramStore(self.memory)
        self.slack = SlackStore(self.memory)
        self.delivery = SlackDelivery(self.slack)
        self.mails = MailStore()

    def background_tasks(self) -> list[Coroutine[Any, Any, None]]:
        """The tasks that run until the process ends."""
        return [TelegramDelivery(self.telegram).run(), self.delivery.run(), self.memory.write_periodically()]
