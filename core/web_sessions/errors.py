"""Why a ticket or a number lets nobody in, and what needs a confirmation first."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict, Refused


@dataclass(eq=False)
class TicketSpent(Conflict):
    """Unknown, used, too old, or of a person whose rights have changed since: the same answer."""

    code: ClassVar[str] = "web_ticket"


@dataclass(eq=False)
class MatchClosed(Conflict):
    """Unknown, answered already, not yet confirmed, too old, or of another person: the same answer."""

    code: ClassVar[str] = "web_match"


@dataclass(eq=False)
class ConfirmationNeeded(Refused):
    """A dangerous change, and nobody has confirmed within the last minutes who sits at this browser."""

    code: ClassVar[str] = "confirmation_needed"


@dataclass(eq=False)
class WrongPassword(Refused):
    """Whoever sits at this browser does not know its person's password."""

    code: ClassVar[str] = "wrong_password"


@dataclass(eq=False)
class SignInFailed(Conflict):
    """The platform did not say who it is, too long ago, once before, or it is nobody who is linked here: one answer."""

    platform: str
    code: ClassVar[str] = "sign_in"
