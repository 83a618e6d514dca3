"""Pages of a list that is ordered by id, newest first: which rows stand on one, and where it stands in the whole list.

One rule: a page begins beside an item, never at a number, so that what disappears meanwhile moves nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Column, ColumnElement, func, select

from core.db.connection import Connection
from core.kernel.pagination import (
    DEFAULT_LIMIT,
    ListPlace,
    Page,
    UnreadableRow,
    decode_page_cursor,
    page_of,
    place_of,
)

T = TypeVar("T")


@dataclass(frozen=True)
class PageQuery:
    """``counted``: the whole list is counted too, which costs as much as the list is long.

    ``sort`` is a column of the listed table by which the list is ordered, from the highest or ``rising``; empty is
    newest first.
    """

    cursor: str | None = None
    limit: int = DEFAULT_LIMIT
    counted: bool = False
    sort: str = ""
    rising: bool = False


FIRST_PAGE = PageQuery()


async def read_page(
    connection: Connection,
    query: PageQuery,
    column: Column[Any],
    listed: ColumnElement[bool],
    load: Callable[[ColumnElement[bool], int], Awaitable[Sequence[T | UnreadableRow]]],
    key: Callable[[T], UUID],
) -> Page[T]:
    """The page of what is ``listed``, loaded by ``load`` from a condition and a number of rows.

    Before the beginning it is the first page. Behind the end a counted one is the last page, because people turn
    those, and another is empty.
    """
    wanted = await _on_page(connection, query, column, listed)
    rows = await load(listed & wanted if wanted is not None else listed, query.limit + 1)
    if query.counted and query.cursor is not None and not rows:
        begin = await _newest_of_oldest(connection, column, listed, query.limit)
        rows = await load(listed & (column <= begin), query.limit + 1) if begin is not None else rows
    page = page_of(rows, query.limit, key)
    if not query.counted:
        return page
    first = place_of(rows[0], key) if rows else None
    return replace(page, place=await _place(connection, column, listed, first))


async def _on_page(
    connection: Connection, query: PageQuery, column: Column[Any], listed: ColumnElement[bool]
) -> ColumnElement[bool] | None:
    """What restricts the list to this page and what follows it; None for the first page."""
    beside = decode_page_cursor(query.cursor)
    if beside is None:
        return None
    if not beside.backwards:
        return column < beside.id
    last = await _newest_of_oldest(connection, column, listed & (column > beside.id), query.limit)
    return column <= last if last is not None else column <= beside.id


async def _newest_of_oldest(
    connection: Connection, column: Column[Any], listed: ColumnElement[bool], limit: int
) -> UUID | None:
    """Where the page begins that has the oldest of these rows; None when there is no row."""
    oldest = await connection.scalars(select(column).where(listed).order_by(column).limit(limit))
    return oldest[-1] if oldest else None


async def _place(
    connection: Connection, column: Column[Any], listed: ColumnElement[bool], first: UUID | int | None
) -> ListPlace:
    counts: list[ColumnElement[Any]] = [func.count()]
    if first is not None:
        counts.append(func.count().filter(column > first))
    row = (await connection.execute(select(*counts).select_from(column.table).where(listed))).one()
    return ListPlace(row[1] + 1 if first is not None else 0, row[0])
