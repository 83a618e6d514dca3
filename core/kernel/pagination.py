"""Keyset pages: newest first, with a cursor instead of an offset, so that no row is repeated or skipped."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from core.kernel.errors import invalid

T = TypeVar("T")
U = TypeVar("U")

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


@dataclass(frozen=True)
class ListPlace:
    """Where a page stands: the number of its first item in the whole list (0: it is empty), and how long that is."""

    first: int
    total: int


@dataclass(frozen=True)
class Page(Generic[T]):
    """A slice of a list, and where the next one begins (None: there is no more)."""

    items: tuple[T, ...]
    next_cursor: str | None
    place: ListPlace | None = None
    """Only when it was asked for."""

    def map(self, change: Callable[[T], U]) -> "Page[U]":
        return self.with_items([change(item) for item in self.items])

    def with_items(self, items: Sequence[U]) -> "Page[U]":
        """The same page with its items in another form."""
        return Page(tuple(items), self.next_cursor, self.place)


@dataclass(frozen=True)
class Beside:
    """A page that begins after this item, or ends before it."""

    id: UUID
    backwards: bool


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], UUID | int]) -> Page[T]:
    """A page from ``limit + 1`` rows; the extra row only shows that there is more."""
    shown = tuple(rows[:limit])
    more = len(rows) > limit and bool(shown)
    return Page(shown, encode_cursor(key(shown[-1])) if more else None)


def encode_cursor(key: UUID | int) -> str:
    return cursor_beside(key) if isinstance(key, UUID) else _encoded(b"i" + str(key).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def cursor_beside(item_id: UUID, *, backwards: bool = False) -> str:
    """The cursor of the page after this item, or of the one before it; the item itself may be gone."""
    return _encoded((b"b" if backwards else b"u") + item_id.bytes)


def decode_page_cursor(cursor: str | None) -> Beside | None:
    """Beside which item a page stands; a cursor that Parley did not make is refused by name."""
    if cursor is None:
        return None
    raw = _decoded(cursor)
    if raw[:1] not in (b"u", b"b") or len(raw) != 17:
        raise _bad_cursor()
    return Beside(UUID(bytes=raw[1:]), raw[:1] == b"b")


def decode_id_cursor(cursor: str | None) -> UUID | None:
    """The id that a cursor stands for; a cursor that Parley did not make is refused by name."""
    raw = _raw(cursor, b"u")
    if raw is None:
        return None
    if len(raw) != 16:
        raise _bad_cursor()
    return UUID(bytes=raw)


def decode_number_cursor(cursor: str | None) -> int | None:
    raw = _raw(cursor, b"i")
    if raw is None:
        return None
    if not raw.isdigit() or len(raw) > 18:
        raise _bad_cursor()
    return int(raw)


def _raw(cursor: str | None, mark: bytes) -> bytes | None:
    if cursor is None:
        return None
    raw = _decoded(cursor)
    if raw[:1] != mark:
        raise _bad_cursor()
    return raw[1:]


def _decoded(cursor: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError) as error:
        raise _bad_cursor() from error


def _bad_cursor() -> Exception:
    return invalid(
        "/cursor", "cursor.unknown", "this cursor was not given by the previous page", "next_cursor"
    )
