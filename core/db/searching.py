"""Looks for a text in a list that no index leads to, a stretch of the list at a time.

One rule: a page looks at no more than ``SEARCHED`` rows, however rare the text is; it may be short, or empty, and still
lead to a next one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, true

from core.db.connection import Connection, Row
from core.db.keyset import Bounds, NewestFirst, in_array_of, in_ids
from core.kernel.pagination import Page, UnreadableRow, page_of

T = TypeVar("T")
SEARCHED = 1000


def stretch(bounds: Bounds) -> Bounds:
    """The bounds of what one page looks at."""
    return replace(bounds, page=replace(bounds.page, limit=SEARCHED))


@dataclass(frozen=True)
class SearchedList(Generic[T]):
    """A list in one of its orders, read in two steps: the ids of a page, then their rows."""

    newest: NewestFirst
    bounds: Bounds
    rows: Select[Any]
    read: Callable[[Iterable[Row]], Sequence[T | UnreadableRow]]
    key: Callable[[T], UUID]
    has_text: ColumnElement[bool] | None = None
    """Whether a row of the list's table has the text that is looked for; None: all are shown."""
    values: Mapping[str, object] = field(default_factory=dict)
    """For the parameters of ``rows``."""

    async def page(self, connection: Connection, listed: Select[Any]) -> Page[T]:
        """A page of ``listed``, a SELECT of ids."""
        if self.has_text is not None:
            return await self.among(connection, self.newest.page(listed, stretch(self.bounds)))
        on_page = self.newest.page(listed, self.bounds).correlate(None)
        found = await self._load(connection, in_array_of(self.newest.id, on_page))
        return self.newest.shown(self.bounds, found, self.read(found), self.key)

    async def among(self, connection: Connection, looked_at: Select[Any]) -> Page[T]:
        """Those with the text of ``looked_at``, the ids of a stretch."""
        fits = (self.has_text if self.has_text is not None else true()).label("fits")
        columns = (self.newest.id.label("id"), fits, *self.newest.ended(self.bounds))
        stood = in_array_of(self.newest.id, looked_at.correlate(None))
        statement = select(*columns).where(stood).order_by(*self.newest.order(self.bounds))
        found = (await connection.execute(statement)).all()
        fitting = [row for row in found[:SEARCHED] if row.fits]
        shown = fitting[: self.bounds.page.limit]
        last = (
            shown[-1] if len(fitting) > len(shown) else found[SEARCHED - 1] if len(found) > SEARCHED else None
        )
        on_page = in_ids(self.newest.id, [row.id for row in shown])
        rows = await self._load(connection, on_page) if shown else ()
        cursor = self.newest.cursor(self.bounds, last) if last else None
        return replace(page_of(self.read(rows), len(shown), self.key), next_cursor=cursor)

    async def _load(self, connection: Connection, on_page: ColumnElement[bool]) -> Sequence[Row]:
        rows = self.rows.add_columns(*self.newest.ended(self.bounds))
        ordered = rows.where(on_page).order_by(*self.newest.order(self.bounds))
        return (await connection.execute(ordered, self.values)).all()
