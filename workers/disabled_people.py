"""Who is disabled, noted beside the checkpoints: after a restore of an older backup these people stay out.

One rule: the note has ids and no names, because it leaves the database.
"""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import not_, select

from core.db.connection import Connection
from core.people.tables import people

log = structlog.get_logger()

FILE = "disabled.ids"


async def note_disabled_people(connection: Connection, folders: Sequence[Path]) -> None:
    """Write the note anew, where it says something else than before; a folder that fails is logged."""
    ids = await connection.scalars(select(people.c.id).where(not_(people.c.active)).order_by(people.c.id))
    for folder in folders:
        try:
            await asyncio.to_thread(_write, folder, ids)
        except OSError as error:
            log.error("disabled.not_written", folder=str(folder), error=type(error).__name__)


def _write(folder: Path, ids: Sequence[UUID]) -> None:
    note = "".join(f"{each}\n" for each in ids)
    file = folder / FILE
    if note == (file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""):
        return
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{FILE}.{os.getpid()}"
    partial.write_text(note, encoding="utf-8")
    partial.replace(file)


def disabled_people(folder: Path) -> frozenset[UUID]:
    """Who was disabled when that was last noted; nobody when it never was."""
    file = folder / FILE
    if not file.exists():
        return frozenset()
    return frozenset(UUID(line) for line in file.read_text(encoding="utf-8").split())
