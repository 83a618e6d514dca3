"""Both halves over one memory: what is made once when the process starts."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from sandbox.memory import Memory
from sandbox.slack.delivery import Delivery
from sandbox.slack.store import Store as SlackStore
from sandbox.telegram.store import Store as TelegramStore
from sandbox.telegram.updates import Deliverer


class Parts:
    """The memory, the two stores, and what takes news to bots and apps."""

    def __init__(self, state_file: Path | None = None) -> None:
        self.memory = Memory(state_file)
        self.telegram = TelegramStore(self.memory)
        self.slack = SlackStore(self.memory)
        self.delivery = Delivery(self.slack)

    def work(self) -> list[Coroutine[Any, Any, None]]:
        """What runs until the process ends."""
        return [Deliverer(self.telegram).run(), self.delivery.run(), self.memory.keep()]
