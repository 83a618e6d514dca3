"""Refusals of the decisions slice."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict, Refused


@dataclass(eq=False)
class OwnRequest(Refused):
    """Nobody decides about what they asked for, proposed, or made the vendor of; administrators included."""

    who: str
    code: ClassVar[str] = "approvals.own_request"


@dataclass(eq=False)
class NotCandidate(Refused):
    """The open step is somebody else's."""

    candidates: str
    code: ClassVar[str] = "approvals.not_candidate"


@dataclass(eq=False)
class AlreadyDecided(Conflict):
    """Somebody was faster; says who, what and when."""

    by: str
    verb: str
    at: dt.datetime
    code: ClassVar[str] = "approvals.decided"


@dataclass(eq=False)
class NotPending(Conflict):
    """The approval ended without a decision of this step (withdrawn, expired)."""

    state: str
    code: ClassVar[str] = "approvals.wrong_state"


@dataclass(eq=False)
class NothingToUndo(Conflict):
    """No order of this approval waits to be issued."""

    state: str
    code: ClassVar[str] = "approvals.nothing_to_undo"


@dataclass(eq=False)
class UndoTooLate(Conflict):
    """The time to undo is over; the order goes, or went, to the vendor."""

    at: dt.datetime
    code: ClassVar[str] = "approvals.undo_late"


@dataclass(eq=False)
class NotDecider(Refused):
    """Only whoever decided takes it back."""

    who: str
    code: ClassVar[str] = "approvals.not_decider"


@dataclass(eq=False)
class NoQuestion(Conflict):
    """There is no open question to answer."""

    state: str
    code: ClassVar[str] = "approvals.no_question"


@dataclass(eq=False)
class NotAsked(Refused):
    """Only the person who asked for the purchase answers the approver's question."""

    who: str
    code: ClassVar[str] = "approvals.not_asked"
