"""Refusals: one class per reason to refuse, with its facts as attributes.

One rule: an error knows its code and its facts, but no HTTP status and no sentence.

The API maps ``kind`` to a status; the text catalogue maps ``errors.<code>`` to a sentence.

    DomainError
    ├── Invalid            a value is wrong: names the fields, gives examples
    ├── Unauthenticated    no token, or one that is no longer valid
    ├── Refused            the person may not: a right is missing, or a policy says no (audited)
    ├── NotFound           unknown, or not visible to this person: the same answer
    ├── Conflict           something changed meanwhile: Stale, WrongState and similar ones
    ├── TooLarge · UnsupportedMedia · RateLimited · Unavailable
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, TypeVar

T = TypeVar("T")


class ErrorKind(StrEnum):
    invalid = "invalid"
    unauthenticated = "unauthenticated"
    refused = "refused"
    not_found = "not_found"
    conflict = "conflict"
    too_large = "too_large"
    unsupported_media = "unsupported_media"
    rate_limited = "rate_limited"
    unavailable = "unavailable"
    unreadable = "unreadable"
    mismatch = "mismatch"


@dataclass(eq=False)
class DomainError(Exception):
    """The root; every subclass sets ``code`` (stable, dotted) and ``kind``."""

    code: ClassVar[str]
    kind: ClassVar[ErrorKind]

    def facts(self) -> Mapping[str, object]:
        """What the sentence may name, by placeholder."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.init}

    def __str__(self) -> str:
        return f"{self.code} {dict(self.facts())}"


@dataclass(frozen=True)
class FieldError:
    """One wrong value: JSON pointer of the field, code, and an example of a correct value."""

    field: str
    code: str
    message: str
    example: str | None = None
    limits: Mapping[str, object] = dataclasses.field(default_factory=dict)
    """What the sentence of this code may name, such as ``max_length``."""


@dataclass(eq=False)
class Invalid(DomainError):
    """One or more values are not acceptable."""

    errors: tuple[FieldError, ...]
    code: ClassVar[str] = "values"
    kind: ClassVar[ErrorKind] = ErrorKind.invalid

    def facts(self) -> Mapping[str, object]:
        first = self.errors[0]
        return {"field": first.field, "message": first.message, "example": first.example or ""}


def invalid(field: str, code: str, message: str, example: str | None = None, **limits: object) -> Invalid:
    """Shorthand for one wrong field."""
    return Invalid((FieldError(field, code, message, example, limits),))


def uncountable(field: str, most: Decimal, currency: str) -> Invalid:
    """An amount or a sum is beyond what can be stored and shown, also after conversion."""
    why = f"comes to more than {most:f} {currency}"
    return invalid(field, "amount.range", why, '"1180.00"', limit=most, currency=currency)


@dataclass(eq=False)
class Unauthenticated(DomainError):
    """No token, a bad one, or one that was revoked."""

    code: ClassVar[str] = "unauthorized"
    kind: ClassVar[ErrorKind] = ErrorKind.unauthenticated


@dataclass(eq=False)
class Refused(DomainError):
    """The person may not do this; the log records it as a refused attempt."""

    able: tuple[str, ...] = dataclasses.field(default=(), init=False)
    """Names of those who may, once somebody has looked them up; for the sentence, no fact."""
    kind: ClassVar[ErrorKind] = ErrorKind.refused


@dataclass(eq=False)
class MissingPermission(Refused):
    """A right is missing; names it and the roles that have it."""

    permission: str
    who: str
    code: ClassVar[str] = "forbidden"


@dataclass(eq=False)
class RecentLoginNeeded(Refused):
    """A dangerous call, and this token was not given to somebody who had just proved who they are."""

    minutes: int
    code: ClassVar[str] = "auth.recent"


@dataclass(eq=False)
class NotFound(DomainError):
    """Unknown, or not visible to this person."""

    what: str
    code: ClassVar[str] = "not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.not_found


def first_or_not_found(found: Sequence[T], what: str) -> T:
    """The object that was looked up by its id, or NotFound."""
    if not found:
        raise NotFound(what=what)
    return found[0]


@dataclass(eq=False)
class Conflict(DomainError):
    kind: ClassVar[ErrorKind] = ErrorKind.conflict


@dataclass(eq=False)
class Stale(Conflict):
    """The object has changed since it was read."""

    what: str
    expected: int
    current: int
    code: ClassVar[str] = "stale"


@dataclass(eq=False)
class WrongState(Conflict):
    """The verb is not possible in this state."""

    what: str
    state: str
    verb: str
    code: ClassVar[str] = "wrong_state"


@dataclass(eq=False)
class TooLarge(DomainError):
    limit: str
    code: ClassVar[str] = "too_large"
    kind: ClassVar[ErrorKind] = ErrorKind.too_large


@dataclass(eq=False)
class UnsupportedMedia(DomainError):
    accepted: str
    code: ClassVar[str] = "media_type"
    kind: ClassVar[ErrorKind] = ErrorKind.unsupported_media


@dataclass(eq=False)
class RateLimited(DomainError):
    retry_after: int
    code: ClassVar[str] = "rate_limited"
    kind: ClassVar[ErrorKind] = ErrorKind.rate_limited


@dataclass(eq=False)
class Unavailable(DomainError):
    code: ClassVar[str] = "unavailable"
    kind: ClassVar[ErrorKind] = ErrorKind.unavailable
