"""Loads exchange rates; loading again is allowed, and the newest file wins.

One rule: a wrong row is told by its place and keeps no other one out.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import FieldError, Invalid, invalid
from core.kernel.money import currencies_in_use
from core.people import directory
from core.rates import repo
from core.rates.events import RatesLoaded
from core.uow import Uow

SUBJECT = UUID("00000000-0000-7000-8000-000000000002")
MAX_RATES = 20_000
MAX_TOLD = 50
"""How many wrong rows an answer tells."""
SMALLEST, LARGEST = Decimal("1e-12"), Decimal("1e11")
"""What the column can store exactly."""


@dataclass(frozen=True)
class ExchangeRate:
    """What one unit of a currency was worth in the base currency on a day."""

    currency: str
    day: dt.date
    rate: Decimal
    row: int | None = None
    """Its place in the file it was read from, for a refusal."""


@dataclass(frozen=True)
class LoadRates:
    """``refused`` are rows that could not even be read; they are told with those that cannot be stored."""

    rates: tuple[ExchangeRate, ...]
    source: str
    refused: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class LoadedRates:
    """How many rates were stored, and what was wrong with the rows that were not."""

    loaded: int
    refused: tuple[FieldError, ...]


@requires(Permission.rates_load)
async def load_rates(uow: Uow, actor: Actor, command: LoadRates) -> LoadedRates:
    """Store the rates that can be stored, by currency and day; a wrong row keeps no other one out."""
    base = (await directory.read_organisation(uow.connection)).base_currency
    _check_count(command)
    rates, refused = _sorted_out(command, base)
    if not rates:
        raise Invalid(refused[:MAX_TOLD])
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
    return LoadedRates(len(rates), refused[:MAX_TOLD])


def _check_count(command: LoadRates) -> None:
    count, why = len(command.rates) + len(command.refused), f"give 1 to {MAX_RATES} rates"
    if count == 0:
        raise invalid("/rates", "too_short", why, "EUR,2026-11-23,1.09", min_length=1)
    if count > MAX_RATES:
        raise invalid("/rates", "too_long", why, "EUR,2026-11-23,1.09", max_length=MAX_RATES)


def _sorted_out(
    command: LoadRates, base: str
) -> tuple[dict[tuple[str, dt.date], Decimal], tuple[FieldError, ...]]:
    """The rates by currency and day, of which the last one counts, and the refusals."""
    rates, refused = {}, list(command.refused)
    for index, item in enumerate(command.rates):
        wrong = _problem(item, f"/rates/{index if item.row is None else item.row}", base)
        if wrong is None:
            rates[item.currency, item.day] = item.rate
        else:
            refused.append(wrong)
    return rates, tuple(refused)


def _problem(item: ExchangeRate, at: str, base: str) -> FieldError | None:
    if item.currency not in currencies_in_use():
        why = f"{item.currency[:20]} is not a currency in use"
        return FieldError(f"{at}/currency", "currency.unknown", why, "EUR")
    if not item.rate.is_finite():
        return FieldError(f"{at}/rate", "decimal.unreadable", "must be a number", "1.09")
    if item.rate < SMALLEST:
        return FieldError(f"{at}/rate", "decimal.range", "must be above 0", "1.09", {"above": "0"})
    if item.rate >= LARGEST:
        return FieldError(f"{at}/rate", "decimal.range", "has too many digits", "1.09")
    if item.currency == base and item.rate != 1:
        return FieldError(f"{at}/rate", "rate.base", f"one {base} is worth 1 {base}", "1")
    return None
