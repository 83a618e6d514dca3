"""The order and the bounds of a list's page, so that an index leads to its rows whatever else is filtered.

Without dates the order is that of the ids, which grow with time. With dates it is that of the moment and then the id,
and the cursor's row says where the page before ended.

One rule: a page is read from where the last one ended and stops after its rows; nothing is skipped by counting.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Select,
    any_,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union,
)

from core.db.base import Id
from core.db.pages import FIRST_PAGE, PageQuery
from core.kernel.pagination import decode_page_cursor


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
    """What every list of numbered things can be limited to."""

    page: PageQuery = FIRST_PAGE
    number: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.page, self.since, self.until)


@dataclass(frozen=True)
class NewestFirst:
    """A table's id and the moment by which its rows are dated."""

    id: ColumnElement[Any]
    moment: ColumnElement[Any]

    def between(self, bounds: Bounds) -> list[ColumnElement[bool]]:
        """The days as conditions."""
        found = [self.moment >= bounds.since] if bounds.since is not None else []
        return [*found, self.moment < bounds.until] if bounds.until is not None else found

    def order(self, bounds: Bounds) -> tuple[ColumnElement[Any], ...]:
        """Newest first: by the moment when the page is limited to days."""
        return (self.moment.desc(), self.id.desc()) if bounds.dated else (self.id.desc(),)

    def page(self, statement: Select[Any], bounds: Bounds) -> Select[Any]:
        """The statement with its order and bounds; one row more than the page, to know whether there are more."""
        beside = decode_page_cursor(bounds.page.cursor)
        limit = bounds.page.limit + 1
        if not bounds.dated:
            found = statement if beside is None else statement.where(self.id < beside.id)
            return found.order_by(*self.order(bounds)).limit(limit)
        found = statement.where(*self.between(bounds))
        if beside is not None:
            ended = select(self.moment).where(self.id == beside.id).correlate(None).scalar_subquery()
            found = found.where(
                tuple_(self.moment, self.id) < tuple_(ended, literal(beside.id, self.id.type))
            )
        return found.order_by(*self.order(bounds)).limit(limit)

    def either(
        self,
        conditions: Sequence[ColumnElement[bool]],
        matching: Sequence[ColumnElement[bool]],
        bounds: Bounds,
    ) -> Select[Any]:
        """The ids of a page of what meets any of the conditions; each is found by its own index."""
        pages = (
            self.page(select(self.id, self.moment).where(each, *matching), bounds) for each in conditions
        )
        found = union(*pages).subquery().c
        order = (found[1].desc(), found[0].desc()) if bounds.dated else (found[0].desc(),)
        return select(found[0]).order_by(*order).limit(bounds.page.limit + 1)


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
