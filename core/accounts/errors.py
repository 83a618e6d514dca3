"""Refusals of the accounts slice."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict, NotFound, Unauthenticated


@dataclass(eq=False)
class WrongLogin(Unauthenticated):
    """Unknown address or wrong password. Both give the same answer, after the same amount of work."""

    code: ClassVar[str] = "auth.login"


@dataclass(eq=False)
class SessionEnded(Unauthenticated):
    """The refresh token is unknown, used, expired or revoked."""

    code: ClassVar[str] = "auth.refresh"


@dataclass(eq=False)
class LinkUnknown(NotFound):
    """No code like this can be used: mistyped, cut off, or taken back."""

    what: str = "link"
    code: ClassVar[str] = "links.unknown"


@dataclass(eq=False)
class LinkUsed(Conflict):
    code: ClassVar[str] = "links.used"


@dataclass(eq=False)
class LinkExpired(Conflict):
    expired_at: dt.datetime
    code: ClassVar[str] = "links.expired"


@dataclass(eq=False)
class AlreadyLinked(Conflict):
    """This chat already belongs to somebody and must be unlinked first."""

    person: str
    code: ClassVar[str] = "links.already_linked"
