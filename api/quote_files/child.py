"""Looks through an uploaded archive, reads a vendor's file and shows a page of it, in a process of its own.

One rule: a file is opened nowhere else, by a process that has no secret in its environment and ends after seconds.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from pydantic import ValidationError

from api.contract.file_quotes import GapKind
from api.quote_files import reader_limits as limits
from api.quote_files.fork_server import FORK_SERVER, FileRequest, ForkServer
from api.quote_files.model import FileReading, Task, refused
from core.documents.errors import Damaged, Locked, Oversized, WrongEncoding, WrongKind
from core.documents.kinds import ACCEPTED
from core.kernel.errors import RateLimited, Unavailable

log = structlog.get_logger()

AT_ONCE = 2
"""Files that are open at the same time; the others wait."""
MOST_OF_SENDER = limits.MOST_PAGES
"""Files and pages of one sender that are open or wait: a page's worth of pictures."""
KINDS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/csv": "csv",
}
"""By the media type, the files that a quote is read from."""
_REFUSALS = {each.__name__: each for each in (Damaged, Locked, Oversized, WrongEncoding, WrongKind)}
_OUT_OF_MEMORY = (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV)


@dataclass
class _Queue:
    """What one sender has sent at once: one file of it is open, the others wait."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    count: int = 0


class FileReader:
    """The door to the child processes of one server process."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._queues: dict[str, _Queue] = {}

    @asynccontextmanager
    async def turn(self, sender: str) -> AsyncIterator["OpenedFile"]:
        """When it is this sender's turn: one file of theirs at a time, so that nobody's slow files hold up the others'.

        Load the file inside, so that what waits takes no memory. RateLimited when too many of theirs wait.
        """
        queue = self._queues.setdefault(sender, _Queue())
        if queue.count >= MOST_OF_SENDER:
            raise RateLimited(retry_after=limits.CPU_SECONDS)
        queue.count += 1
        try:
            async with queue.turn, self._places:
                yield OpenedFile()
        finally:
            queue.count -= 1
            if not queue.count:
                del self._queues[sender]


class OpenedFile:
    """One file at a time, each in a process of its own."""

    def __init__(self, server: ForkServer = FORK_SERVER) -> None:
        self._server = server

    async def media_type(self, name: str, content: bytes) -> str:
        """The media type of an archive that somebody uploads; the refusal that says why it is not taken."""
        try:
            code, out = await self._run(Task.archive, name, content)
        except TimeoutError:
            raise Oversized(accepted=ACCEPTED) from None
        if code > 0:
            log.error("archive.unchecked", code=code)
            raise Unavailable()
        if code:
            raise Oversized(accepted=ACCEPTED)
        told = out.decode()
        if told in KINDS:
            return told
        raise _REFUSALS.get(told, Damaged)(accepted=ACCEPTED)

    async def read(self, media_type: str, content: bytes) -> FileReading:
        """What the file says; its gaps say what it does not, or which limit it is over."""
        try:
            code, out = await self._run(Task.read, KINDS[media_type], content)
        except TimeoutError:
            return refused(GapKind.too_slow, limit=f"{limits.WALL_SECONDS}")
        if code == -signal.SIGXCPU:
            return refused(GapKind.too_slow, limit=f"{limits.CPU_SECONDS}")
        if code in _OUT_OF_MEMORY:
            return refused(GapKind.too_much_memory, limit=f"{limits.MEMORY_MB} MB")
        try:
            return FileReading.model_validate_json(out)
        except ValidationError:
            return refused(GapKind.unreadable)

    async def picture(self, content: bytes, page: int) -> bytes | None:
        """A page of a PDF as PNG; None when there is no such page, or none that can be drawn."""
        try:
            code, out = await self._run(Task.picture, str(page), content)
        except TimeoutError:
            return None
        return out if code == 0 else None

    async def _run(self, task: Task, detail: str, content: bytes) -> tuple[int, bytes]:
        """The child's exit code and what it said; TimeoutError when it had to be ended."""
        async with asyncio.timeout(limits.WALL_SECONDS):
            return await self._server.answer(FileRequest(task, detail, content))
