"""Every SELECT and INSERT of exchange rates."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.db.connection import Connection
from core.db.keyset import equal
from core.rates.model import RateFilter, StoredRate
from core.rates.tables import exchange_rates

_R = exchange_rates.c


async def store(connection: Connection, rows: Sequence[tuple[str, dt.date, Decimal]], source: str) -> None:
    """Write rates over those of the same currency and day.

    In key order, so that two files loaded at once never deadlock.
    """
    statement = insert(exchange_rates)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["currency", "day"],
            set_={"rate": statement.excluded.rate, "source": statement.excluded.source},
        ),
        [
            {"currency": currency, "day": day, "rate": rate, "source": source}
            for currency, day, rate in sorted(rows, key=lambda row: row[:2])
        ],
    )


async def newest(connection: Connection, currency: str, day: dt.date, oldest: dt.timedelta) -> Decimal | None:
    """The rate of the newest day on or before this one, not older than allowed."""
    value: Decimal | None = await connection.scalar(
        select(_R.rate)
        .where(_R.currency == currency, _R.day <= day, _R.day >= day - oldest)
        .order_by(_R.day.desc())
        .limit(1)
    )
    return value


async def page(connection: Connection, wanted: RateFilter) -> list[StoredRate]:
    """Some rates, newest day first; one more than the page, to know whether there are more."""
    narrowed = equal({_R.currency: wanted.currency})
    narrowed += [_R.day >= wanted.since] if wanted.since is not None else []
    narrowed += [_R.day <= wanted.until] if wanted.until is not None else []
    found = await connection.execute(
        select(_R.currency, _R.day, _R.rate, _R.source)
        .where(*narrowed)
        .order_by(_R.day.desc(), _R.currency)
        .offset(wanted.offset)
        .limit(wanted.limit)
    )
    return [StoredRate(*row) for row in found]
