"""The guarded update of every aggregate: it replaces only the version that was read.

One rule: an aggregate's row changes only here, so that the slower of two calls gets Stale and overwrites
nothing.
"""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select, true, update

from core.db.connection import Connection
from core.kernel.errors import Stale


class Versioned(Protocol):
    """An aggregate as it was read."""

    @property
    def id(self) -> UUID: ...

    @property
    def version(self) -> int: ...


async def swap_row(
    connection: Connection,
    table: Table,
    before: Versioned,
    columns: Mapping[str, Any],
    *,
    what: str,
    guard: ColumnElement[bool] | None = None,
) -> None:
    """Write these columns over the row that was read, or raise Stale; ``still`` is one more condition."""
    same_row, same_version = table.c.id == before.id, table.c.version == before.version
    written = {name: value for name, value in columns.items() if name != "id"}
    extra = true() if guard is None else guard
    result = await connection.execute(update(table).where(same_row, same_version, extra).values(**written))
    if result.rowcount != 1:
        current = await connection.scalar(select(table.c.version).where(same_row))
        raise Stale(what=what, expected=before.version, current=current or 0)
