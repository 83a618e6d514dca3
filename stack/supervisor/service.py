"""A service: a program to keep running, or a step to run to its end.

    waiting -> starting -> ready            a program
                  ^          |
                  +- restarting (it exited)
    waiting -> running -> done | failed     a step (``once``); failed is tried again
    any -> stopping -> stopped

One rule: a service knows how to start and how to tell that it is ready; the supervisor decides when.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class ServiceState(StrEnum):
    waiting = "waiting"
    starting = "starting"
    running = "running"
    ready = "ready"
    done = "done"
    restarting = "restarting"
    failed = "failed"
    stopping = "stopping"
    stopped = "stopped"


UP_STATES = frozenset({ServiceState.ready, ServiceState.done})


@dataclass(frozen=True)
class LaunchCommand:
    """The command, the whole environment, and other arguments for subprocess."""

    args: Sequence[str]
    env: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)
    sockets: tuple[int, ...] = ()
    """Descriptors that the process inherits under the same numbers."""


@dataclass(frozen=True)
class ServiceRun:
    """One run of a service: where its log begins, when it was started (event loop time), whether it said ready."""

    log: Path
    log_offset: int
    started_at: float
    said_ready: asyncio.Event = field(default_factory=asyncio.Event)


async def ready_at_once(run: ServiceRun) -> bool:
    """Ready as soon as it runs."""
    return True


@dataclass(frozen=True, kw_only=True)
class Service:
    """One row of the table of services that the supervisor keeps running."""

    name: str
    launch: Callable[[], LaunchCommand]
    ready: Callable[[ServiceRun], Awaitable[bool]] = ready_at_once
    after: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    """What it calls and does not wait for; like those in ``after``, these stop only when it has stopped."""
    one_shot: bool = False
    required: bool = True
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout: float = 25.0
    prepare: Callable[[], Awaitable[None]] | None = None
    is_done: Callable[[], Awaitable[bool]] | None = None
    recheck_seconds: float | None = None
    on_change: Callable[[bool], None] | None = None
