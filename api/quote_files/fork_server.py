"""The process that those of files are forked from, as the API sees it: ``api.quote_files.__main__`` is what it runs.

One rule: whatever became of it, the next file finds one that works.

It is started for the first file, knows no secret, and ends by itself when this process is gone.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from api.quote_files.model import Task
from core.kernel.errors import Unavailable

log = structlog.get_logger()

ROOT = Path(__file__).parents[2]
TRIES = 2
"""One file that ends the server it was sent to may have met the end of another one."""
END_SECONDS = 10
"""A server that has not ended a child by then hangs, and is ended itself."""
_KEPT = ("PATH", "LANG", "SYSTEMROOT")
_PROGRAM = ("-m", "api.quote_files")
_PART, _CODE = 65_536, 16
_PROBED = (-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGILL)
"""How a child ends whose file looked for something in its memory: the next one has its memory elsewhere."""


@dataclass(frozen=True)
class FileRequest:
    """One file, and what is to be done with it."""

    task: Task
    detail: str
    content: bytes


class ForkServer:
    """Forks a process for each file; is started when there is none."""

    def __init__(self, program: Sequence[str] = _PROGRAM) -> None:
        self._program = program
        self._process: _Process | None = None
        self._left: list[_Process] = []

    @property
    def pid(self) -> int | None:
        """Of the process that forks for the next file; None when it is to be started."""
        return self._process.pid if self._process is not None else None

    async def answer(self, request: FileRequest) -> tuple[int, bytes]:
        """The exit code of the file's process and what it said; when this is cancelled, that process is ended."""
        for _ in range(TRIES):
            try:
                process = self._running()
            except OSError as error:
                log.warning("fork_server.not_started", error=str(error))
                continue
            code, out = await process.answer(request)
            if code is None or code in _PROBED:
                self._leave(process)
            if code is not None:
                return code, out
            log.warning("fork_server.gone")
        raise Unavailable()

    def stop(self) -> None:
        """It ends with the last file that it has open; another one is started when a file comes."""
        if self._process is not None:
            self._leave(self._process)

    def _running(self) -> "_Process":
        self._left = [each for each in self._left if not each.is_over()]
        if self._process is None or self._process.is_over():
            self.stop()
            self._process = _Process(self._program)
        return self._process

    def _leave(self, process: "_Process") -> None:
        process.leave()
        if self._process is process:
            self._process = None
            self._left.append(process)


class _Process:
    """One process that forks; gone when it has been left, or when something has ended it."""

    def __init__(self, program: Sequence[str]) -> None:
        self._asks, asked = socket.socketpair()
        with asked:
            self._process = subprocess.Popen(
                (sys.executable, *program),
                stdin=asked.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env={name: os.environ[name] for name in _KEPT if name in os.environ},
            )
        self.pid = self._process.pid

    def is_over(self) -> bool:
        return self._process.poll() is not None

    def leave(self) -> None:
        self._asks.close()

    async def answer(self, request: FileRequest) -> tuple[int | None, bytes]:
        """The exit code, and None for one of a process that is gone."""
        ours, file = socket.socketpair()
        with ours, file:
            ends, ended = socket.socketpair()
            with ends, ended:
                with contextlib.suppress(OSError):  # it is gone, and so is the other end of both
                    socket.send_fds(self._asks, [b"."], [file.fileno(), ended.fileno()])
                file.close()
                ended.close()
                ours.setblocking(False)
                ends.setblocking(False)
                return await self._answer(request, ours, ends)

    async def _answer(
        self, request: FileRequest, file: socket.socket, ends: socket.socket
    ) -> tuple[int | None, bytes]:
        code = None
        try:
            out = await _exchange(request, file)
            code = await asyncio.get_running_loop().sock_recv(ends, _CODE)
        finally:
            if code is None:
                await self._end_child(ends)
        return int(code) if code else None, out

    async def _end_child(self, ends: socket.socket) -> None:
        ends.shutdown(socket.SHUT_WR)
        try:
            async with asyncio.timeout(END_SECONDS):
                await asyncio.get_running_loop().sock_recv(ends, _CODE)
        except TimeoutError:
            log.warning("fork_server.hangs")
            self._process.kill()


async def _exchange(request: FileRequest, file: socket.socket) -> bytes:
    """All that the child says; one that ends early has said what it has said."""
    loop, said = asyncio.get_running_loop(), bytearray()
    with contextlib.suppress(ConnectionError):
        await loop.sock_sendall(file, json.dumps((request.task, request.detail)).encode() + b"\n")
        await loop.sock_sendall(file, request.content)
        file.shutdown(socket.SHUT_WR)
    with contextlib.suppress(ConnectionError):
        while part := await loop.sock_recv(file, _PART):
            said += part
    return bytes(said)


FORK_SERVER = ForkServer()
"""Of this process, whichever of its parts opens a file."""
