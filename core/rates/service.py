"""Loading exchange rates: again is allowed, the newest file wins."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import invalid
from core.kernel.money import known_currencies
from core.rates.events import RatesLoaded
from core.rates.tables import exchange_rates
from core.uow import Uow

SUBJECT = UUID("00000000-0000-7000-8000-000000000002")


@dataclass(frozen=True)
class Rate:
    """What one unit was worth in the base currency on a day."""

    currency: str
    day: dt.date
    rate: Decimal


@dataclass(frozen=True)
class LoadRates:
    rates: tuple[Rate, ...]
    source: str


@requires(Permission.rates_load)
async def load_rates(uow: Uow, actor: Actor, command: LoadRates) -> int:
    """Store rates by currency and day; gives how many."""
    for index, item in enumerate(command.rates):
        if item.currency not in known_currencies():
            raise invalid(
                f"/rates/{index}/currency", "currency.unknown", f"{item.currency} is not a currency", "EUR"
            )
        if item.rate <= 0:
            raise invalid(f"/rates/{index}/rate", "rate.positive", "must be more than 0", "1.09")
    rows = [
        {"currency": item.currency, "day": item.day, "rate": item.rate, "source": command.source}
        for item in command.rates
    ]
    if not rows:
        raise invalid("/rates", "rates.empty", "the file has no rates", "currency,day,rate")
    statement = insert(exchange_rates)
    await uow.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["currency", "day"],
            set_={"rate": statement.excluded.rate, "source": statement.excluded.source},
        ),
        rows,
    )
    currencies = tuple(sorted({item.currency for item in command.rates}))
    await uow.record(
        RatesLoaded(
            subject_id=SUBJECT,
            subject_version=1,
            source=command.source,
            rows=len(rows),
            currencies=currencies,
        )
    )
    return len(rows)
