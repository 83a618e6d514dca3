"""Tasks that outlive whoever started them.

One rule: a task is held until it ends, and one that fails is in the log, even when nobody waits for it.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

log = structlog.get_logger()

R = TypeVar("R")


class BackgroundTasks:
    """The running tasks of one owner. asyncio itself holds a task only weakly and may lose it."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, R]) -> "asyncio.Task[R]":
        """Begin the work; its outcome may be awaited or left alone."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def drain(self, max_seconds: float) -> None:
        """Wait until everything has ended, but no longer than this."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=max_seconds)

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:  # expected by whoever awaits it, and otherwise seen nowhere else
            log.info(
                "task.failed", task=getattr(task.get_coro(), "__qualname__", ""), why=type(error).__name__
            )
