"""Writes that nobody waits for: they are kept until a statement could see them, and then sent as one statement.

One rule: whoever reads a table reads what was written to it; only the number of round trips differs.

One statement changes a row once. So a second swap of a row takes the place of the first, over the version that the
first one found, and any other second write of a table waits until the first is sent.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.db.compiled import Prebuilt
from core.kernel.errors import NotFound, Stale

_PLACE = re.compile(r"\$(\d+)")

ALL_SWAPPED = "(true /* all swaps */)"
"""In the WHERE of a later INSERT: whether every swap of the same statement found its row. So a call that was too late
takes no number from a sequence."""


@dataclass(frozen=True, slots=True)
class Write:
    """An INSERT or UPDATE without WITH, its values, and the table that it changes."""

    statement: Prebuilt
    values: Mapping[str, Any]
    table: str


@dataclass(frozen=True, slots=True)
class SwapWrite(Write):
    """The guarded update of one row; it answers with that row, or with none when the version is another one."""

    row_id: object
    version: int
    what: str
    current: Prebuilt

    @property
    def row(self) -> tuple[str, object]:
        return self.table, self.row_id

    def after(self, earlier: "SwapWrite") -> "SwapWrite":
        """This version written over the one that the earlier swap found."""
        values = {**self.values, "row_version": earlier.version}
        return SwapWrite(
            self.statement, values, self.table, self.row_id, earlier.version, self.what, self.current
        )

    def refusal(self, current: int | None) -> Stale | NotFound:
        """Another version is there now, or for whoever wrote there is no such row any more."""
        if current is None:
            return NotFound(what=self.what)
        return Stale(what=self.what, expected=self.version, current=current)


class PendingWrites:
    """What one connection still has to send; all of it has the rights of one role."""

    __slots__ = ("_swaps", "_writes", "role")

    def __init__(self) -> None:
        self._writes: list[Write] = []
        self._swaps: dict[tuple[str, object], SwapWrite] = {}
        self.role = ""

    def __bool__(self) -> bool:
        return bool(self._writes or self._swaps)

    def __iter__(self) -> Iterator[Write]:
        yield from self._swaps.values()
        yield from self._writes

    def add(self, write: Write) -> None:
        if isinstance(write, SwapWrite):
            earlier = self._swaps.get(write.row)
            self._swaps[write.row] = write if earlier is None else write.after(earlier)
        else:
            self._writes.append(write)

    def takes(self, write: Write) -> bool:
        """Whether it may go into the same statement as the others."""
        if isinstance(write, SwapWrite):
            return self._follows(write) and all(each.table != write.table for each in self._writes)
        return all(each.table != write.table for each in self)

    def _follows(self, write: SwapWrite) -> bool:
        """Whether it was made from what the row's earlier swap wrote; one from an older version is Stale."""
        earlier = self._swaps.get(write.row)
        if earlier is None:
            return True
        return write.statement is earlier.statement and write.version == earlier.values["new_version"]

    def concern(self, statement: object) -> bool:
        """Whether this statement could see what is not sent yet; of one whose tables are unknown, it is assumed."""
        tables = statement.tables if isinstance(statement, Prebuilt) else None
        return tables is None or any(each.table in tables for each in self)

    def clear(self) -> None:
        self._writes.clear()
        self._swaps.clear()


@cache
def joined(writes: tuple[tuple[Prebuilt, bool], ...], role: str | None) -> str:
    """These writes as one statement, which counts the rows of each swap (True) and then enters a role, if any."""
    parts, columns, taken, found = [], [], 0, ["true"]
    for number, (statement, is_swap) in enumerate(writes):
        sql, places = statement.compiled
        guarded = _moved(sql, taken).replace(ALL_SWAPPED, f"({' AND '.join(found)})")
        parts.append(f"w{number} AS ({guarded})")
        taken += places
        if is_swap:
            columns.append(f"(SELECT count(*) FROM w{number})")
            found.append(f"(SELECT count(*) FROM w{number}) = 1")
    if role is not None:
        columns.append(f"set_config('role', '{role or 'none'}', true)")
    return f"WITH {', '.join(parts)} SELECT {', '.join(columns) or '1'}"


def _moved(sql: str, by: int) -> str:
    """The same SQL with its parameters counted from another number on."""
    return _PLACE.sub(lambda place: f"${int(place[1]) + by}", sql) if by else sql
