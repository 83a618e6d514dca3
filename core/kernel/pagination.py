"""Keyset pages: newest first, with a cursor instead of an offset, so that no row is repeated or skipped."""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from core.kernel.errors import invalid

T = TypeVar("T")
U = TypeVar("U")
R = TypeVar("R", bound=Any)

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


@dataclass(frozen=True)
class ListPlace:
    """Where a page stands: the number of its first item in the whole list (0: it is empty), and how long that is."""

    first: int
    total: int


UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What a stored value that nobody expected leads to."""


@dataclass(frozen=True)
class UnreadableRow:
    """A row of a list that is there and cannot be read: what it is known by, and why not."""

    id: UUID
    kind: str
    number: str
    why: Exception


@dataclass(frozen=True)
class Page(Generic[T]):
    """A slice of a list, and where the next one begins (None: there is no more)."""

    items: tuple[T, ...]
    next_cursor: str | None
    place: ListPlace | None = None
    """Only when it was asked for."""
    unreadable: tuple[UnreadableRow, ...] = ()
    """Rows of this page that are not among its items."""

    def map(self, change: Callable[[T], U]) -> "Page[U]":
        return self.with_items([change(item) for item in self.items])

    def with_items(self, items: Sequence[U]) -> "Page[U]":
        """The same page with its items in another form."""
        return Page(tuple(items), self.next_cursor, self.place, self.unreadable)


@dataclass(frozen=True)
class Beside:
    """A page that begins after this item, or ends before it.

    ``value`` is what ``column`` said of the item when the page before was read; empty where the id alone orders.
    """

    id: UUID
    backwards: bool
    column: str = ""
    value: str = ""


def read_rows(rows: Iterable[R], read: Callable[[R], T], kind: type[T]) -> list[T | UnreadableRow]:
    """Each row by itself: one that cannot be read takes no other with it. A row has an id, and perhaps a number."""
    found: list[T | UnreadableRow] = []
    for row in rows:
        try:
            found.append(read(row))
        except UNREADABLE as error:
            number = str(getattr(row, "number", "") or "")
            found.append(UnreadableRow(row.id, kind.__name__, number, error))
    return found


def readable(row: T | UnreadableRow) -> T:
    """The row, where it is wanted by itself; why it cannot be read is raised."""
    if isinstance(row, UnreadableRow):
        raise row.why
    return row


def page_of(rows: Sequence[T | UnreadableRow], limit: int, key: Callable[[T], UUID | int]) -> Page[T]:
    """A page from ``limit + 1`` rows; the extra row only shows that there is more."""
    shown = rows[:limit]
    more = len(rows) > limit and bool(shown)
    items = tuple(row for row in shown if not isinstance(row, UnreadableRow))
    unreadable = tuple(row for row in shown if isinstance(row, UnreadableRow))
    return Page(items, encode_cursor(place_of(shown[-1], key)) if more else None, unreadable=unreadable)


def place_of(row: T | UnreadableRow, key: Callable[[T], UUID | int]) -> UUID | int:
    """By what a page goes on behind this row."""
    return row.id if isinstance(row, UnreadableRow) else key(row)


def encode_cursor(key: UUID | int) -> str:
    return cursor_beside(key) if isinstance(key, UUID) else _encoded(b"i" + str(key).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def cursor_beside(item_id: UUID, *, backwards: bool = False) -> str:
    """The cursor of the page after this item, or of the one before it; the item itself may be gone."""
    return _encoded((b"b" if backwards else b"u") + item_id.bytes)


def cursor_behind(item_id: UUID, column: str, value: str) -> str:
    """The cursor of the page after this item in a list that is ordered by a column, which may change meanwhile."""
    return _encoded(b"s" + item_id.bytes + f"{column}\0{value}".encode())


def decode_page_cursor(cursor: str | None) -> Beside | None:
    """Beside which item a page stands; a cursor that Parley did not make is refused by name."""
    if cursor is None:
        return None
    raw = _decoded(cursor)
    if raw[:1] == b"s":
        return _sorted_beside(raw[1:17], raw[17:])
    if raw[:1] not in (b"u", b"b") or len(raw) != 17:
        raise bad_cursor()
    return Beside(UUID(bytes=raw[1:]), raw[:1] == b"b")


def _sorted_beside(item_id: bytes, told: bytes) -> Beside:
    try:
        column, ended, value = told.decode().partition("\0")
        if not ended or "\0" in value:
            raise bad_cursor()
        return Beside(UUID(bytes=item_id), backwards=False, column=column, value=value)
    except ValueError as error:
        raise bad_cursor() from error


def decode_id_cursor(cursor: str | None) -> UUID | None:
    """The id that a cursor stands for; a cursor that Parley did not make is refused by name."""
    raw = _raw(cursor, b"u")
    if raw is None:
        return None
    if len(raw) != 16:
        raise bad_cursor()
    return UUID(bytes=raw)


def decode_number_cursor(cursor: str | None) -> int | None:
    raw = _raw(cursor, b"i")
    if raw is None:
        return None
    if not raw.isdigit() or len(raw) > 18:
        raise bad_cursor()
    return int(raw)


def _raw(cursor: str | None, mark: bytes) -> bytes | None:
    if cursor is None:
        return None
    raw = _decoded(cursor)
    if raw[:1] != mark:
        raise bad_cursor()
    return raw[1:]


def _decoded(cursor: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError) as error:
        raise bad_cursor() from error


def bad_cursor() -> Exception:
    """A cursor that Parley did not make."""
    return invalid(
        "/cursor", "cursor.unknown", "this cursor was not given by the previous page", "next_cursor"
    )
