"""Pure rules of a procurement request."""

import datetime as dt
from collections.abc import Container, Sequence
from decimal import Decimal

from core.access.actor import Actor
from core.access.permissions import Permission
from core.kernel.errors import Invalid, invalid
from core.kernel.money import MAX_AMOUNT, rounded
from core.requests.commands import RequestLineDraft
from core.requests.errors import NotRequestOwner
from core.requests.model import Request
from core.requests.states import RequestState

MAX_DAYS_AHEAD = dt.timedelta(days=3 * 366)
ZONE_TOLERANCE = dt.timedelta(days=1)
"""Today in UTC may still be yesterday where the requester is."""


def estimate(lines: Sequence[RequestLineDraft], currency: str) -> Decimal | None:
    """The sum of quantity times estimated price; None when a line has no estimate."""
    total = Decimal(0)
    for line in lines:
        if line.estimated_unit_price is None:
            return None
        total += line.quantity * line.estimated_unit_price
    if total > MAX_AMOUNT:
        raise invalid("/lines", "amount.range", "the lines add up to more than can be counted", "1180.00")
    return rounded(total, currency)


def check_needed_by(day: dt.date, today: dt.date) -> None:
    """Refuse a day that is past or years away."""
    if day < today - ZONE_TOLERANCE:
        raise _wrong_day("needed_by.past", f"{day} is past", today)
    if day > today + MAX_DAYS_AHEAD:
        raise _wrong_day("needed_by.far", f"{day} is more than three years away", today)


def _wrong_day(code: str, message: str, today: dt.date) -> Invalid:
    return invalid("/needed_by", code, message, (today + dt.timedelta(days=14)).isoformat())


def may_see(actor: Actor, request: Request, asked: Container[object]) -> bool:
    """The same as the condition of ``repo``; ``asked`` are all candidates of the purchase's approvals.

    One's own requests and those one is asked to approve; with the right to read all, all except drafts.
    """
    if actor.is_person(request.requested_by):
        return True
    if actor.may(Permission.requests_read_all):
        return request.state is not RequestState.draft
    return actor.person_id in asked


def check_owner(actor: Actor, request: Request, owner: str) -> None:
    """Only the requester may edit, submit or withdraw."""
    if not actor.is_person(request.requested_by):
        raise NotRequestOwner(number=request.number, owner=owner)
