"""A person's digest: read model to wire."""

from api.contract import digest as wire
from core.notifications.agenda import Agenda, Closing, Moved, Waiting


def digest(of: Agenda) -> wire.DigestOut:
    return wire.DigestOut(
        at=of.at,
        waiting=tuple(_waiting(item) for item in of.waiting),
        moved=tuple(_moved(item) for item in of.moved),
        closing=tuple(_closing(item) for item in of.closing),
        kept=of.kept,
    )


def _waiting(of: Waiting) -> wire.WaitingOut:
    return wire.WaitingOut(
        task=wire.TaskOut(of.task.value),
        subject_id=of.subject_id,
        request_id=of.request_id,
        number=of.number,
        since=of.since,
        due=of.due,
        due_on=of.due_on,
        amount=of.amount,
        currency=of.currency,
    )


def _moved(of: Moved) -> wire.MovedOut:
    return wire.MovedOut(family=of.family, subject_id=of.subject_id, number=of.number, state=of.state)


def _closing(of: Closing) -> wire.ClosingOut:
    return wire.ClosingOut(
        rfq_id=of.rfq_id, number=of.number, closes=of.closes, answered=of.answered, invited=of.invited
    )
