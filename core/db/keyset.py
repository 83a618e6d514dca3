"""The order and the bounds of a list's page, so that an index leads to its rows whatever else is filtered.

Without dates the order is that of the ids, which grow with time. With dates it is that of the moment and then the id.
A cursor holds by what its row stood there when it was read, so that a change of the row moves no page.

One rule: a page is read from where the last one ended and stops after its rows; nothing is skipped by counting.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    Select,
    String,
    Uuid,
    any_,
    cast,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union,
)

from core.db.base import Id
from core.db.connection import Row
from core.db.pages import FIRST_PAGE, PageQuery
from core.kernel.pagination import (
    Beside,
    Page,
    UnreadableRow,
    bad_cursor,
    cursor_behind,
    decode_page_cursor,
    encode_cursor,
    page_of,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Bounds:
    """Where a page begins and which days it shows: ``since`` is the first moment, ``until`` the first one after."""

    page: PageQuery
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    @property
    def dated(self) -> bool:
        return self.since is not None or self.until is not None

    @property
    def by_place(self) -> bool:
        """Counted, or turned back: what ``core.db.pages`` reads from the whole list."""
        beside = decode_page_cursor(self.page.cursor)
        return self.page.counted or (beside is not None and beside.backwards)


@dataclass(frozen=True, kw_only=True)
class ListFilter:
    """What every list of numbered things can be limited to; ``text`` is in what its lines or its title say.

    ``person`` is who asked for it, and ``vendor_id`` who was asked, answered or got it.
    """

    page: PageQuery = FIRST_PAGE
    number: str | None = None
    text: str | None = None
    vendor_id: UUID | None = None
    cost_centre: str | None = None
    person: UUID | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.page, self.since, self.until)


@dataclass(frozen=True)
class NewestFirst:
    """A table's id and the moment by which its rows are dated.

    A page may ask for another order, by a column of the same table; who asks knows which of them have an index.
    """

    id: ColumnElement[Any]
    moment: Column[Any]
    few: bool = False
    """The list is found by something else than its order, such as its vendor, and then sorted."""

    def of_few(self, owner: UUID | None) -> "NewestFirst":
        """The same for the rows of one owner: by an index of the order all others' might be read before theirs."""
        return self if owner is None else replace(self, few=True)

    def between(self, bounds: Bounds) -> list[ColumnElement[bool]]:
        """The days as conditions."""
        found = [self.moment >= bounds.since] if bounds.since is not None else []
        return [*found, self.moment < bounds.until] if bounds.until is not None else found

    def _sorted_by(self, bounds: Bounds) -> ColumnElement[Any] | None:
        """By what, before the id; None: the id alone, which grows with the number."""
        if bounds.page.sort:
            column = self.moment.table.c[bounds.page.sort]
            if column.primary_key:
                return None
            by = never_null(column)
            return func.coalesce(by, by) if self.few else by
        return self.moment if bounds.dated else None

    def order(self, bounds: Bounds) -> tuple[ColumnElement[Any], ...]:
        """Newest first, by the moment when the page is limited to days; or as the page asks."""
        by = self._sorted_by(bounds)
        keys = (self.id,) if by is None else (by, self.id)
        return tuple(key.asc() if bounds.page.rising else key.desc() for key in keys)

    def ended(self, bounds: Bounds) -> tuple[ColumnElement[Any], ...]:
        """What a statement reads beside each row, so that its cursor can say where the row stood."""
        by = self._sorted_by(bounds)
        return () if by is None else (cast(by, String).label("sorted_by"),)

    def cursor(self, bounds: Bounds, row: Row) -> str:
        """The cursor of the page behind this row, of which ``ended`` was read too."""
        if self._sorted_by(bounds) is None:
            return encode_cursor(row.id)
        return cursor_behind(row.id, self._named(bounds), row.sorted_by)

    def shown(
        self,
        bounds: Bounds,
        found: Sequence[Row],
        read: Sequence[T | UnreadableRow],
        key: Callable[[T], UUID],
    ) -> Page[T]:
        """The page of these rows, as they were read one by one."""
        page = page_of(read, bounds.page.limit, key)
        if page.next_cursor is None:
            return page
        return replace(page, next_cursor=self.cursor(bounds, found[bounds.page.limit - 1]))

    def _named(self, bounds: Bounds) -> str:
        return bounds.page.sort or self.moment.name

    def behind(self, bounds: Bounds) -> list[ColumnElement[bool]]:
        """The days, and what comes after the cursor's row."""
        found, beside = self.between(bounds), decode_page_cursor(bounds.page.cursor)
        if beside is None:
            return found
        by = self._sorted_by(bounds)
        here: ColumnElement[Any] = self.id
        there: ColumnElement[Any] = literal(beside.id, self.id.type)
        if by is not None:
            here, there = tuple_(by, self.id), tuple_(self._ended_at(by, beside, bounds), there)
        return [*found, here > there if bounds.page.rising else here < there]

    def _ended_at(self, by: ColumnElement[Any], beside: Beside, bounds: Bounds) -> ColumnElement[Any]:
        """What the cursor holds; one of another order, or of an older Parley, only names its row."""
        if beside.column != self._named(bounds):
            return select(by).where(self.id == beside.id).correlate(None).scalar_subquery()
        if not _fits(by, beside.value):
            raise bad_cursor()
        return cast(literal(beside.value, String), by.type)

    def page(self, statement: Select[Any], bounds: Bounds) -> Select[Any]:
        """The statement with its order and bounds; one row more than the page, to know whether there are more."""
        return (
            statement.where(*self.behind(bounds)).order_by(*self.order(bounds)).limit(bounds.page.limit + 1)
        )

    def either(
        self,
        conditions: Sequence[ColumnElement[bool]],
        matching: Sequence[ColumnElement[bool]],
        bounds: Bounds,
    ) -> Select[Any]:
        """The ids of a page of what meets any of the conditions; each is found by its own index."""
        by = self._sorted_by(bounds)
        columns = (self.id,) if by is None else (self.id, by)
        pages = (self.page(select(*columns).where(each, *matching), bounds) for each in conditions)
        found = list(union(*pages).subquery().c)
        order = [each.asc() if bounds.page.rising else each.desc() for each in (*found[1:], found[0])]
        return select(found[0]).order_by(*order).limit(bounds.page.limit + 1)


