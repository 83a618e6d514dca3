"""The edge: one function owns the transaction of a command.

    begin → person still entitled, idempotency key, vendor's fence (one statement) → use case → answer made
          → events into the log, answer under the key (one statement) → commit → wake the relay → only then answer

One rule: nothing is answered 2xx that was not committed, and nothing that was answered is lost.

A use case never commits, and a route never begins a transaction. After a serialization failure or a deadlock
the whole sequence is repeated.
"""

import asyncio
import datetime as dt
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar
from uuid import UUID

import asyncpg
import structlog
from pydantic import BaseModel
from sqlalchemy import Table, text
from starlette.responses import Response

from api.contract.values import Listing, UnshownRow
from api.server.wake import Waker
from core.access.actor import Actor, ActorKind
from core.access.guard import Changed
from core.access.roles import Role, roles_named
from core.db import idempotency
from core.db.compiled import Prebuilt
from core.db.connection import DATABASE_ERRORS, Connection
from core.db.engine import Engine, make_engine
from core.db.idempotency import KeyedResponse, StoredResponse
from core.db.locks import locking_sql
from core.db.pending import Write
from core.kernel.clock import Clock, DatabaseClock
from core.kernel.errors import DomainError, Refused, Unauthenticated, Unavailable, invalid
from core.log.refused_attempts import refusals_summary, refused_event
from core.log.unshown_rows import RowUnshown
from core.people import directory
from core.uow import FENCE, Reactions, Uow

log = structlog.get_logger()

R = TypeVar("R")
Work = Callable[[Uow, Actor], Awaitable[R]]
Present = Callable[[R], BaseModel | StoredResponse | Response | None]
"""Converts a read model to the wire: a model, nothing, an answer with its own status, or (queries) bytes."""

ATTEMPTS = 5
RETRYABLE = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.UniqueViolationError,
    asyncpg.InvalidCachedStatementError,
)
"""Also a unique row that another call wrote at the same moment, and a migration since the statement was prepared."""
UNAVAILABLE_STATES = frozenset(
    {"55P03", "57014", "53100", "53200", "53300", "57P01", "57P03", "58030", "25P03"}
)
"""Also a full disk (53100), too little memory, and files that cannot be written."""
_LOST = (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError, asyncpg.InternalServerError)
MAX_UNSHOWN = 100
"""How many rows that cannot be shown a process reports; beyond that something else is wrong."""
REFUSALS_PER_HOUR = 60


@dataclass(frozen=True)
class Operation:
    """One call as the edge sees it: who, what, under which key."""

    actor: Actor
    name: str
    slice_name: str
    command: object
    status: int
    key: str | None
    body: bytes
    changes: Changed | None = None
    snapshot: bool = False
    """A query of several statements that are to read the same state."""


@dataclass(frozen=True)
class Engines:
    """Connections for commands, and others for queries.

    A command reads and writes rows by their keys, so one plan per statement is right. The plan of a list depends on
    what it is limited to; and a query can write nothing.
    """

    commands: Engine
    queries: Engine

    @classmethod
    def of(cls, url: str, size: int, clock: DatabaseClock) -> "Engines":
        return cls(
            make_engine(url, size=size, name="parley api", clock=clock, generic_plans=True),
            make_engine(url, size=size, name="parley api queries", clock=clock, read_only=True),
        )

    async def dispose(self) -> None:
        await self.commands.dispose()
        await self.queries.dispose()


