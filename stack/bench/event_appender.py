"""Appends events to the log as the API does, one transaction each, with a wake-up of the relay after the commit.

The events are those of existing orders, ``order.generated``, written again under new ids: each is one webhook and
leads to no message in a chat.

One rule: the canonical text is made by the log's own function, so that the log stays valid.
"""

import asyncio
import contextlib
import hashlib
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from core.kernel.clock import SystemClock
from core.kernel.ids import new_id
from core.log.append import canonical_text
from core.log.channel import NOTIFY_CHANNEL
from stack.bench.bench_installation import BenchInstallation, SqlConnection
from stack.bench.fill.fill_database import fill
from stack.bench.progress import say

SUBJECTS = 2000
"""Events of one order go out one after the other, so there must be many orders."""
_PAUSE_SECONDS = 0.005
_PURCHASES_TO_FILL = 3000
_CORRELATION = "bench"
"""Of what is written here: only events of real orders are written again."""
_COLUMNS = (
    "id", "occurred_at", "type", "actor", "actor_kind", "on_behalf_of", "channel", "chat_id", "message_id",
    "subject_kind", "subject_id", "subject_version", "request_id", "correlation_id", "causation_id", "data",
)  # fmt: skip
_SAMPLES = f"""
SELECT {", ".join(f"e.{name}" for name in _COLUMNS)} FROM audit_events e
JOIN purchase_orders o ON o.id = e.subject_id
WHERE e.type = 'order.generated' AND e.correlation_id <> '{_CORRELATION}'
  AND o.issued_at IS NOT NULL AND o.state <> 'cancelled'
ORDER BY e.seq DESC LIMIT {SUBJECTS}
"""
_PLACES = ", ".join(f"${number}" for number in range(1, len(_COLUMNS) + 3))
_INSERT = f"INSERT INTO audit_events ({', '.join(_COLUMNS)}, canonical, digest) VALUES ({_PLACES})"


@dataclass
class EventAppender:
    """Some connections, the events to write again, and when each new one was committed."""

    connections: asyncio.Queue[SqlConnection]
    samples: Sequence[Mapping[str, Any]]
    committed: dict[str, float]
    written: int = 0
    poked: asyncio.Event = field(default_factory=asyncio.Event)

    async def append(self, count: int = 1) -> None:
        """So many events in one transaction; the clock of each starts at its commit."""
        rows = [self._row() for _ in range(count)]
        connection = await self.connections.get()
        try:
            async with connection.transaction():
                await connection.executemany(_INSERT, rows)
            now = time.monotonic()
        finally:
            self.connections.put_nowait(connection)
        self.committed.update({str(row[0]): now for row in rows})
        self.poked.set()

    def _row(self) -> list[object]:
        sample = self.samples[self.written % len(self.samples)]
        self.written += 1
        envelope = dict(sample) | {
            "id": new_id(),
            "occurred_at": SystemClock().now(),
            "channel": "api",
            "correlation_id": _CORRELATION,
            "data": json.loads(sample["data"]),
        }
        canonical = canonical_text(envelope)
        envelope["data"] = json.dumps(envelope["data"])
        values = [envelope[name] for name in _COLUMNS]
        return [*values, canonical, hashlib.sha256(canonical.encode()).digest()]

    async def wake(self, connection: SqlConnection) -> None:
        """Until cancelled: notify the relay like an api, at once and at most each five milliseconds."""
        while True:
            await self.poked.wait()
            self.poked.clear()
            await connection.execute(f"NOTIFY {NOTIFY_CHANNEL}")
            await asyncio.sleep(_PAUSE_SECONDS)


@contextlib.asynccontextmanager
async def appending(bench: BenchInstallation, size: int = 4) -> AsyncIterator[EventAppender]:
    """An appender that wakes the relay meanwhile; the database is filled first when it has too few orders."""
    samples = await bench.connection.fetch(_SAMPLES)
    if len(samples) < SUBJECTS:
        say(f"filling the database with {_PURCHASES_TO_FILL} purchases, once")
        await fill(bench, _PURCHASES_TO_FILL)
        samples = await bench.connection.fetch(_SAMPLES)
    async with contextlib.AsyncExitStack() as stack:
        connections: asyncio.Queue[SqlConnection] = asyncio.Queue()
        for _ in range(size):
            connections.put_nowait(await _connected(stack, bench.database_url))
        appender = EventAppender(connections, [dict(row) for row in samples], {})
        waking = await _connected(stack, bench.database_url)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(appender.wake(waking))
            yield appender
            task.cancel()


async def _connected(stack: contextlib.AsyncExitStack, url: str) -> SqlConnection:
    connection = await asyncpg.connect(url)
    stack.push_async_callback(connection.close)
    return connection