def _fits(by: ColumnElement[Any], value: str) -> bool:
    """Whether a text from outside can be a value of this column."""
    try:
        match by.type:
            case Date():
                return value == "infinity" or dt.date.fromisoformat(value).isoformat() == value
            case DateTime():
                return dt.datetime.fromisoformat(value).date().isoformat() == value[:10]
            case Numeric() | Integer():
                return value.isascii() and Decimal(value).is_finite()
            case Uuid():
                return bool(UUID(value))
            case Boolean():
                return value in ("true", "false")
            case _:
                return isinstance(by.type, String)
    except (ValueError, ArithmeticError):
        return False


def never_null(column: Column[Any]) -> ColumnElement[Any]:
    """A column by which rows can be compared: one without a day comes after all days, one without a sum before all."""
    if not column.nullable:
        return column
    if isinstance(column.type, Date):
        return func.coalesce(column, literal_column("'infinity'::date"))
    return func.coalesce(column, literal_column("-1" if isinstance(column.type, Numeric) else "''"))


def equal(wanted: Mapping[Column[Any], Any]) -> list[ColumnElement[bool]]:
    """A condition for each column whose value is wanted; a state is a constant of the statement."""
    return [
        column == (constant(value) if isinstance(value, StrEnum) else value)
        for column, value in wanted.items()
        if value is not None
    ]


def constant(value: StrEnum) -> ColumnElement[Any]:
    """A state in the statement itself: planned once for any state, it would not use the index of a rare one."""
    return literal_column(f"'{value.value}'")


def as_number(number: str | None) -> str | None:
    """As people type it, and as it is stored."""
    return number.strip().upper() if number is not None else None


def in_array_of(column: ColumnElement[Any], found: Any) -> ColumnElement[bool]:
    """``column = ANY (ARRAY (SELECT …))``: the few ids first, then each by its index; never the whole table."""
    return column == any_(func.array(found.scalar_subquery()))


def in_ids(column: ColumnElement[Any], ids: Collection[UUID]) -> ColumnElement[bool]:
    """``column = ANY ($1)``: one parameter however many there are, so the statement is prepared once."""
    return column == any_(literal(list(ids), ARRAY(Id)))
