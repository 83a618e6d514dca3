"""Converts a page of anything from read model to wire.

One rule: no row takes the others with it: one that cannot be shown is named instead, and the log has the reason.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar
from uuid import UUID

import structlog

from api.contract.values import Listing, UnshownRow
from core.kernel.pagination import UNREADABLE, Page

log = structlog.get_logger()


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
        except UNREADABLE as error:  # pydantic's refusals are ValueErrors
            item = about(row)
            unshown.append(_named(type(item).__name__, item, error))
    unshown += [_named(row.kind, row, row.why) for row in page.unreadable]
    place = page.place
    return Listing(
        items=tuple(items),
        next_cursor=page.next_cursor,
        first=place.first if place else None,
        total=place.total if place else None,
        unshown=tuple(unshown),
    )


def _named(kind: str, item: RowItem, error: Exception) -> UnshownRow:
    log.error("row.unshown", kind=kind, row_id=str(item.id), exc_info=error)
    return UnshownRow(id=item.id, kind=kind, number=str(getattr(item, "number", "")))
