"""Loads exchange rates; loading again is allowed, and the newest file wins."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import invalid
from core.kernel.money import currencies_in_use
from core.people import directory
from core.rates import repo
from core.rates.events import RatesLoaded
from core.uow import Uow

SUBJECT = UUID("00000000-0000-7000-8000-000000000002")
MAX_RATES = 20_000
SMALLEST, LARGEST = Decimal("1e-12"), Decimal("1e11")
"""What the column can store exactly."""


@dataclass(frozen=True)
class ExchangeRate:
    """What one unit of a currency was worth in the base currency on a day."""

    currency: str
    day: dt.date
    rate: Decimal


@dataclass(frozen=True)
class LoadRates:
    rates: tuple[ExchangeRate, ...]
    source: str


@requires(Permission.rates_load)
async def load_rates(uow: Uow, actor: Actor, command: LoadRates) -> int:
    """Store rates by currency and day; returns how many."""
    base = (await directory.read_organisation(uow.connection)).base_currency
    _check(command, base)
    rates = {(item.currency, item.day): item.rate for item in command.rates}
    await repo.store(
        uow.connection,
        [(currency, day, rate) for (currency, day), rate in rates.items()],
        command.source[:60],
    )
    await uow.record(
        RatesLoaded(
            subject_id=SUBJECT,
            subject_version=1,
            source=command.source[:60],
            rows=len(rates),
            currencies=tuple(sorted({currency for currency, _ in rates})),
        )
    )
    return len(rates)


def _check(command: LoadRates, base: str) -> None:
    if not 0 < len(command.rates) <= MAX_RATES:
        raise invalid("/rates", "rates.count", f"give 1 to {MAX_RATES} rates", "EUR,2026-11-23,1.09")
    for index, item in enumerate(command.rates):
        at = f"/rates/{index}"
        if item.currency not in currencies_in_use():
            raise invalid(
                f"{at}/currency", "currency.unknown", f"{item.currency[:20]} is not a currency in use", "EUR"
            )
        if not item.rate.is_finite() or not SMALLEST <= item.rate < LARGEST:
            raise invalid(f"{at}/rate", "rate.range", "must be a number above 0", "1.09")
        if item.currency == base and item.rate != 1:
            raise invalid(f"{at}/rate", "rate.base", f"one {base} is worth 1 {base}", "1")
