"""Tampering with everything in reach: as superuser, with the checkpoint files, and with what they say made to agree.

One table: what is done, and the first position that an auditor is told. The burglar may read and write the database and
the checkpoint folder beside it, and has the key that signs. What they cannot reach is one witness: a copy elsewhere,
the checkpoint that Redis or n8n was given, or the head that a running process has seen.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import text

from core.db.connection import Connection
from core.kernel.ids import new_id
from core.log import checkpoint
from core.log.epochs import THE_LOG, LostPositions
from core.log.events import Event
from core.log.merkle import MerkleTree
from core.log.notes import Checkpoint, sign
from core.log.standing import contradicted
from core.log.verify import Verification, verify
from core.log.witnesses import COPY, FOLDER, LogHead, Witness, read_folder
from tests.core.log.log_env import KEY, LogEnv
from tests.core.log.test_verify import CUTS, EDITS, STRANGE, do, rewrite
from tests.support.postgres import Database, PostgresServer, drop_database, make_database

FACTS = 9
PUBLISHED = (3, 6, 9)
KEYS = [KEY.public_key()]
Tampering = Callable[["Burglary"], Awaitable[None]]


@dataclass(frozen=True)
class Burglary:
    """One break-in: a transaction that is rolled back, and the files of the folder beside the database."""

    connection: Connection
    folder: Path

    async def sql(self, statements: str) -> None:
        await do(self.connection, statements)

    def forget_files(self, above: int = 0) -> None:
        for size in PUBLISHED:
            if size > above:
                (self.folder / f"{size:012d}.txt").unlink()

    async def sign_anew(self) -> None:
        """The folder and the table get checkpoints of the log as it is now, signed with the stolen key."""
        await self.sql("DELETE FROM checkpoints WHERE size > 0 OR size <= 0")
        self.forget_files()
        tree = MerkleTree()
        await checkpoint.extend(self.connection, tree)
        made = sign(tree.size, tree.root(), KEY)
        (self.folder / f"{made.size:012d}.txt").write_text(made.note)
        chain = (
            "SELECT size, root, chain, note, now() FROM audit_events, (SELECT {}) AS made (size, root, note)"
        )
        values = f"{made.size}, '\\x{made.root.hex()}'::bytea, 'kept'"
        await self.connection.execute(
            text(f"INSERT INTO checkpoints {chain.format(values)} WHERE position = size".replace(":", "\\:"))
        )

    async def cut(self, left: int) -> None:
        """As if nothing had ever come after, the sequence included."""
        await self.sql(f"DELETE FROM audit_events WHERE position > {left}")
        await self.sql(f"SELECT setval('audit_events_seq_seq', {max(left, 1)}, {left > 0})")


def statements(sql: str) -> Tampering:
    async def tamper(burglary: Burglary) -> None:
        await burglary.sql(sql)

    return tamper


def rewritten(first: int, before: str, after: str) -> Tampering:
    """A careful full rewrite: texts, digests, chain, checkpoints and files all agree."""

    async def tamper(burglary: Burglary) -> None:
        await rewrite(burglary.connection, first, lambda canonical: canonical.replace(before, after))
        await burglary.sign_anew()

    return tamper


def cut_to(left: int) -> Tampering:
    async def tamper(burglary: Burglary) -> None:
        await burglary.cut(left)
        await burglary.sign_anew()

    return tamper


async def roll_back(burglary: Burglary) -> None:
    """An older dump, with the checkpoints and files of its day."""
    await burglary.cut(6)
    await burglary.sql("DELETE FROM checkpoints WHERE size > 6")
    burglary.forget_files(above=6)


async def empty(burglary: Burglary) -> None:
    await burglary.cut(0)
    await burglary.sql("DELETE FROM checkpoints")
    burglary.forget_files()


async def roll_back_and_grow_again(burglary: Burglary) -> None:
    await rewrite(burglary.connection, 7, lambda canonical: canonical.replace("fact", "other fact"))
    await burglary.sql("DELETE FROM checkpoints WHERE size > 6")
    burglary.forget_files(above=6)


async def forge_file(burglary: Burglary) -> None:
    file = burglary.folder / f"{6:012d}.txt"
    file.write_text(file.read_text().replace("parley/log\n6\n", "parley/log\n5\n"))


async def empty_file(burglary: Burglary) -> None:
    (burglary.folder / f"{3:012d}.txt").write_text("")


async def sign_another_root(burglary: Burglary) -> None:
    (burglary.folder / f"{6:012d}.txt").write_text(sign(6, bytes(32), KEY).note)


async def sign_the_future(burglary: Burglary) -> None:
    (burglary.folder / f"{99:012d}.txt").write_text(sign(99, bytes(32), KEY).note)


TAMPERINGS: dict[str, tuple[Tampering, int]] = {
    **{
        f"{column} is edited": (
            statements(f"UPDATE audit_events SET {column} = {value} WHERE position = 4"),
            4,
        )
        for column, value in EDITS.items()
    },
    **{
        change: (statements(f"UPDATE audit_events SET {value} WHERE position = 4"), 4)
        for change, value in STRANGE.items()
    },
    **{
        change: (statements(sql), position)
        for change, (sql, position) in CUTS.items()
        if "tail" not in change and "checkpoint's" not in change
    },
    "a root in the table is changed": (
        statements("UPDATE checkpoints SET root = sha256(root) WHERE size = 6"),
        6,
    ),
    "a chain in the table is changed": (statements("UPDATE checkpoints SET chain = root WHERE size = 6"), 6),
    "a checkpoint in the table is moved": (statements("UPDATE checkpoints SET size = 5 WHERE size = 6"), 5),
    "all is rewritten": (rewritten(1, "12.50", "1.00"), 3),
    "one is rewritten, with all that follows": (rewritten(4, "fact 3", "nothing"), 6),
    "the newest is rewritten": (rewritten(9, "fact 8", "nothing"), 9),
    "the second is rewritten with another amount": (rewritten(2, "12.50", "99.00"), 3),
    "the first after a checkpoint is rewritten": (rewritten(7, "fact 6", "fact 9"), 9),
    "the newest is cut off": (cut_to(8), 9),
    "the tail is cut off": (cut_to(5), 6),
    "all but the first is cut off": (cut_to(1), 2),
    "an older dump is put back": (roll_back, 7),
    "an older dump is put back and the log grows again": (roll_back_and_grow_again, 9),
    "the log is emptied": (empty, 1),
    "a checkpoint file is forged": (forge_file, 6),
    "a checkpoint file is emptied": (empty_file, 3),
    "another root is signed with the stolen key": (sign_another_root, 6),
    "a checkpoint of the future is signed": (sign_the_future, FACTS + 1),
}
WHOLE = [name for name in TAMPERINGS if "rewrit" in name or "cut off" in name or "dump" in name] + [
    "the log is emptied"
]
"""Those that leave the database and its folder in perfect agreement."""


@dataclass(frozen=True)
class Sealed:
    log_env: LogEnv
    kept: tuple[Checkpoint, ...]
    head: LogHead


@pytest.fixture(scope="module")
async def sealed(postgres_server: PostgresServer, migrated_template: str) -> AsyncIterator[Sealed]:
    """Nine facts, published at three, six and nine."""
    database = await make_database(postgres_server, migrated_template)
    log_env = LogEnv(database)
    subject, kept = new_id(), []
    for size in PUBLISHED:
        await log_env.write(*(f"fact {number}" for number in range(size - 3, size)), subject=subject)
        await log_env.seal()
        kept.append(await log_env.publish())
    (row,) = await log_env.rows("SELECT chain FROM audit_events WHERE position = 9")
    yield Sealed(log_env, tuple(kept), LogHead(FACTS, row.chain))
    await log_env.close()
    await drop_database(database)


@pytest.fixture
async def burglary(sealed: Sealed, tmp_path: Path) -> AsyncIterator[Burglary]:
    for each in sealed.kept:
        (tmp_path / f"{each.size:012d}.txt").write_text(each.note)
    async with sealed.log_env.superuser.connect() as connection:
        await do(connection, "SET session_replication_role = replica")
        yield Burglary(connection, tmp_path)
        await connection.rollback()
        drawn = text("SELECT setval('audit_events_seq_seq', (SELECT max(seq) FROM audit_events))")
        await connection.execute(drawn)


async def told(burglary: Burglary, *elsewhere: Witness) -> Verification:
    return await verify(burglary.connection, [read_folder(burglary.folder, FOLDER, KEYS), *elsewhere])


def test_there_are_forty_ways() -> None:
    assert len(TAMPERINGS) >= 40


async def test_the_untouched_log_is_intact(sealed: Sealed, burglary: Burglary) -> None:
    found = await told(burglary, Witness(COPY, sealed.kept), Witness("a process", heads=(sealed.head,)))
    assert (found.ok, found.problem) == (True, None)


@pytest.mark.parametrize("change", TAMPERINGS)
async def test_each_tampering_is_named_with_its_first_position(
    sealed: Sealed, burglary: Burglary, change: str
) -> None:
    tamper, position = TAMPERINGS[change]
    await tamper(burglary)
    found = await told(burglary, Witness(COPY, sealed.kept))
    assert (found.ok, found.first_bad_position) == (False, position), found.problem


@pytest.mark.parametrize("change", WHOLE)
async def test_one_witness_is_enough_and_only_it_knows(
    sealed: Sealed, burglary: Burglary, change: str
) -> None:
    """Database and folder agree; whoever kept only the newest checkpoint or head is told, each alone."""
    tamper, _ = TAMPERINGS[change]
    await tamper(burglary)
    assert (await told(burglary)).ok
    newest = sealed.kept[-1:]
    for witness in (
        Witness("Redis", newest),
        Witness("n8n", newest),
        Witness("a process", heads=(sealed.head,)),
    ):
        found = await told(burglary, witness)
        assert not found.ok
        assert found.problem is not None
        assert witness.name in found.problem
        assert await contradicted(burglary.connection, [witness]), "and the quick look sees it too"


@dataclass(frozen=True, kw_only=True)
class LogPutBack(Event):
    """What a restore records, as far as a verification reads it."""

    type: ClassVar[str] = "note.log_put_back"
    subject_kind: ClassVar[str] = "log"
    restored_size: int
    lost_to: int


async def test_a_restored_log_says_what_is_lost_and_contradicts_nobody(
    log_env: LogEnv, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setattr("core.log.epochs.RESTORED", LogPutBack.type)
    await log_env.write("one", "two", "three")
    await log_env.seal()
    within = await log_env.publish()
    await log_env.write("four", "five")
    await log_env.seal()
    beyond = Witness(COPY, (within, await log_env.publish()))
    await database.hand.execute(
        "SET session_replication_role = replica; DELETE FROM audit_events WHERE position > 3;"
        "DELETE FROM checkpoints WHERE size > 3; SET session_replication_role = origin;"
        "SELECT setval('audit_events_seq_seq', 3)"
    )
    assert not (await log_env.verdict(beyond.checkpoints)).ok
    async with log_env.transaction() as uow:
        lost = LogPutBack(subject_id=THE_LOG, subject_version=1, restored_size=3, lost_to=5)
        await uow.record(lost)
    await log_env.seal()
    found = await log_env.verdict(beyond.checkpoints)
    assert (found.ok, found.lost) == (True, (LostPositions(4, 5),))
    async with log_env.app.connect() as connection:
        assert await contradicted(connection, [beyond]) == ""
        gone = Witness("a process", heads=(LogHead(5, bytes(32)),))
        assert await contradicted(connection, [gone]) != "", "what a process has seen itself is not excused"
