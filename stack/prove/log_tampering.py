"""Forty ways to change the log as PostgreSQL's superuser, with the folder of checkpoints in reach.

One rule: each is a row of the table below; a forger who knows the log's format makes the chain right again where that
is said.
"""

import hashlib
import shutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.log.seal import GENESIS
from stack.bench.bench_installation import SqlConnection

REPLICA = "SET session_replication_role = replica"
"""No trigger of the table runs: only a superuser may say so."""
Change = Callable[["TamperedLog"], Awaitable[None]]


@dataclass(frozen=True)
class TamperedLog:
    """A superuser's connection, the folder of checkpoints, and the event that somebody wants to be otherwise."""

    connection: SqlConnection
    checkpoints: Path
    victim: int
    last: int

    async def run(self, statement: str, *values: object) -> None:
        await self.connection.execute(statement, *values)

    async def rechain(self) -> None:
        """Make digests and chain right again from the victim on, as the relay would have made them."""
        rows = await self.connection.fetch(
            "SELECT id, canonical FROM audit_events WHERE position IS NOT NULL ORDER BY position"
        )
        chain, links = GENESIS, []
        for row in rows:
            digest = hashlib.sha256(row["canonical"].encode()).digest()
            chain = hashlib.sha256(chain + digest).digest()
            links.append((row["id"], digest, chain))
        await self.connection.executemany(
            "UPDATE audit_events SET digest = $2, chain = $3 WHERE id = $1", links
        )

    def forget_files(self, *, above: int = -1) -> None:
        """Delete the checkpoint files of more than so many events, and the newest under its other name."""
        for file in self.checkpoints.glob("*.txt"):
            if not file.stem.isdigit() or int(file.stem) > above:
                file.unlink()


def _set(column: str, value: str) -> Change:
    """The victim's column, with digest and chain as they were."""

    async def change(log: TamperedLog) -> None:
        await log.run(f"UPDATE audit_events SET {column} = {value} WHERE position = $1", log.victim)

    return change


async def forget_deletions(connection: SqlConnection) -> None:
    """PostgreSQL counts rows that were deleted, also where that was taken back, and verification reads the count."""
    await connection.execute("SELECT pg_stat_force_next_flush()")
    await connection.execute("SELECT pg_stat_reset_single_table_counters('audit_events'::regclass)")


async def _rewritten(log: TamperedLog) -> None:
    """Another actor, in the columns and in the text, and everything after it made right again."""
    await log.run(
        "UPDATE audit_events SET actor = 'somebody', canonical = "
        'replace(canonical, \'"actor":"\' || actor || \'"\', \'"actor":"somebody"\') WHERE position = $1',
        log.victim,
    )
    await log.rechain()


async def _rewritten_without_checkpoints(log: TamperedLog) -> None:
    await _rewritten(log)
    await log.run("DELETE FROM checkpoints")


async def _rewritten_without_files(log: TamperedLog) -> None:
    await _rewritten_without_checkpoints(log)
    log.forget_files()


async def _swapped(log: TamperedLog) -> None:
    """Two neighbours change places, and the chain is made right again."""
    await log.run("UPDATE audit_events SET position = -1 WHERE position = $1", log.victim)
    await log.run("UPDATE audit_events SET position = $1 WHERE position = $1 + 1", log.victim)
    await log.run("UPDATE audit_events SET position = $1 + 1 WHERE position = -1", log.victim)


async def _swapped_and_rechained(log: TamperedLog) -> None:
    await _swapped(log)
    await log.rechain()


async def _deleted(log: TamperedLog) -> None:
    await log.run("DELETE FROM audit_events WHERE position = $1", log.victim)


async def _deleted_and_closed(log: TamperedLog) -> None:
    """A hole that no position shows any more."""
    await _deleted(log)
    await log.run("UPDATE audit_events SET position = -position WHERE position > $1", log.victim)
    await log.run("UPDATE audit_events SET position = -position - 1 WHERE position < 0")
    await log.rechain()


async def _first_deleted(log: TamperedLog) -> None:
    await log.run("DELETE FROM audit_events WHERE position = 1")


async def _last_deleted(log: TamperedLog) -> None:
    await log.run("DELETE FROM audit_events WHERE position = $1", log.last)


