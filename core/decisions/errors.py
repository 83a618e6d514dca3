"""Refusals of the decisions slice."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict, Refused


@dataclass(eq=False)
class OwnRequest(Refused):
    """Nobody, not even an administrator, decides about their own request, proposal or vendor."""

    who: str
    code: ClassVar[str] = "approvals.own_request"


@dataclass(eq=False)
class NotCandidate(Refused):
    """Somebody else is asked to decide the open step."""

    candidates: str
    code: ClassVar[str] = "approvals.not_candidate"


@dataclass(eq=False)
class SecondStep(Refused):
    """Whoever decided one step, also by a deputy, does not decide another of the same approval."""

    step: str
    candidates: str
    code: ClassVar[str] = "approvals.second_step"


@dataclass(eq=False)
class AlreadyDecided(Conflict):
    """Somebody else was faster; names who, what and when."""

    by: str
    verb: str
    at: dt.datetime
    code: ClassVar[str] = "approvals.decided"


@dataclass(eq=False)
class NotPending(Conflict):
    """The approval ended before this step was decided (withdrawn, expired)."""

    state: str
    code: ClassVar[str] = "approvals.wrong_state"


@dataclass(eq=False)
class NothingToUndo(Conflict):
    """This approval has no order that waits to be issued."""

    state: str
    code: ClassVar[str] = "approvals.nothing_to_undo"


@dataclass(eq=False)
class UndoTooLate(Conflict):
    """The time to undo is over: the order is being sent, or was sent, to the vendor."""

    at: dt.datetime
    code: ClassVar[str] = "approvals.undo_late"


@dataclass(eq=False)
class NotDecider(Refused):
    """Only the person who decided can undo the decision."""

    who: str
    code: ClassVar[str] = "approvals.not_decider"


@dataclass(eq=False)
class NoQuestion(Conflict):
    """There is no open question to answer."""

    state: str
    code: ClassVar[str] = "approvals.no_question"


@dataclass(eq=False)
class NotAsked(Refused):
    """Only the requester can answer the approver's question."""

    who: str
    code: ClassVar[str] = "approvals.not_asked"
