"""Several rows in one statement: rows read inside their parent's row, and rows inserted from arrays.

One rule: however many rows there are, the statement stays the same, so it is built and prepared once.

    nested(lines, _L.id, _L.unit, where=_L.request_id == _R.id, order_by=_L.position)   # a column: tuples
    insert_one(requests, "id", "number"), insert_many(lines, "id", "unit")              # their parameters:
    one_row(requests, {...}) | many_rows(lines, [{...}, {...}])
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Insert, Select, String, Table, Text, bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine


def nested(*columns: ColumnElement[Any], where: ColumnElement[bool], order_by: Any) -> ColumnElement[Any]:
    """The rows that belong to the row around them, as a list of tuples; arrays cannot be among their columns."""
    return func.array(select(func.row(*columns)).where(where).order_by(order_by).scalar_subquery())


def insert_one(table: Table, *names: str) -> Insert:
    """An INSERT of one row, whose parameters ``one_row`` gives."""
    return insert(table).values({name: bindparam(_parameter(table, name)) for name in names})


def insert_many(table: Table, *names: str) -> Insert:
    """An INSERT of any number of rows, whose parameters ``many_rows`` gives."""
    return insert(table).from_select(*unnested(table, *names))


def unnested(table: Table, *names: str) -> tuple[list[str], Select[Any]]:
    """The names, and a SELECT of the rows that ``many_rows`` gives; for an INSERT with more clauses."""
    arrays = [
        func.unnest(bindparam(_parameter(table, name), type_=ARRAY(_uncut(table.c[name].type)))).label(name)
        for name in names
    ]
    return list(names), select(*arrays)


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
