"""What the stand-in remembers, and the file that it survives a restart with.

One rule: every change goes through here, so that the page hears of it and the snapshot holds it.
"""

import asyncio
import json
import os
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sandbox.telegram.faults import Faults
from sandbox.telegram.model import Bot, Group, Message, Person, World
from sandbox.telegram.words import Refusal, bad, forbidden

LOGGED = 2000
EVERY = 0.5


class Store:
    """The world, its faults, its call log, and who listens."""

    def __init__(self, state_file: Path | None = None) -> None:
        self._file = state_file
        self._dirty = False
        self.world = World()
        self.faults = Faults()
        self.log: deque[dict[str, Any]] = deque(maxlen=LOGGED)
        self.changed = asyncio.Condition()
        self.version = 0
        if state_file is not None and state_file.exists():
            self.world = World.model_validate_json(state_file.read_bytes())

    @property
    def files(self) -> Path | None:
        """The folder of uploaded bytes, beside the state file."""
        return self._file.with_suffix(".files") if self._file else None

    async def touch(self) -> None:
        """Something changed: remember to write, wake who waits."""
        self._dirty = True
        self.version += 1
        async with self.changed:
            self.changed.notify_all()

    async def until(self, seconds: float, version: int) -> None:
        """Wait until something changed after this version, at most so long."""
        try:
            async with asyncio.timeout(seconds), self.changed:
                await self.changed.wait_for(lambda: self.version > version)
        except TimeoutError:
            return

    async def keep(self) -> None:
        """Until cancelled: write the snapshot when something changed."""
        while True:
            await asyncio.sleep(EVERY)
            self.write()

    def write(self) -> None:
        """The snapshot, whole or not at all."""
        if self._file is None or not self._dirty:
            return
        self._dirty = False
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(".partial")
        partial.write_text(self.world.model_dump_json(), encoding="utf-8")
        os.replace(partial, self._file)

    def note(self, entry: dict[str, Any]) -> None:
        """One line of the call log."""
        self.log.append({"seq": self.world.next_seq, "at": time.time(), **entry})
        self.world.next_seq += 1

    def refuse(self, method: str, error: Refusal, payload: dict[str, Any]) -> None:
        """A call that the real server would refuse too: kept, and fails a journey."""
        self.world.refusals.append(
            {
                "method": method,
                "code": error.code,
                "description": error.description,
                "pointer": error.pointer,
                "payload": json.loads(json.dumps(payload, default=str)),
                "at": time.time(),
            }
        )

    def bot_by_token(self, token: str) -> Bot:
        bot = self.world.bots.get(token)
        if bot is None:
            raise Refusal(401)
        return bot

    def bot_by_id(self, bot_id: int) -> Bot:
        return next(bot for bot in self.world.bots.values() if bot.id == bot_id)

    def place(self, bot: Bot, chat_id: int) -> tuple[str, Person | Group]:
        """The room that a bot may write into, or the refusal in the server's words."""
        group = self.world.groups.get(chat_id)
        if group is not None:
            if bot.id not in group.members:
                raise forbidden(f"bot is not a member of the {group.chat()['type']} chat")
            return f"g:{group.id}", group
        person = self.world.people.get(chat_id)
        if person is None:
            raise bad("chat not found", "/chat_id")
        if person.deactivated:
            raise forbidden("user is deactivated")
        if bot.id in person.blocked:
            raise forbidden("bot was blocked by the user")
        if bot.id not in person.started:
            raise forbidden("bot can't initiate conversation with a user")
        return f"p:{bot.id}:{person.id}", person

    def room(self, name: str) -> dict[int, Message]:
        return self.world.rooms.setdefault(name, {})

    def add(self, message: Message) -> Message:
        """Give the message its number and put it into its room."""
        self.room(message.room)[message.message_id] = message
        return message

    def next_message_id(self) -> int:
        number = self.world.next_message
        self.world.next_message += 1
        return number

    def rooms_of(self, person: int) -> Iterable[str]:
        """The rooms that a person sees."""
        for name in self.world.rooms:
            if name.endswith(f":{person}") and name.startswith("p:"):
                yield name
        for group in self.world.groups.values():
            if person in group.members:
                yield f"g:{group.id}"
