"""A person's digest on the wire: what waits for them, what of theirs changed, and what closes soon."""

from enum import StrEnum
from uuid import UUID

from api.contract.values import (
    Day,
    Moment,
    OutputModel,
    Shown,
)


class TaskOut(StrEnum):
    decide = "decide"
    answer = "answer"
    choose = "choose"
    clarify = "clarify"
    quote = "quote"
    acknowledge = "acknowledge"
    receive = "receive"
    source = "source"
    settle = "settle"
    agree = "agree"


class WaitingOut(OutputModel):
    """``subject_id`` is the approval, RFQ, order or request that needs the person."""

    task: TaskOut
    subject_id: UUID
    request_id: UUID
    number: str
    since: Moment
    due: Moment | None
    due_on: Day | None
    amount: Shown | None
    currency: str | None


class WorklistOut(OutputModel):
    """What waits for a person, the most urgent first; ``first`` is the number of the first item shown (0: none)."""

    at: Moment
    items: tuple[WaitingOut, ...]
    first: int
    total: int


class MovedOut(OutputModel):
    """``family`` says whose states these are: request or order."""

    family: str
    subject_id: UUID
    number: str
    state: str


class ClosingOut(OutputModel):
    rfq_id: UUID
    number: str
    closes: Moment
    answered: int
    invited: int


class DigestOut(OutputModel):
    """``kept``: notices that were held during quiet hours."""

    at: Moment
    waiting: tuple[WaitingOut, ...]
    waits: int
    """How much waits, also what is not listed."""
    moved: tuple[MovedOut, ...]
    closing: tuple[ClosingOut, ...]
    kept: tuple[str, ...]
    findings: int = 0
    """What looked unusual and has no card, for whoever reviews it."""
