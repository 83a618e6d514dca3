"""What both platforms share: snapshot file, clock, call log, refusals, faults, and waiting for changes.

    Memory                             one per process
      world("telegram", TelegramWorld) each platform's own world, in the same snapshot
      PlatformStore                    a platform's store: its world, with access to the memory

One rule: every change is announced by ``touch``, so that the page shows it and the snapshot contains it.
"""

import asyncio
import hashlib
import json
import os
import time
from collections import deque
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from sandbox.faults import Faults
from sandbox.refusal import CallRefusal

MAX_LOG_ENTRIES = 5000
WRITE_INTERVAL_SECONDS = 0.5
WorldT = TypeVar("WorldT", bound=BaseModel)


class Memory:
    """The snapshot and everything that belongs to neither platform alone."""

    def __init__(self, state_file: Path | None = None) -> None:
        self._file = state_file
        self._dirty = False
        self._worlds: dict[str, BaseModel] = {}
        self._bytes: dict[str, bytes] = {}
        self._snapshot: dict[str, Any] = {}
        self.faults = Faults()
        self.log: deque[dict[str, Any]] = deque(maxlen=MAX_LOG_ENTRIES)
        self.changed = asyncio.Condition()
        self.version = 0
        if state_file is not None and state_file.exists():
            self._snapshot = json.loads(state_file.read_bytes())
        self.refusals: list[dict[str, Any]] = self._snapshot.get("refusals", [])
        self.next_seq: int = self._snapshot.get("next_seq", 1)

    def world(self, name: str, kind: type[WorldT]) -> WorldT:
        """A platform's world, as it was when the process last ended."""
        world = kind.model_validate(self._snapshot.get(name, {}))
        self._worlds[name] = world
        return world

    def now(self) -> float:
        """The time by the platforms' clock, which a fault can set wrong."""
        return time.time() + self.faults.clock_skew

    async def touch(self) -> None:
        """Announce a change: mark the snapshot for writing and wake everybody who waits."""
        self._dirty = True
        self.version += 1
        async with self.changed:
            self.changed.notify_all()

    async def wait_for_change(self, seconds: float, version: int) -> None:
        """Wait until something has changed since this version, for a limited time."""
        try:
            async with asyncio.timeout(seconds), self.changed:
                await self.changed.wait_for(lambda: self.version > version)
        except TimeoutError:
            return

    async def write_periodically(self) -> None:
        """Until cancelled: write the snapshot after every change."""
        while True:
            await asyncio.sleep(WRITE_INTERVAL_SECONDS)
            self.write()

    def write(self) -> None:
        """Write the snapshot, completely or not at all."""
        if self._file is None or not self._dirty:
            return
        self._dirty = False
        data: dict[str, Any] = {name: world.model_dump(mode="json") for name, world in self._worlds.items()}
        data |= {"refusals": self.refusals, "next_seq": self.next_seq}
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(".partial")
        partial.write_text(json.dumps(data), encoding="utf-8")
        os.replace(partial, self._file)

    def log_call(self, entry: dict[str, Any]) -> None:
        """Add a line to the call log."""
        self.log.append({"seq": self.next_seq, "at": time.time(), **entry})
        self.next_seq += 1

    def put_bytes(self, name: str, content: bytes) -> None:
        """Store the bytes of an uploaded file: next to the state file, or in memory when there is none."""
        if self._file is None:
            self._bytes[name] = content
            return
        folder = self._file.with_suffix(".files")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha256(name.encode()).hexdigest()).write_bytes(content)

    def get_bytes(self, name: str) -> bytes:
        if self._file is None:
            return self._bytes[name]
        return (self._file.with_suffix(".files") / hashlib.sha256(name.encode()).hexdigest()).read_bytes()


class PlatformStore:
    """The store of one platform."""

    platform = ""

    def __init__(self, memory: Memory | None = None) -> None:
        self.memory = memory or Memory()

    @property
    def version(self) -> int:
        return self.memory.version

    @property
    def faults(self) -> Faults:
        return self.memory.faults

    async def touch(self) -> None:
        await self.memory.touch()

    async def wait_for_change(self, seconds: float, version: int) -> None:
        await self.memory.wait_for_change(seconds, version)

    def log_call(self, entry: dict[str, Any]) -> None:
        self.memory.log_call({"platform": self.platform, **entry})

    def record_refusal(self, method: str, error: CallRefusal, payload: dict[str, Any]) -> None:
        """Record a call that the real server would refuse too; it makes a journey fail."""
        data = {
            "method": method,
            "code": error.status,
            "description": error.description,
            "pointer": error.pointer,
            "payload": json.loads(json.dumps(payload, default=str)),
        }
        self.memory.refusals.append({"platform": self.platform, "at": time.time(), **data})
