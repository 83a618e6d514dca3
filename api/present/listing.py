"""Converts a page of anything from read model to wire.

One rule: no row takes the others with it: one that cannot be shown is named instead, and the log has the reason.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar
from uuid import UUID

import structlog

from api.contract.values import Listing, UnshownRow
from core.kernel.pagination import Page

log = structlog.get_logger()

_UNSHOWABLE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What a value that nobody expected leads to; pydantic's refusals are ValueErrors."""


class RowItem(Protocol):
    """What a row is about."""

    @property
    def id(self) -> UUID: ...


T = TypeVar("T")
R = TypeVar("R")


def listing(page: Page[T], present: Callable[[T], R], about: Callable[[T], RowItem]) -> Listing[R]:
    """``first`` and ``total`` only when the page was counted; ``about`` is what a row is known by."""
    items: list[R] = []
    unshown: list[UnshownRow] = []
    for row in page.items:
        try:
            items.append(present(row))
        except _UNSHOWABLE as error:
            unshown.append(_named(about(row), error))
    place = page.place
    return Listing(
        items=tuple(items),
        next_cursor=page.next_cursor,
        first=place.first if place else None,
        total=place.total if place else None,
        unshown=tuple(unshown),
    )


def _named(item: RowItem, error: Exception) -> UnshownRow:
    log.error("row.unshown", kind=type(item).__name__, row_id=str(item.id), exc_info=error)
    return UnshownRow(id=item.id, kind=type(item).__name__, number=str(getattr(item, "number", "")))
