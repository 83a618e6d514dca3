"""Several rows in one statement: rows read inside their parent's row or beside another, and rows inserted from arrays.

One rule: however many rows there are, the statement stays the same, so it is built and prepared once.

    nested(lines, _L.id, _L.unit, where=_L.request_id == _R.id, order_by=_L.position)   # a column: tuples
    beside(rfq=select(rfqs)..., request=select(requests)...), part(row, "rfq")          # two rows as one
    insert_one(requests, "id", "number"), insert_many(lines, "id", "unit")              # their parameters:
    one_row(requests, {...}) | many_rows(lines, [{...}, {...}])
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Insert,
    Select,
    String,
    Table,
    Text,
    bindparam,
    func,
    insert,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from core.db.compiled import Prebuilt
from core.db.connection import Row
from core.db.pending import Write


def nested(*columns: ColumnElement[Any], where: ColumnElement[bool], order_by: Any) -> ColumnElement[Any]:
    """The rows that belong to the row around them, as a list of tuples; arrays cannot be among their columns."""
    return func.array(select(func.row(*columns)).where(where).order_by(order_by).scalar_subquery())


def beside(**selects: Select[Any]) -> Select[Any]:
    """One row with the columns of several SELECTs that find at most one row each; ``part`` takes it apart."""
    parts = {name: each.subquery(name) for name, each in selects.items()}
    source: FromClause = select(literal(1).label("one")).subquery("one")
    for each in parts.values():
        source = source.outerjoin(each, true())
    columns = [
        column.label(f"{name}_{column.name}") for name, each in parts.items() for column in each.columns
    ]
    return select(*columns).select_from(source)


def part(row: Row, name: str) -> "RowPart | None":
    """The columns of one of the SELECTs, which has an id; None when it found no row."""
    return RowPart(row, f"{name}_") if row[f"{name}_id"] is not None else None


class RowPart:
    """Some columns of a row, by the names that they have in their own SELECT."""

    __slots__ = ("_prefix", "_row")

    def __init__(self, row: Row, prefix: str) -> None:
        self._row = row
        self._prefix = prefix

    def __getattr__(self, name: str) -> Any:
        return self._row[self._prefix + name]


def insert_one(table: Table, *names: str) -> Insert:
    """An INSERT of one row, whose parameters ``one_row`` gives."""
    return insert(table).values({name: bindparam(_parameter(table, name)) for name in names})


def insert_many(table: Table, *names: str) -> Insert:
    """An INSERT of any number of rows, whose parameters ``many_rows`` gives."""
    return insert(table).from_select(*unnested(table, *names))


def unnested(table: Table, *names: str) -> tuple[list[str], Select[Any]]:
    """The names, and a SELECT of the rows that ``many_rows`` gives; for an INSERT with more clauses."""
    arrays = [
        func.unnest(bindparam(_parameter(table, name), type_=_array_of(table, name))).label(name)
        for name in names
    ]
    return list(names), select(*arrays)


def _array_of(table: Table, name: str) -> ARRAY[Any]:
    """Of one dimension: a JSON value that is a list itself is one value, and no dimension more."""
    return ARRAY(_uncut(table.c[name].type), dimensions=1)


def add_one(table: Table, *names: str) -> Prebuilt:
    """The same prebuilt, for ``added_one``."""
    return Prebuilt(insert_one(table, *names))


def add_many(table: Table, *names: str) -> Prebuilt:
    """The same prebuilt, for ``added_many``."""
    return Prebuilt(insert_many(table, *names))


def added_one(statement: Prebuilt, table: Table, row: Mapping[str, Any]) -> Write:
    """One row that is written later."""
    return Write(statement, one_row(table, row), table.name)


def added_many(statement: Prebuilt, table: Table, rows: Sequence[Mapping[str, Any]]) -> Write:
    """At least one row that is written later."""
    return Write(statement, many_rows(table, rows), table.name)


def one_row(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {_parameter(table, name): value for name, value in row.items()}


def many_rows(table: Table, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Every column as an array; there must be at least one row."""
    return {_parameter(table, name): [row[name] for row in rows] for name in rows[0]}


def _parameter(table: Table, name: str) -> str:
    """One statement may write several tables with columns of the same name."""
    return f"{table.name}_{name}"


def _uncut(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """A text that is cast to a type with a length would be cut; uncast, it is refused by its column."""
    return Text() if isinstance(kind, String) else kind
