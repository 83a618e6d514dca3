"""Converts a page of anything from read model to wire."""

from collections.abc import Callable
from typing import TypeVar

from api.contract.values import Listing
from core.kernel.pagination import Page

T = TypeVar("T")
R = TypeVar("R")


def listing(page: Page[T], present: Callable[[T], R]) -> Listing[R]:
    """``first`` and ``total`` only when the page was counted."""
    place = page.place
    return Listing(
        items=tuple(present(item) for item in page.items),
        next_cursor=page.next_cursor,
        first=place.first if place else None,
        total=place.total if place else None,
    )
