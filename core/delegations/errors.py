"""Refusals of the delegations slice."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict, Refused


@dataclass(eq=False)
class SelfDelegation(Refused):
    """Nobody can be their own deputy."""

    who: str
    code: ClassVar[str] = "delegations.oneself"


@dataclass(eq=False)
class NotYourDelegation(Refused):
    """Only the person who is away, their deputy or an administrator may make or end a delegation."""

    who: str
    code: ClassVar[str] = "delegations.not_yours"


@dataclass(eq=False)
class CannotDecide(Conflict):
    """Somebody who may not decide can neither delegate decisions nor be a deputy."""

    who: str
    code: ClassVar[str] = "delegations.cannot_decide"


@dataclass(eq=False)
class DeputyAway(Conflict):
    """The deputy has delegated too; delegations form neither chains nor circles."""

    who: str
    until: dt.datetime
    code: ClassVar[str] = "delegations.away"


@dataclass(eq=False)
class AlreadyDelegated(Conflict):
    """A person has one deputy at a time; names the deputy and until when."""

    who: str
    until: dt.datetime
    code: ClassVar[str] = "delegations.exists"
