"""The guarded update of every aggregate: it replaces only the version that was read.

One rule: an aggregate's row changes only here, so that the slower of two calls gets Stale and overwrites
nothing.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Table, bindparam, select, update

from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.db.pending import SwapWrite


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
) -> None:
    """Write all these columns over the row that was read; Stale at the latest before the commit."""
    names = frozenset(columns) - {"id"}
    facts = {f"new_{name}": columns[name] for name in names}
    await connection.later(
        SwapWrite(
            statement=_swap(table, names),
            values={**facts, "row_id": before.id, "row_version": before.version},
            table=table.name,
            row_id=before.id,
            version=before.version,
            what=what,
            current=_current(table),
        )
    )


@cache
def _swap(table: Table, names: frozenset[str]) -> Prebuilt:
    """One statement per table and set of columns."""
    return Prebuilt(
        update(table)
        .where(table.c.id == bindparam("row_id"), table.c.version == bindparam("row_version"))
        .values({name: bindparam(f"new_{name}") for name in sorted(names)})
        .returning(table.c.id)
    )


@cache
def _current(table: Table) -> Prebuilt:
    return Prebuilt(select(table.c.version).where(table.c.id == bindparam("row_id")))
