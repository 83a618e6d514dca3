"""Statements as the driver takes them: SQLAlchemy Core writes the SQL, once per shape of a statement.

One rule: what a caller gives is an argument, never a part of the SQL; only constants of our own code are written out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Boolean, Executable, Integer, String, Table, TableClause, UpdateBase
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter, ClauseElement, TextClause
from sqlalchemy.util import LRUCache

Values = Mapping[str, Any]
_REQUIRED = object()
_UNREAD = object()
_shapes: LRUCache[Any, Any] = LRUCache(2_000)
"""Compiled statements by SQLAlchemy's cache key; one for all engines of the process."""


def _dialect() -> PGDialect_asyncpg:
    dialect = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
    dialect.server_version_info = (15, 0)  # only asked for what the server can do
    return dialect


DIALECT = _dialect()


@dataclass(frozen=True, slots=True)
class BoundStatement:
    """SQL with ``$1``, ``$2``…, its arguments in that order, and whether it answers with rows."""

    sql: str
    arguments: Sequence[Any]
    returns_rows: bool


def bind(statement: "Executable | Prebuilt", values: Values | None = None) -> BoundStatement:
    """A statement with these values for its bind parameters, or for the columns of a bare INSERT."""
    if isinstance(statement, Prebuilt):
        return statement.bind(values or {})
    compiled, extracted, collected, _ = cast("ClauseElement", statement)._compile_w_cache(
        DIALECT, compiled_cache=_shapes, column_keys=sorted(values) if values else []
    )
    sql = cast("SQLCompiler", compiled)
    parameters = sql.construct_params(
        values, extracted_parameters=extracted, escape_names=False, _collected_params=collected
    )
    text = sql.string
    names: Sequence[str] = sql.positiontup or ()
    converters: Mapping[str, Any] = sql._bind_processors
    if sql.post_compile_params or sql.literal_execute_params:
        expanded = sql._process_parameters_for_postcompile(parameters)
        text, names, parameters = expanded.statement, expanded.positiontup or (), dict(expanded.parameters)
        converters = {**converters, **expanded.processors}
    return BoundStatement(
        text, [_converted(converters, name, parameters[name]) for name in names], _answers(sql)
    )


def bind_many(statement: "Executable | Prebuilt", rows: Sequence[Values]) -> tuple[str, list[Sequence[Any]]]:
    """The SQL of a statement that is executed once per row, and the arguments of each."""
    prebuilt = statement if isinstance(statement, Prebuilt) else Prebuilt(statement, columns=sorted(rows[0]))
    bound = [prebuilt.bind(row) for row in rows]
    return bound[0].sql, [each.arguments for each in bound]


class Prebuilt:
    """A statement of a hot path: built when its module is loaded, compiled once; what differs are bind parameters."""

    __slots__ = ("_columns", "_returns_rows", "_slots", "_sql", "_tables", "statement")

    def __init__(self, statement: Executable, *, columns: Sequence[str] | None = None) -> None:
        self.statement = statement
        self._columns = columns
        self._sql: str | None = None
        self._slots: tuple[tuple[str, Any, Any], ...] = ()
        self._returns_rows = True
        self._tables: frozenset[str] | object | None = _UNREAD

    @property
    def compiled(self) -> tuple[str, int]:
        """The SQL, and how many parameters it has."""
        if self._sql is None:
            self._compile()
        return self._sql or "", len(self._slots)

    @property
    def tables(self) -> frozenset[str] | None:
        """The tables that it reads, changes, or refers to by what it changes; None when a text may name others."""
        if self._tables is _UNREAD:
            self._tables = _tables_of(cast("ClauseElement", self.statement))
        return cast("frozenset[str] | None", self._tables)

    def bind(self, values: Values) -> BoundStatement:
        """The statement with these values; KeyError names a parameter that has none."""
        if self._sql is None:
            self._compile()
        arguments = []
        for name, constant, convert in self._slots:
            value = values[name] if constant is _REQUIRED else values.get(name, constant)
            arguments.append(value if convert is None else convert(value))
        return BoundStatement(self._sql or "", arguments, self._returns_rows)

    def _compile(self) -> None:
        element = cast("ClauseElement", self.statement)
        _write_out_constants(element)
        columns = list(self._columns) if self._columns is not None else None
        sql = cast("SQLCompiler", element.compile(dialect=DIALECT, column_keys=columns))
        required = {name for parameter, name in sql.bind_names.items() if parameter.required}
        if any(parameter.required for parameter in sql.post_compile_params):
            raise TypeError("a prebuilt statement takes an array with = ANY, not an IN of a parameter")
        expanded = sql._process_parameters_for_postcompile(sql.construct_params(_check=False) or {})
        converters = {**sql._bind_processors, **expanded.processors}
        self._slots = tuple(
            (name, _REQUIRED if name in required else expanded.parameters[name], converters.get(name))
            for name in expanded.positiontup or ()
        )
        self._returns_rows = _answers(sql)
        self._sql = expanded.statement


def _tables_of(element: ClauseElement) -> frozenset[str] | None:
    found: set[str] = set()
    for each in visitors.iterate(element):
        if isinstance(each, TableClause):
            found.add(each.name)
        if isinstance(each, UpdateBase):
            keys = each.table.foreign_keys if isinstance(each.table, Table) else ()
            found.update(key.column.table.name for key in keys)
        if isinstance(each, TextClause):
            return None
    return frozenset(found)


def _write_out_constants(element: ClauseElement) -> None:
    """Constants such as states become part of the SQL: a plan for any state could not use the index of one state."""
    for each in visitors.iterate(element):
        if not isinstance(each, BindParameter) or each.required or each.callable or not each.unique:
            continue
        if isinstance(each.type, String | Integer | Boolean) and each.value is not None:
            each.literal_execute = True


def _converted(converters: Mapping[str, Any], name: str, value: Any) -> Any:
    convert = converters.get(name)
    return value if convert is None else convert(value)


def _answers(sql: SQLCompiler) -> bool:
    """A SELECT or a RETURNING; of plain text only the words can tell."""
    if sql._result_columns or not isinstance(sql.statement, TextClause):
        return bool(sql._result_columns)
    words = sql.string.split(None, 1)[0].upper() if sql.string.strip() else ""
    return words in ("SELECT", "WITH", "VALUES", "TABLE", "SHOW", "EXPLAIN") or " RETURNING " in sql.string