async def _cut(log: TamperedLog) -> None:
    """The ten newest are gone."""
    await log.run("DELETE FROM audit_events WHERE position > $1", log.last - 10)


async def _cut_with_checkpoints(log: TamperedLog) -> None:
    await _cut(log)
    await log.run("DELETE FROM checkpoints WHERE size > $1", log.last - 10)


async def _cut_with_files(log: TamperedLog) -> None:
    await _cut_with_checkpoints(log)
    log.forget_files(above=log.last - 10)


async def _rolled_back(log: TamperedLog) -> None:
    """As an older copy of the whole folder would be, with the files that it had."""
    await log.run("DELETE FROM audit_events WHERE position > $1", log.victim)
    await log.run("DELETE FROM checkpoints WHERE size > $1", log.victim)
    log.forget_files(above=log.victim)


async def _emptied(log: TamperedLog) -> None:
    await log.run("DELETE FROM audit_events")


async def _emptied_with_checkpoints(log: TamperedLog) -> None:
    await _emptied(log)
    await log.run("DELETE FROM checkpoints")


async def _emptied_with_files(log: TamperedLog) -> None:
    await _emptied_with_checkpoints(log)
    log.forget_files()


async def _inserted(log: TamperedLog) -> None:
    """A copy of the victim, with an id of its own, behind the newest."""
    await _copied(log, log.last + 1)


async def _inserted_in_between(log: TamperedLog) -> None:
    await log.run("UPDATE audit_events SET position = -position WHERE position > $1", log.victim)
    await log.run("UPDATE audit_events SET position = -position + 1 WHERE position < 0")
    await _copied(log, log.victim + 1)
    await log.rechain()


async def _copied(log: TamperedLog, position: int) -> None:
    names = await log.connection.fetchval(
        "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = 'audit_events'::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('id', 'seq', 'position', 'canonical')"
    )
    await log.run(
        f"INSERT INTO audit_events (id, position, canonical, {names}) SELECT gen_random_uuid(), $2,"
        f" canonical, {names} FROM audit_events WHERE position = $1",
        log.victim,
        position,
    )
    await log.run(
        "UPDATE audit_events n SET canonical = replace(n.canonical, v.id::text, n.id::text) FROM audit_events v"
        " WHERE v.position = $1 AND n.position = $2",
        log.victim,
        position,
    )


async def _unsealed(log: TamperedLog) -> None:
    """The newest is taken out of the chain again."""
    await log.run("UPDATE audit_events SET position = NULL, chain = NULL WHERE position = $1", log.last)


async def _under_another_number(log: TamperedLog) -> None:
    """The newest stands as if seven others had been written before it."""
    await log.run("CREATE TEMP TABLE taken ON COMMIT DROP AS TABLE audit_events WITH NO DATA")
    await log.run("INSERT INTO taken SELECT * FROM audit_events WHERE position = $1", log.last)
    await log.run("UPDATE taken SET seq = seq + 7")
    await log.run("DELETE FROM audit_events WHERE position = $1", log.last)
    await log.run("INSERT INTO audit_events OVERRIDING SYSTEM VALUE SELECT * FROM taken")


async def _earlier(log: TamperedLog) -> None:
    await log.run("UPDATE audit_events SET occurred_at = occurred_at - interval '1 day'")


async def _root_changed(log: TamperedLog) -> None:
    await log.run(
        "UPDATE checkpoints SET root = sha256(root) WHERE size = (SELECT max(size) FROM checkpoints)"
    )


async def _note_of_other_key(log: TamperedLog) -> None:
    """A checkpoint in the folder whose root is another one's, signed by nobody whom we know."""
    for file in log.checkpoints.glob("*.txt"):
        lines = file.read_text(encoding="utf-8").split("\n")
        lines[2] = "A" * 43 + "="
        file.write_text("\n".join(lines), encoding="utf-8")


async def _unsealed_one_deleted(log: TamperedLog) -> None:
    """An event that was written and not sealed yet: nothing but its missing number tells."""
    for _ in range(2):
        await log.run("SELECT nextval(pg_get_serial_sequence('audit_events', 'seq'))")
    await _copied(log, log.last + 1)
    await log.run("UPDATE audit_events SET position = NULL, chain = NULL WHERE position = $1", log.last + 1)
    await log.run("DELETE FROM audit_events WHERE position IS NULL")