class Edge:
    """The engines, the clock and the reactions; one per process."""

    def __init__(self, engines: Engines, clock: Clock, reactions: Reactions, waker: Waker) -> None:
        self._engines = engines
        self._clock = clock
        self._reactions = reactions
        self._waker = waker
        self._refusals: dict[tuple[str, int], int] = {}
        self._unshown: set[UUID] = set()

    @property
    def now(self) -> dt.datetime:
        """PostgreSQL's time, for what is checked before a transaction."""
        return self._clock.now()

    async def run(self, operation: Operation, work: Work[R], present: Present[R]) -> Response:
        """Run a command exactly once and return the committed answer."""
        return await self._guarded(operation, lambda: self._command_or_known(operation, work, present))

    async def read(self, operation: Operation, work: Work[R], present: Present[R]) -> Response:
        """Run a query."""
        return await self._guarded(operation, lambda: self._query(operation, work, present))

    async def _guarded(self, operation: Operation, attempt: Callable[[], Awaitable[Response]]) -> Response:
        try:
            return await self._with_retries(operation, attempt)
        except Refused as error:
            await self._record_refusal(operation, error)
            raise

    async def _with_retries(
        self, operation: Operation, attempt: Callable[[], Awaitable[Response]]
    ) -> Response:
        for number in range(1, ATTEMPTS + 1):
            try:
                return await attempt()
            except RETRYABLE:
                if number == ATTEMPTS:
                    raise
                await asyncio.sleep(random.uniform(0, 0.01 * 2**number))
            except DATABASE_ERRORS as error:
                if _cannot_be_stored(error):
                    log.warning("value.unchecked", operation=type(operation.command).__name__)
                    raise invalid("/", "value.impossible", "a value cannot be stored", "1") from error
                if not _is_unavailable(error):
                    raise
                raise Unavailable() from error
        raise Unavailable()

    async def _command_or_known(self, operation: Operation, work: Work[R], present: Present[R]) -> Response:
        """The command's answer; a refusal may only mean that the same call ended while this one looked for its key."""
        try:
            return await self._command(operation, work, present)
        except DomainError as error:
            if operation.key is None or isinstance(error, Unauthenticated):
                raise
            async with self._engines.queries.autocommit() as connection:
                known = await idempotency.stored_response(
                    connection, operation.actor.label, operation.key, _fingerprint(operation)
                )
            if known is None:
                raise
            return _response(known)

    async def _command(self, operation: Operation, work: Work[R], present: Present[R]) -> Response:
        async with self._engines.commands.begin() as connection:
            uow = self._uow(connection, operation.actor)
            body_hash = _fingerprint(operation) if operation.key is not None else b""
            known = await _open(uow, operation, body_hash)
            if known is not None:
                return _response(known)
            result = present(await work(uow, operation.actor))
            response = _stored_response(result, operation.status)
            await uow.finish(
                None
                if operation.key is None
                else KeyedResponse(operation.actor.label, operation.key, body_hash, response, uow.now)
            )
        if uow.recorded_events:
            self._waker.wake()
        return _response(response)

    async def _query(self, operation: Operation, work: Work[R], present: Present[R]) -> Response:
        async with self._reading(operation) as connection:
            uow = self._uow(connection, operation.actor)
            await _open(uow, replace(operation, key=None) if operation.key is not None else operation, b"")
            result = present(await work(uow, operation.actor))
        if isinstance(result, Listing) and result.unshown:
            await self.report_unshown(operation.actor, result.unshown)
        if uow.notes:
            await self._note(uow.notes)
        return (
            result if isinstance(result, Response) else _response(_stored_response(result, operation.status))
        )

    def _reading(self, operation: Operation) -> AbstractAsyncContextManager[Connection]:
        """Each statement reads what is committed, so a transaction around them would change nothing.

        A vendor needs one: the fence is a setting of the transaction. So does a snapshot.
        """
        engine = self._engines.queries
        if operation.snapshot or operation.actor.is_vendor:
            return engine.begin(snapshot=operation.snapshot)
        return engine.autocommit()

    def _uow(self, connection: Connection, actor: Actor) -> Uow:
        return Uow(connection, actor=actor, clock=self._clock, reactions=self._reactions)

    async def report_unshown(self, actor: Actor, rows: Sequence[UnshownRow]) -> None:
        """Tell the administrators of each row once per process, in a short transaction of its own."""
        fresh = [row for row in rows if row.id not in self._unshown][:MAX_UNSHOWN]
        if not fresh or len(self._unshown) >= MAX_UNSHOWN:
            return
        try:
            async with self._engines.commands.begin() as connection:
                uow = self._uow(connection, actor)
                for row in fresh:
                    await uow.record(
                        RowUnshown(subject_id=row.id, subject_version=1, row=row.kind, number=row.number)
                    )
                await uow.finish()
        except DATABASE_ERRORS as failure:
            log.warning("row.not_reported", why=type(failure).__name__)
            return
        self._unshown.update(row.id for row in fresh)
        self._waker.wake()

    async def _note(self, notes: Sequence[Write]) -> None:
        """Write what is to be known about a reading, such as which hints it showed, before it is answered."""
        async with self._engines.commands.begin() as connection:
            await connection.later(*notes)
            await connection.flush()

    async def _record_refusal(self, operation: Operation, error: Refused) -> None:
        """Record a refused attempt of a signed-in person, in a short transaction of its own."""
        actor = operation.actor
        count = self._refusals_of(actor)
        if actor.kind is not ActorKind.person or count > REFUSALS_PER_HOUR + 1:
            return
        event = refused_event(actor, operation.name, operation.slice_name, operation.command, error)
        if count == REFUSALS_PER_HOUR + 1:
            event = refusals_summary(actor, REFUSALS_PER_HOUR)
        try:
            async with self._engines.commands.begin() as connection:
                uow = self._uow(connection, actor)
                await uow.record(event)
                await uow.finish()
                error.able = await _able(connection, actor, error)
        except DATABASE_ERRORS as failure:
            log.warning("refusal.not_recorded", code=error.code, why=type(failure).__name__)
            return
        self._waker.wake()

    def _refusals_of(self, actor: Actor) -> int:
        """Counted per hour, so that nobody can fill the log with refused attempts."""
        hour = int(self._clock.now().timestamp()) // 3600
        self._refusals = {key: count for key, count in self._refusals.items() if key[1] == hour}
        count = self._refusals.get((actor.label, hour), 0) + 1
        self._refusals[(actor.label, hour)] = count
        return count


