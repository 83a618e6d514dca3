"""What a part is: a program to keep alive, or a step to run to its end.

    waiting -> starting -> ready            a program
                  ^          |
                  +- restarting (it exited)
    waiting -> running -> done | failed     a step (``once``); failed is tried again
    any -> stopping -> stopped

One rule: a part knows how to start and how to tell that it is ready; when, is the supervisor's business.
"""

import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class State(StrEnum):
    waiting = "waiting"
    starting = "starting"
    running = "running"
    ready = "ready"
    done = "done"
    restarting = "restarting"
    failed = "failed"
    stopping = "stopping"
    stopped = "stopped"


UP = frozenset({State.ready, State.done})


@dataclass(frozen=True)
class Launch:
    """The words, the whole environment, and what else subprocess should know."""

    words: Sequence[str]
    env: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Life:
    """One run of a part: where its log begins and when it was started (event loop time)."""

    log: Path
    offset: int
    since: float


async def at_once(life: Life) -> bool:
    """Ready as soon as it runs."""
    return True


@dataclass(frozen=True, kw_only=True)
class Part:
    """One row of the table that the supervisor keeps alive."""

    name: str
    launch: Callable[[], Launch]
    ready: Callable[[Life], Awaitable[bool]] = at_once
    after: tuple[str, ...] = ()
    once: bool = False
    required: bool = True
    stop: signal.Signals = signal.SIGTERM
    patience: float = 25.0
    before: Callable[[], Awaitable[None]] | None = None
    skip: Callable[[], Awaitable[bool]] | None = None
    watch: float | None = None
    tell: Callable[[bool], None] | None = None