_UUID = "'00000000-0000-7000-8000-000000000001'::uuid"
TAMPERINGS: Mapping[str, Change] = {
    **{
        f"the column {column} of one event": _set(column, value)
        for column, value in {
            "id": "gen_random_uuid()",
            "occurred_at": "occurred_at - interval '1 hour'",
            "type": "type || 'x'",
            "actor": "'somebody'",
            "actor_kind": "CASE actor_kind WHEN 'system' THEN 'person' ELSE 'system' END",
            "on_behalf_of": _UUID,
            "channel": "CASE channel WHEN 'api' THEN 'slack' ELSE 'api' END",
            "chat_id": "'1'",
            "message_id": "'1'",
            "subject_kind": "'nothing'",
            "subject_id": _UUID,
            "subject_version": "subject_version + 1",
            "request_id": _UUID,
            "data": 'data || \'{"amount": "1"}\'',
            "canonical": "canonical || ' '",
            "digest": "sha256(digest)",
            "correlation_id": "correlation_id || 'x'",
            "causation_id": _UUID,
            "chain": "sha256(chain)",
        }.items()
    },
    "all events a day earlier": _earlier,
    "two events change places": _swapped,
    "two events change places, chain made right": _swapped_and_rechained,
    "the first event deleted": _first_deleted,
    "an event deleted": _deleted,
    "an event deleted, positions and chain made right": _deleted_and_closed,
    "the newest event deleted": _last_deleted,
    "the newest event taken out of the chain": _unsealed,
    "an event that was not sealed yet deleted": _unsealed_one_deleted,
    "the ten newest cut off": _cut,
    "the ten newest cut off, also from the checkpoints": _cut_with_checkpoints,
    "the ten newest cut off, also from the folder": _cut_with_files,
    "rolled back to an older copy, with its files": _rolled_back,
    "an event put behind the newest": _inserted,
    "an event put in between, chain made right": _inserted_in_between,
    "the newest event under another number": _under_another_number,
    "everything rewritten from one event on": _rewritten,
    "rewritten, the checkpoints deleted": _rewritten_without_checkpoints,
    "rewritten, the checkpoints and their files deleted": _rewritten_without_files,
    "the log emptied": _emptied,
    "the log and the checkpoints emptied": _emptied_with_checkpoints,
    "the log, the checkpoints and their files emptied": _emptied_with_files,
    "the root of a checkpoint in the database": _root_changed,
    "the roots in the folder, signed by nobody": _note_of_other_key,
}


_NUMBERS_BACK = """
SELECT setval(pg_get_serial_sequence('audit_events', 'seq'), (SELECT last_value FROM saved_numbers))
"""
IN_THE_FOLDER = ("folder", "files", "rolled back", "rewritten", "emptied")
"""Words of those that the folder of checkpoints has a part in."""


@dataclass(frozen=True)
class SavedLog:
    """The log and the folder as they were, to be put back."""

    connection: SqlConnection
    checkpoints: Path

    async def save(self) -> None:
        for table in ("audit_events", "checkpoints"):
            await self.connection.execute(f"CREATE TEMP TABLE saved_{table} AS TABLE {table}")
        numbers = await self.connection.fetchval("SELECT pg_get_serial_sequence('audit_events', 'seq')")
        await self.connection.execute(f"CREATE TEMP TABLE saved_numbers AS SELECT last_value FROM {numbers}")
        shutil.copytree(self.checkpoints, self._copy, dirs_exist_ok=True)

    async def put_back(self) -> None:
        """Every row and file, the next number and PostgreSQL's count of deleted rows, which betrays a deletion."""
        await self.connection.execute(REPLICA)
        async with self.connection.transaction():
            for table in ("audit_events", "checkpoints"):
                await self.connection.execute(f"DELETE FROM {table}")
                await self.connection.execute(
                    f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM saved_{table}"
                )
            await self.connection.execute(_NUMBERS_BACK)
        for file in self.checkpoints.glob("*.txt"):
            file.unlink()
        shutil.copytree(self._copy, self.checkpoints, dirs_exist_ok=True)
        await forget_deletions(self.connection)

    @property
    def _copy(self) -> Path:
        return self.checkpoints.with_name("checkpoints-saved")

    def forget(self) -> None:
        shutil.rmtree(self._copy, ignore_errors=True)
