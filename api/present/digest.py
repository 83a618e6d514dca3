"""Converts a person's digest from read model to wire."""

from api.contract import digest as wire
from core.notifications.digest_content import ClosingRfq, DigestContent, StateChange
from core.worklist.model import WorkFound, WorkItem


def worklist(source: WorkFound) -> wire.WorklistOut:
    return wire.WorklistOut(
        at=source.at,
        items=tuple(_waiting(item) for item in source.items),
        first=source.first,
        total=source.in_all,
    )


def digest(source: DigestContent) -> wire.DigestOut:
    return wire.DigestOut(
        at=source.at,
        waiting=tuple(_waiting(item) for item in source.waiting.items),
        waits=source.waiting.in_all,
        moved=tuple(_moved(item) for item in source.changes),
        closing=tuple(_closing(item) for item in source.closing),
        kept=source.held,
        findings=source.findings,
    )


def _waiting(source: WorkItem) -> wire.WaitingOut:
    return wire.WaitingOut(
        task=wire.TaskOut(source.kind.value),
        subject_id=source.subject_id,
        request_id=source.request_id,
        number=source.number,
        since=source.since,
        due=source.due,
        due_on=source.due_on,
        amount=source.amount,
        currency=source.currency,
    )


def _moved(source: StateChange) -> wire.MovedOut:
    return wire.MovedOut(
        family=source.family, subject_id=source.subject_id, number=source.number, state=source.state
    )


def _closing(source: ClosingRfq) -> wire.ClosingOut:
    return wire.ClosingOut(
        rfq_id=source.rfq_id,
        number=source.number,
        closes=source.closes,
        answered=source.answered,
        invited=source.invited,
    )