@cache
def _opening(*, keyed: bool, vendor: bool, changes: Table | None) -> Prebuilt:
    """The first statement of a call: the person's epoch, the answer to the key, two locks, the vendor's fence.

    The purchase's lock is only waited for when the key is free; nothing that is changed is read here. The clock is
    read last, by what the row was made of: after the lock.
    """
    columns = [
        "(SELECT epoch FROM people WHERE id = :person AND active) AS epoch",
        "one.free",
        "clock_timestamp() AS shown",
    ]
    source = "(SELECT true AS free) AS one"
    if keyed:
        columns.append("known.body_hash, known.status, known.answer")
        source = (
            "(SELECT pg_try_advisory_xact_lock(:lock) AS free OFFSET 0) AS one"
            " LEFT JOIN idempotency_keys AS known ON known.actor = :actor AND known.key = :key"
        )
    if changes is not None:
        columns.append("found.request_id")
        locking = locking_sql(changes, ":changed") + " AND one.free"
        locking += " AND known.body_hash IS NULL" if keyed else ""
        source += f" LEFT JOIN LATERAL ({locking}) AS found (request_id, locked, locked_at) ON true"
    if vendor:
        columns.append(FENCE)
    return Prebuilt(text(f"SELECT {', '.join(columns)} FROM {source}"))


async def _open(uow: Uow, operation: Operation, body_hash: bytes) -> StoredResponse | None:
    """Begin a call: refuse a token of an older epoch or of a disabled person, and find the answer that the key has."""
    actor, changes = operation.actor, operation.changes
    facts: dict[str, object] = {"person": actor.person_id}
    if operation.key is not None:
        lock = idempotency.lock_number(actor.label, operation.key)
        facts |= {"lock": lock, "actor": actor.label, "key": operation.key}
    if changes is not None:
        facts["changed"] = getattr(operation.command, changes.attribute)
    if actor.vendor_id is not None:
        facts["vendor"] = str(actor.vendor_id)
    table = changes.table if changes is not None else None
    statement = _opening(keyed=operation.key is not None, vendor=actor.is_vendor, changes=table)
    found = (await uow.connection.execute(statement, facts)).one()
    uow.heard(found.shown)
    if actor.person_id is not None and found.epoch != actor.epoch:
        raise Unauthenticated()
    if actor.vendor_id is not None:
        uow.fenced(found.role)
    if changes is not None and found.request_id is not None:
        uow.locked(changes.table, getattr(operation.command, changes.attribute), found.request_id)
    return None if operation.key is None else idempotency.known_response(found, body_hash)


async def _able(connection: Connection, actor: Actor, error: Refused) -> tuple[str, ...]:
    """Who could do what was refused, by name; a vendor is told no names, and a role that most have needs none."""
    roles = roles_named(str(error.facts().get("who", "")))
    if actor.is_vendor or not roles or Role.requester in roles or Role.vendor in roles:
        return ()
    return await directory.names_with_roles(connection, roles)


def _fingerprint(operation: Operation) -> bytes:
    return idempotency.fingerprint(operation.name, operation.body)


def _stored_response(result: BaseModel | StoredResponse | Response | None, status: int) -> StoredResponse:
    """The answer that is stored and sent; raw bytes are for queries only."""
    match result:
        case None:
            return StoredResponse(status, "")
        case StoredResponse():
            return result
        case BaseModel():
            return StoredResponse(status, result.model_dump_json())
        case _:
            raise TypeError("a command answers with a model")


def _response(stored: StoredResponse) -> Response:
    if not stored.body:
        return Response(status_code=204)
    return Response(stored.body, stored.status, media_type="application/json")


def _cannot_be_stored(error: Exception) -> bool:
    """The server refuses a value (class 22), or the driver cannot encode it."""
    return isinstance(error, asyncpg.DataError) or (
        isinstance(error, asyncpg.InterfaceError) and isinstance(error, ValueError)
    )


def _is_unavailable(error: Exception) -> bool:
    """Too slow, too busy, restarting or gone: nothing was committed, so the same key may be used again."""
    if isinstance(error, _LOST):
        return True
    state = str(getattr(error, "sqlstate", None) or "")
    return state in UNAVAILABLE_STATES or state.startswith("08")
