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
    return _counted_row(ctx, counted, len(items), *_beside(ref, items))


def uncounted_turn_buttons(
    ctx: Context, ref: PageRef, page: Listing[Any], *, is_first: bool
) -> tuple[ButtonRow, ...]:
    """The same for a list of which nobody knows how long it is."""
    if not page.items:
        return ()
    previous, following = _beside(ref, page.items)
    return _row(ctx, None if is_first else previous, following if page.next_cursor is not None else None)


def _beside(ref: PageRef, items: Sequence[Identified]) -> tuple[PageRef, PageRef]:
    """The pages before and behind these items."""
    return PageRef(ref.name, ref.text, items[0].id, backwards=True), PageRef(ref.name, ref.text, items[-1].id)


def offset_buttons(
    ctx: Context, ref: PageRef, counted: Counted, shown: int, limit: int
) -> tuple[ButtonRow, ...]:
    """The same for a list without an order by id."""
    begin = (counted.first or 1) - 1
    previous = PageRef(ref.name, offset=max(0, begin - limit), backwards=True)
    return _counted_row(ctx, counted, shown, previous, PageRef(ref.name, offset=begin + shown))


def _counted_row(
    ctx: Context, counted: Counted, shown: int, previous: PageRef, following: PageRef
) -> tuple[ButtonRow, ...]:
    first, total = counted.first or 0, counted.total or 0
    goes_on = first + shown - 1 < total
    return _row(ctx, previous if first > 1 else None, following if goes_on else None)


def _row(ctx: Context, previous: PageRef | None, following: PageRef | None) -> tuple[ButtonRow, ...]:
    wanted = {"buttons.previous": previous, "buttons.next": following}
    row = tuple(
        Button(ctx.translate(key), ref.press()) for key, ref in wanted.items() if ref is not None and ref.fits
    )
    return (row,) if row else ()
