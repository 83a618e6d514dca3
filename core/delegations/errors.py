"""Refusals of the delegations slice."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict, Refused


@dataclass(eq=False)
class SelfDelegation(Refused):
    """Nobody stands in for themselves."""

    who: str
    code: ClassVar[str] = "delegations.oneself"


@dataclass(eq=False)
class NotYourDelegation(Refused):
    """Only the person who is away, their deputy or an administrator may make or end it."""

    who: str
    code: ClassVar[str] = "delegations.not_yours"


@dataclass(eq=False)
class CannotDecide(Conflict):
    """Who may not decide can neither hand decisions over nor take them."""

    who: str
    code: ClassVar[str] = "delegations.cannot_decide"


@dataclass(eq=False)
class DeputyAway(Conflict):
    """The deputy has handed over decisions too: nobody stands in over two corners, or in a circle."""

    who: str
    until: dt.datetime
    code: ClassVar[str] = "delegations.away"


@dataclass(eq=False)
class AlreadyDelegated(Conflict):
    """One deputy at a time; says who it is and until when."""

    who: str
    until: dt.datetime
    code: ClassVar[str] = "delegations.exists"
