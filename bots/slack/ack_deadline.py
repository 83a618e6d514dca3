"""Work that goes on when Slack's three seconds are over.

One rule: work that was started is finished, whether or not somebody still waits for it; on SIGTERM too.
"""

import asyncio
import time
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any, TypeVar

from bots.background import BackgroundTasks

R = TypeVar("R")

WAIT_SECONDS = 2.3
"""Of Slack's three seconds; the rest is for the way back."""

_arrived: ContextVar[float] = ContextVar("arrived")


def mark_arrival() -> None:
    """A request of Slack's has arrived: its three seconds run from now on."""
    _arrived.set(time.monotonic())


def arrival_time() -> float:
    """When the request that is being handled arrived."""
    return _arrived.get(time.monotonic())


class StillRunning(Exception):
    """It goes on; the outcome follows."""

    def __init__(self, task: "asyncio.Task[Any]") -> None:
        super().__init__()
        self.task = task


class NotYet(Exception):
    """An event is not done: Slack gets an error and delivers it again."""


class AckDeadline:
    """Runs work and waits for it, but not longer than Slack does."""

    def __init__(self, wait: float) -> None:
        self._wait = wait
        self._tasks = BackgroundTasks()

    async def wait_for(self, work: Coroutine[Any, Any, R], since: float | None = None) -> R:
        """The outcome; StillRunning when it is not there in time, and the work goes on. Slack waits ``since``."""
        return await self.result_of(self.start(work), since)

    async def result_of(self, task: "asyncio.Task[R]", since: float | None = None) -> R:
        """The outcome of work that was started before, or StillRunning."""
        elapsed = time.monotonic() - since if since is not None else 0.0
        done, _ = await asyncio.wait({task}, timeout=max(0.0, self._wait - elapsed))
        if not done:
            raise StillRunning(task)
        return task.result()

    def start(self, work: Coroutine[Any, Any, R]) -> "asyncio.Task[R]":
        """Work that nobody waits for; it must see to its own errors."""
        return self._tasks.start(work)

    async def drain(self, max_seconds: float) -> None:
        """Let everything come to its end; called when nothing new comes in."""
        await self._tasks.drain(max_seconds)
