"""Keeps the services running: starts each after what it needs, restarts it when it exits, stops in order.

    start   when every service named in ``after`` is up
    exit    0 or -15 is a clean exit: started again at once; anything else after a short, growing delay
    stop    a service is stopped when all that need or use it have stopped; 25 s after its signal it is killed

One rule: the supervisor never gives up on a service, and always obeys the order to stop.
"""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from stack.errors import StackError
from stack.supervisor.launcher import die_with_parent, group_exists, signal_group
from stack.supervisor.processes import start_time
from stack.supervisor.ready_pipe import ReadyPipe
from stack.supervisor.service import Service, ServiceRun, ServiceState
from stack.supervisor.status_file import StatusFile

_CLEAN_EXIT_CODES = (0, -signal.SIGTERM, -signal.SIGINT)
_FIRST_WAIT, _LONGEST_WAIT, _LONG_LIFE = 0.3, 10.0, 30.0
_LOOK_SECONDS = 0.05
_MAX_LOG_BYTES = 20_000_000


class Supervisor:
    """Runs a table of services until it is told to stop."""

    def __init__(self, services: Sequence[Service], status_file: StatusFile, logs: Path) -> None:
        self.runners = {service.name: ServiceRunner(service, status_file, logs) for service in services}
        for runner in self.runners.values():
            runner.needs += [self.runners[name] for name in runner.service.after]
            for name in (*runner.service.after, *runner.service.uses):
                self.runners[name].needed_by.append(runner)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep every service running until ``stop`` is set, then stop them all."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(runner.run()) for runner in self.runners.values()]
            await stop.wait()
            for task in tasks:
                task.cancel()


