"""Keeps the parts alive: starts each when what it needs is up, starts it again when it exits, stops it in order.

    start   when every part named in ``after`` is up
    exit    0 or -15 is a clean exit: started again at once; anything else after a short, growing wait
    stop    a part is stopped when all that needed it have stopped; 25 s after its signal it is killed

One rule: the supervisor never gives up on a part, and never outlives the order to stop.
"""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from stack.board import Board
from stack.child import dies_with_parent, group_lives, signal_group
from stack.part import Life, Part, State
from stack.problem import StackProblem
from stack.process import started

_CLEAN = (0, -signal.SIGTERM, -signal.SIGINT)
_FIRST_WAIT, _LONGEST_WAIT, _LONG_LIFE = 0.3, 10.0, 30.0
_LOG_LIMIT = 20_000_000


class Supervisor:
    """Runs a table of parts until it is told to stop."""

    def __init__(self, parts: Sequence[Part], board: Board, logs: Path) -> None:
        self.keepers = {part.name: Keeper(part, board, logs) for part in parts}
        for keeper in self.keepers.values():
            for name in keeper.part.after:
                needed = self.keepers[name]
                keeper.needs.append(needed)
                needed.needed_by.append(keeper)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep every part until ``stop`` is set, then stop them all."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(keeper.run()) for keeper in self.keepers.values()]
            await stop.wait()
            for task in tasks:
                task.cancel()


class Keeper:
    """One part's life after life."""

    def __init__(self, part: Part, board: Board, logs: Path) -> None:
        self.part = part
        self.board = board
        self.log = logs / f"{part.name}.log"
        self.needs: list[Keeper] = []
        self.needed_by: list[Keeper] = []
        self.up = asyncio.Event()
        self.ended = asyncio.Event()
        self.process: asyncio.subprocess.Process | None = None
        self.born = 0.0

    async def run(self) -> None:
        """Until cancelled; then stop in order."""
        self.born = _now()
        try:
            with suppress(asyncio.CancelledError):
                await self._lives()
            self._show(State.stopping)
            for keeper in self.needed_by:
                await keeper.ended.wait()
            await self._end()
            self._show(State.stopped, pid=0, since="", detail="")
        finally:
            self.ended.set()

    async def _lives(self) -> None:
        wait = _FIRST_WAIT
        while True:
            for keeper in self.needs:
                if not keeper.up.is_set():
                    self._show(State.waiting, pid=0, since="")
                await keeper.up.wait()
            since = _now()
            code = await self._one_life()
            if self.part.once and code == 0:
                self._be_up(State.done)
                await asyncio.Event().wait()
            self._mark_down()
            await self._end()
            if code in _CLEAN or _now() - since > _LONG_LIFE:
                wait = _FIRST_WAIT
            restarts = self.board.parts[self.part.name].restarts + 1
            detail = "" if code in _CLEAN else self._why(code)
            state = State.failed if self.part.once else State.restarting
            self._show(state, pid=0, since="", restarts=restarts, detail=detail)
            await asyncio.sleep(0 if code in _CLEAN and _now() - since > 1 else wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _one_life(self) -> int:
        """From start to exit; the exit code, or 1 when it could not even be started."""
        part = self.part
        try:
            if part.skip and await part.skip():
                return 0
            if part.before:
                self._show(State.starting)
                await part.before()
            life = await self._start()
        except (StackProblem, OSError) as problem:
            self._note(str(problem))
            return 1
        assert self.process is not None
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(self._watch(life))
            code = await self.process.wait()
            watch.cancel()
        return code

    async def _start(self) -> Life:
        launch = self.part.launch()
        _turn_over(self.log)
        with self.log.open("ab") as out:
            life = Life(self.log, out.tell(), _now())
            self.process = await asyncio.create_subprocess_exec(
                *launch.words,
                env=dict(launch.env),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=dies_with_parent(self.part.stop),
                **launch.options,
            )
        pid = self.process.pid
        state = State.running if self.part.once else State.starting
        self._show(state, pid=pid, since=started(pid) or "")
        return life

    async def _watch(self, life: Life) -> None:
        """Say when it becomes ready, and for a watched part when it stops being so."""
        if self.part.once:
            return
        while True:
            ready = await self._asked(life)
            if ready and not self.up.is_set():
                self._be_up(State.ready)
            elif not ready and self.up.is_set():
                self._mark_down()
                self._show(State.starting)
            if ready and self.part.watch is None:
                return
            await asyncio.sleep(self.part.watch if ready and self.part.watch else 0.1)

    async def _asked(self, life: Life) -> bool:
        try:
            return await self.part.ready(life)
        except (StackProblem, OSError) as problem:
            self.board.set(self.part.name, detail=str(problem))
            await asyncio.sleep(0.5)
            return False

    def _be_up(self, state: State) -> None:
        pid = {"pid": 0, "since": ""} if state is State.done else {}
        self._show(state, detail="", seconds=round(_now() - self.born, 1), **pid)
        self.up.set()
        if self.part.tell:
            self.part.tell(True)

    def _mark_down(self) -> None:
        self.up.clear()
        if self.part.tell:
            self.part.tell(False)

    async def _end(self) -> None:
        """Stop the process if it runs, and whatever it left in its group."""
        self._mark_down()
        process, self.process = self.process, None
        if process is None:
            return
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.send_signal(self.part.stop)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), self.part.patience)
        await _end_group(process)

    def _why(self, code: int) -> str:
        if self.process is None and (said := self.board.parts[self.part.name].detail):
            return said
        ended = f"killed by signal {-code}" if code < 0 else f"ended with code {code}"
        return f"{ended}: {last_words(self.log)}"

    def _note(self, text: str) -> None:
        with self.log.open("a", encoding="utf-8") as out:
            out.write(f"{text}\n")
        self.process = None
        self.board.set(self.part.name, detail=text)

    def _show(self, state: State, **changes: object) -> None:
        self.board.set(self.part.name, state=state, **changes)


async def _end_group(process: asyncio.subprocess.Process) -> None:
    """End what a part left behind; a dead master's workers get a little time, a stuck part gets none."""
    stuck = process.returncode is None
    deadline = _now() + (0 if stuck else 5)
    there = signal_group(process.pid, signal.SIGKILL if stuck else signal.SIGTERM)
    while there and _now() < deadline:
        await asyncio.sleep(0.1)
        there = group_lives(process.pid)
    if there:
        signal_group(process.pid, signal.SIGKILL)
    await process.wait()


def last_words(log: Path) -> str:
    """The last line of a log that says something."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 4000))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return f"see {log}"
    said = [line.strip() for line in lines if line.strip()]
    return (said[-1] if said else f"it said nothing, see {log}")[:300]


def _turn_over(log: Path) -> None:
    """Keep one older log, so that a year of running does not fill the disk."""
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def _now() -> float:
    return asyncio.get_running_loop().time()
