"""What this process knows of the log from outside the database: checkpoints in folders, and where it saw the log stand.

One rule: what it has seen once it never forgets for something older; a log that is shorter or another one is told.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.server.settings import ApiSettings
from api.server.signing_keys import KeyRing
from core.db.connection import DATABASE_ERRORS, Connection
from core.db.engine import Engine
from core.kernel.errors import invalid
from core.log.notes import parse_any
from core.log.standing import contradicted, newest_head
from core.log.verify import Verification
from core.log.witnesses import COPY, FOLDER, START, LogHead, Witness, read_folder, read_latest

log = structlog.get_logger()

LOOK_SECONDS = 30
"""How often the log is looked at while nobody asks for the readiness."""
EXAMPLE = "parley/log\n1874\n…"


class LogWatch:
    """The witnesses that the API asks; itself is one of them."""

    def __init__(self, settings: ApiSettings, keys: KeyRing, engine: Engine) -> None:
        self._keys = keys
        self._engine = engine
        named = ((FOLDER, settings.checkpoints_dir), (COPY, settings.checkpoints_copy_dir))
        self._folders = [(name, folder) for name, folder in named if folder is not None]
        self._seen = START
        self._found = ""
        """What the last verification found wrong."""

    async def run(self) -> None:
        """Look now and then, so that the newest head is known also where nobody asks."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with contextlib.suppress(*DATABASE_ERRORS):
                async with self._engine.autocommit() as connection:
                    problem = await self.look(connection)
                if problem:
                    log.error("log.contradicted", problem=problem)

    async def look(self, connection: Connection) -> str:
        """What is wrong with the log as far as some index lookups can tell; empty when nothing is."""
        witnesses = await self.witnesses(newest_only=True)
        head = await newest_head(connection)
        problem = await contradicted(connection, witnesses)
        if problem:
            return problem
        self._see(head)
        unreadable = next((each for each in witnesses if each.unreadable), None)
        if unreadable is not None:
            return f"{unreadable.name} has {unreadable.unreadable[0]}, which no key of ours has signed"
        return self._found

    async def witnesses(self, *, newest_only: bool = False) -> tuple[Witness, ...]:
        """The folders with their notes, and this process with the head that it saw last.

        The newest note of a folder shows that the log was cut or rewritten; the others show where.
        """
        folders = await asyncio.to_thread(self._read, read_latest if newest_only else read_folder)
        return (
            *folders,
            Witness("this process of the API", heads=(self._seen,) if self._seen.position else ()),
        )

    def kept_by_caller(self, note: str) -> Witness:
        """The checkpoint that a caller kept; Invalid when none of our keys signed it."""
        try:
            return Witness("the caller's hands", (parse_any(note, self._keys.all_public()),))
        except ValueError as error:
            raise invalid("/checkpoint", "checkpoint.unreadable", str(error), EXAMPLE) from error

    def remember(self, found: Verification) -> Verification:
        """Keep in mind how a verification ended: until the next one the readiness says so."""
        self._found = "" if found.ok else f"position {found.first_bad_position}: {found.problem}"
        if found.ok and found.head is not None:
            self._see(LogHead(found.events, found.head))
        return found

    def _see(self, head: LogHead) -> None:
        if head.position > self._seen.position:
            self._seen = head

    def _read(self, read: Callable[[Path, str, Sequence[Ed25519PublicKey]], Witness]) -> list[Witness]:
        keys = self._keys.all_public()
        return [read(folder, name, keys) for name, folder in self._folders]