class ServiceRunner:
    """Runs one service again and again."""

    def __init__(self, service: Service, status_file: StatusFile, logs: Path) -> None:
        self.service = service
        self.status_file = status_file
        self.log = logs / f"{service.name}.log"
        self.needs: list[ServiceRunner] = []
        self.needed_by: list[ServiceRunner] = []
        self.up = asyncio.Event()
        self.ended = asyncio.Event()
        self.process: asyncio.subprocess.Process | None = None
        self.started_at = 0.0

    async def run(self) -> None:
        """Until cancelled; then stop in order."""
        self.started_at = _now()
        try:
            with suppress(asyncio.CancelledError):
                await self._keep_running()
            self._update_status(ServiceState.stopping)
            for runner in self.needed_by:
                await runner.ended.wait()
            await self._stop()
            self._update_status(ServiceState.stopped, pid=0, since="", detail="")
        finally:
            self.ended.set()

    async def _keep_running(self) -> None:
        wait = _FIRST_WAIT
        while True:
            for runner in self.needs:
                if not runner.up.is_set():
                    self._update_status(ServiceState.waiting, pid=0, since="")
                await runner.up.wait()
            since = _now()
            code = await self._run_once()
            if self.service.one_shot and code == 0:
                self._mark_up(ServiceState.done)
                await asyncio.Event().wait()
            self._mark_down()
            await self._stop()
            if code in _CLEAN_EXIT_CODES or _now() - since > _LONG_LIFE:
                wait = _FIRST_WAIT
            restarts = self.status_file.services[self.service.name].restarts + 1
            detail = "" if code in _CLEAN_EXIT_CODES else self._exit_reason(code)
            state = ServiceState.failed if self.service.one_shot else ServiceState.restarting
            self._update_status(state, pid=0, since="", restarts=restarts, detail=detail)
            await asyncio.sleep(0 if code in _CLEAN_EXIT_CODES and _now() - since > 1 else wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _run_once(self) -> int:
        """From start to exit; returns the exit code, or 1 when it could not be started."""
        service = self.service
        try:
            if service.is_done and await service.is_done():
                return 0
            if service.prepare:
                self._update_status(ServiceState.starting)
                await service.prepare()
            run = await self._start()
        except (StackError, OSError) as error:
            self._record_start_failure(str(error))
            return 1
        assert self.process is not None
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(self._watch_readiness(run))
            code = await self.process.wait()
            watch.cancel()
        return code

    async def _start(self) -> ServiceRun:
        launch = self.service.launch()
        _rotate(self.log)
        said_ready = asyncio.Event()
        with self.log.open("ab") as out, ReadyPipe(said_ready) as pipe:
            run = ServiceRun(self.log, out.tell(), _now(), said_ready)
            self.process = await asyncio.create_subprocess_exec(
                *launch.args,
                env=pipe.environment(launch.env),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=(pipe.writer, *launch.sockets),
                start_new_session=True,
                preexec_fn=die_with_parent(self.service.stop_signal),
                **launch.options,
            )
        pid = self.process.pid
        state = ServiceState.running if self.service.one_shot else ServiceState.starting
        self._update_status(state, pid=pid, since=start_time(pid) or "")
        return run

    async def _watch_readiness(self, run: ServiceRun) -> None:
        """Report when it becomes ready, and for a watched service when it is no longer ready."""
        if self.service.one_shot:
            return
        while True:
            ready = await self._is_ready(run)
            if ready and not self.up.is_set():
                self._mark_up(ServiceState.ready)
            elif not ready and self.up.is_set():
                self._mark_down()
                self._update_status(ServiceState.starting)
            if ready and self.service.recheck_seconds is None:
                return
            await asyncio.sleep(
                self.service.recheck_seconds if ready and self.service.recheck_seconds else _LOOK_SECONDS
            )

    async def _is_ready(self, run: ServiceRun) -> bool:
        try:
            return await self.service.ready(run)
        except (StackError, OSError) as error:
            self.status_file.update(self.service.name, detail=str(error))
            await asyncio.sleep(0.5)
            return False

    def _mark_up(self, state: ServiceState) -> None:
        pid = {"pid": 0, "since": ""} if state is ServiceState.done else {}
        self._update_status(state, detail="", seconds=round(_now() - self.started_at, 1), **pid)
        self.up.set()
        if self.service.on_change:
            self.service.on_change(True)

    def _mark_down(self) -> None:
        self.up.clear()
        if self.service.on_change:
            self.service.on_change(False)

    async def _stop(self) -> None:
        """Stop the process if it runs, and whatever is left of its group."""
        self._mark_down()
        process, self.process = self.process, None
        if process is None:
            return
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.send_signal(self.service.stop_signal)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), self.service.stop_timeout)
        await _stop_group(process)

    def _exit_reason(self, code: int) -> str:
        if self.process is None and (lines_with_text := self.status_file.services[self.service.name].detail):
            return lines_with_text
        ended = f"killed by signal {-code}" if code < 0 else f"ended with code {code}"
        return f"{ended}: {last_log_line(self.log)}"

    def _record_start_failure(self, text: str) -> None:
        with suppress(OSError), self.log.open("a", encoding="utf-8") as out:  # the disk may be full
            out.write(f"{text}\n")
        self.process = None
        self.status_file.update(self.service.name, detail=text)

    def _update_status(self, state: ServiceState, **changes: object) -> None:
        self.status_file.update(self.service.name, state=state, **changes)


async def _stop_group(process: asyncio.subprocess.Process) -> None:
    """End what a service left behind; workers of a dead master get a little time, a stuck service gets none."""
    stuck = process.returncode is None
    deadline = _now() + (0 if stuck else 5)
    alive = signal_group(process.pid, signal.SIGKILL if stuck else signal.SIGTERM)
    while alive and _now() < deadline:
        await asyncio.sleep(0.1)
        alive = group_exists(process.pid)
    if alive:
        signal_group(process.pid, signal.SIGKILL)
    await process.wait()


def last_log_line(log: Path) -> str:
    """The last line of a log that is not empty."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 4000))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return f"see {log}"
    lines_with_text = [line.strip() for line in lines if line.strip()]
    return (lines_with_text[-1] if lines_with_text else f"it said nothing, see {log}")[:300]


def _rotate(log: Path) -> None:
    """Keep one older log, so that a year of running does not fill the disk."""
    if log.exists() and log.stat().st_size > _MAX_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _now() -> float:
    return asyncio.get_running_loop().time()
