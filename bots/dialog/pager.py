"""Lists that do not fit into one message: where a page stands, and buttons to the next and the previous one.

One rule: the numbers are the API's, counted when the page was read.
"""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from api.contract.values import Listing
from bots.cards.card import Button, ButtonRow
from bots.cards.page_ref import PageRef
from bots.dialog.context import Context


class Counted(Protocol):
    """A counted answer of the API."""

    @property
    def first(self) -> int | None: ...

    @property
    def total(self) -> int | None: ...


class Identified(Protocol):
    @property
    def id(self) -> UUID: ...


def place(ctx: Context, counted: Counted, shown: int) -> tuple[str, ...]:
    """'6-10 of 104', when not everything is shown."""
    first, total = counted.first or 0, counted.total or 0
    if shown >= total:
        return ()
    return (ctx.translate("lists.place", first=str(first), last=str(first + shown - 1), total=str(total)),)


def unshown_lines(ctx: Context, page: Listing[Any]) -> tuple[str, ...]:
    """One line for each row of this page that cannot be shown."""
    return tuple(ctx.translate("lists.unshown", number=row.number or str(row.id)) for row in page.unshown)


def turn_buttons(
    ctx: Context, ref: PageRef, counted: Counted, items: Sequence[Identified]
) -> tuple[ButtonRow, ...]:
    """Previous and next, where there is one."""
    if not items:
        return ()
    previous = PageRef(ref.name, ref.text, items[0].id, backwards=True)
    following = PageRef(ref.name, ref.text, items[-1].id)
    return _row(ctx, counted, len(items), previous, following)


def offset_buttons(
    ctx: Context, ref: PageRef, counted: Counted, shown: int, limit: int
) -> tuple[ButtonRow, ...]:
    """The same for a list without an order by id."""
    begin = (counted.first or 1) - 1
    previous = PageRef(ref.name, offset=max(0, begin - limit), backwards=True)
    return _row(ctx, counted, shown, previous, PageRef(ref.name, offset=begin + shown))


def _row(
    ctx: Context, counted: Counted, shown: int, previous: PageRef, following: PageRef
) -> tuple[ButtonRow, ...]:
    first, total = counted.first or 0, counted.total or 0
    wanted = {
        "buttons.previous": previous if first > 1 else None,
        "buttons.next": following if first + shown - 1 < total else None,
    }
    row = tuple(
        Button(ctx.translate(key), ref.press()) for key, ref in wanted.items() if ref is not None and ref.fits
    )
    return (row,) if row else ()
