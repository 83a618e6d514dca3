"""Pure rules of delegations: for how long, and up to which amount."""

import datetime as dt

from core.delegations.commands import Delegate, DelegationLimit
from core.kernel.errors import invalid

MAX_DURATION = dt.timedelta(days=366)


def check_until(command: Delegate, now: dt.datetime) -> None:
    """Refuse a moment that is past or more than a year away."""
    example = (now + dt.timedelta(days=7)).replace(microsecond=0).isoformat()
    if command.until <= now:
        raise invalid("/until", "until.past", "must lie in the future", example)
    if command.until > now + MAX_DURATION:
        raise invalid("/until", "until.far", "is more than a year away", example)


def check_limit(limit: DelegationLimit | None, base_currency: str) -> None:
    """Refuse a limit that cannot be compared with every amount."""
    if limit is not None and limit.currency != base_currency:
        why = f"limits are in the organisation's currency, {base_currency}"
        raise invalid("/limit/currency", "limit.currency", why, base_currency)
