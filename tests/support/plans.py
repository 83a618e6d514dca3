"""Looks at how PostgreSQL answers the statements of a use case, while the use case runs.

    watched = watch(uow)            from here on every statement is also explained, and executed once more to be undone
    watched.statements              each with its plans: for these values, and for any values (a prepared plan)
    watched.problems                what reads or throws away more rows than a page could need

One rule: the statements are those that the use case sends, with its role and its values; no statement is written twice.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.uow import Uow

MOST_ROWS = 1_300
"""Rows that one step of a plan may read or throw away: a page with its parts, not a share of a table."""
_REMOVED = ("Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck")
_EXPLAIN = "EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF)"


@dataclass
class WatchedStatement:
    """One statement and what was wrong with its plans."""

    sql: str
    problems: list[str] = field(default_factory=list)


class ExplainingDriver:
    """The driver of one connection; explains whatever passes through."""

    def __init__(self, driver: Any, statements: list[WatchedStatement]) -> None:
        self._driver = driver
        self._statements = statements

    async def fetch(self, sql: str, *arguments: Any) -> Any:
        await self._explain(sql, arguments)
        return await self._driver.fetch(sql, *arguments)

    async def fetchval(self, sql: str, *arguments: Any) -> Any:
        await self._explain(sql, arguments)
        return await self._driver.fetchval(sql, *arguments)

    async def execute(self, sql: str, *arguments: Any) -> Any:
        await self._explain(sql, arguments)
        return await self._driver.execute(sql, *arguments)

    async def executemany(self, sql: str, many: Sequence[Sequence[Any]]) -> Any:
        self._statements.append(WatchedStatement(sql))
        return await self._driver.executemany(sql, many)

    async def _explain(self, sql: str, arguments: Sequence[Any]) -> None:
        if sql.split(None, 1)[0] not in ("SELECT", "WITH", "UPDATE", "INSERT", "DELETE"):
            return
        statement = WatchedStatement(sql)
        self._statements.append(statement)
        given = f"({', '.join(map(_literal, arguments))})" if arguments else ""
        await self._driver.execute(f"SAVEPOINT explained; PREPARE explained AS {sql}")
        for mode in ("force_custom_plan", "force_generic_plan"):
            await self._driver.execute(f"SET LOCAL plan_cache_mode = {mode}")
            found = await self._driver.fetchval(f"{_EXPLAIN} EXECUTE explained{given}")
            plan = json.loads(found) if isinstance(found, str) else found
            statement.problems += [f"{mode}: {each}" for each in _problems(plan[0]["Plan"])]
        await self._driver.execute("DEALLOCATE explained; ROLLBACK TO SAVEPOINT explained")


@dataclass
class Watched:
    """The statements of a unit of work since it was watched, until ``end``."""

    uow: Uow
    driver: Any
    statements: list[WatchedStatement] = field(default_factory=list)

    def end(self) -> None:
        """What is noted about the reading afterwards is not looked at."""
        self.uow.connection.driver = self.driver

    @property
    def problems(self) -> list[str]:
        return [f"{problem}\n{each.sql}" for each in self.statements for problem in each.problems]


def watch(uow: Uow) -> Watched:
    """From here on."""
    watched = Watched(uow, uow.connection.driver)
    uow.connection.driver = ExplainingDriver(uow.connection.driver, watched.statements)
    return watched


def _problems(plan: Mapping[str, Any]) -> Iterator[str]:
    for node in _nodes(plan):
        loops = node.get("Actual Loops", 1)
        where = f"{node['Node Type']} {node.get('Relation Name', '')} {node.get('Index Name', '')}".strip()
        rows, removed = node["Actual Rows"] * loops, sum(node.get(name, 0) for name in _REMOVED) * loops
        if "Scan" in node["Node Type"] and rows > MOST_ROWS:
            yield f"{where} reads {rows} rows"
        if removed > MOST_ROWS:
            yield f"{where} throws {removed} rows away"


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


def _literal(value: Any) -> str:
    """A value for EXECUTE, which takes it as the parameter's type."""
    match value:
        case None:
            return "NULL"
        case bool() | int() | Decimal():
            return f"'{value}'"
        case UUID() | str():
            return "'" + str(value).replace("'", "''") + "'"
        case dt.datetime() | dt.date():
            return f"'{value.isoformat()}'"
        case dt.timedelta():
            return f"'{value.total_seconds()} seconds'"
        case list() | tuple():
            return "'{" + ",".join(str(each) for each in value) + "}'"
        case _:
            raise TypeError(f"{type(value).__name__} has no literal here")
