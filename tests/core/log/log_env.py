"""A log to prove things about, under the logins that the processes have: written by the app, sealed by the
sealer, read by a reader, and tampered with by whoever owns the machine.

    ledger.write("a", "b")      two facts in one committed transaction
    ledger.seal()               one sealing transaction
    ledger.verdict()            what an auditor is told
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Row, text

from core.access.actor import Actor, Channel, Evidence
from core.access.roles import Role
from core.db.connection import Connection
from core.db.engine import make_engine
from core.kernel.clock import FixedClock
from core.kernel.ids import PersonId, new_id
from core.log import checkpoint
from core.log.events import Event
from core.log.merkle import MerkleTree
from core.log.notes import Checkpoint, sign
from core.log.seal import SealResult, Subscriptions, seal
from core.log.verify import Verification, verify
from core.log.witnesses import Witness
from core.uow import Uow
from tests.support.postgres import Database
from tests.support.uow import NOW, begin

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ROSA = Actor.person(PersonId(UUID(int=7)), "Rosa", frozenset({Role.requester})).with_call(
    Channel.telegram, Evidence("1001", "42"), "correlation-1"
)


@dataclass(frozen=True, kw_only=True)
class Noted(Event):
    """Somebody noted something: a fact with every kind of column filled."""

    type: ClassVar[str] = "note.taken"
    subject_kind: ClassVar[str] = "note"
    words: str
    amount: Decimal = Decimal("12.50")


def noted(words: str, subject: UUID | None = None, version: int = 1) -> Noted:
    return Noted(
        subject_id=subject or new_id(),
        subject_version=version,
        request_id=new_id(),
        on_behalf_of=new_id(),
        words=words,
    )


class LogEnv:
    """One database's log and the three who touch it."""

    def __init__(self, database: Database) -> None:
        self.clock = FixedClock(NOW)
        self.app = make_engine(database.app_url, size=12, name="tests app")
        self.sealer = make_engine(database.sealer_url, size=3, name="tests sealer")
        self.superuser = make_engine(database.admin_url, size=2, name="tests superuser")

    async def close(self) -> None:
        for engine in (self.app, self.sealer, self.superuser):
            await engine.dispose()

    @asynccontextmanager
    async def transaction(self, actor: Actor = ROSA) -> AsyncIterator[Uow]:
        async with begin(self.app, actor, self.clock, {}) as uow:
            yield uow

    async def write(self, *words: str, subject: UUID | None = None, actor: Actor = ROSA) -> None:
        """These facts, in one transaction; the actor is somebody of ours, whose chat the log keeps."""
        await self._add_person(actor)
        async with self.transaction(actor) as uow:
            for each in words:
                await uow.record(noted(each, subject))

    async def _add_person(self, actor: Actor) -> None:
        if actor.person_id is None:
            return
        add = "INSERT INTO people (id, name, created_at) VALUES (:id, :name, now()) ON CONFLICT DO NOTHING"
        async with self.app.begin() as connection:
            await connection.execute(text(add), {"id": actor.person_id, "name": actor.label})

    async def seal(self, subscriptions: Subscriptions | None = None) -> SealResult:
        async with self.sealer.begin() as connection:
            return await seal(connection, subscriptions or Subscriptions({}), self.clock.now())

    async def verdict(self, kept: Sequence[Checkpoint] = ()) -> Verification:
        async with self.app.connect() as connection:
            return await verify(connection, [somebody(*kept)])

    async def publish(self) -> Checkpoint:
        """A checkpoint of the log as it stands, remembered in the database and given away."""
        async with self.sealer.begin() as connection:
            made = await checkpoint_of(connection)
            await checkpoint.store(connection, made, self.clock.now())
        return made

    async def rows(self, query: str, **facts: object) -> Sequence[Row[Any]]:
        async with self.superuser.connect() as connection:
            return (await connection.execute(text(query), facts)).all()

    async def words(self) -> list[str]:
        """What was noted, in the order of the log; unsealed facts are not there."""
        rows = await self.rows(
            "SELECT data->>'words' AS words FROM audit_events WHERE position IS NOT NULL ORDER BY position"
        )
        return [row.words for row in rows]

    async def positions(self) -> list[int]:
        rows = await self.rows("SELECT position FROM audit_events ORDER BY position")
        return [row.position for row in rows]


def somebody(*kept: Checkpoint) -> Witness:
    """Somebody who kept these checkpoints."""
    return Witness("somebody's drawer", kept)


async def checkpoint_of(connection: Connection) -> Checkpoint:
    tree = MerkleTree()
    await checkpoint.extend(connection, tree)
    return sign(tree.size, tree.root(), KEY)
