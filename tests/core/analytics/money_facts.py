"""Made-up orders, deliveries and quotes, each with what a slow reading of it gives.

One rule: rows are written past the foreign keys; a test of figures reads only what figures read.
"""

import datetime as dt
import json
import random
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID, uuid4

from core.stage_visits.model import bucket_of
from tests.support.postgres import Database

CENT = Decimal("0.01")
RATES = {"USD": Decimal(1), "EUR": Decimal("1.0937"), "JPY": Decimal("0.0066")}
RATE_DAY = dt.date(2026, 9, 1)


@dataclass(frozen=True)
class MadeOrder:
    """An order; ``rate`` is None where no rate is known."""

    id: UUID
    at: dt.datetime
    vendor: UUID
    category: str
    centre: str
    currency: str
    total: Decimal
    rate: Decimal | None
    cancelled: bool

    def key(self, name: str) -> str:
        return str(getattr(self, name))


async def _past_keys(database: Database) -> None:
    await database.hand.execute("SET session_replication_role = replica")


async def visits(database: Database, stage: str, left: list[tuple[dt.datetime, int]]) -> None:
    """Visits of a stage that ended at a moment after so many seconds."""
    await _past_keys(database)
    await database.hand.executemany(
        "INSERT INTO stage_visits (subject_id, stage, visit, request_id, waited_on, entered_at, left_at, calendar_s)"
        " VALUES ($1, $2, 1, $1, 'officer', $3, $4, $5)",
        [(uuid4(), stage, at - dt.timedelta(seconds=each), at, each) for at, each in left],
    )


async def open_visit(database: Database, stage: str, since: dt.datetime) -> str:
    """A request that is in a stage since then; its number."""
    request, number = uuid4(), f"REQ-{uuid4().hex[:8].upper()}"
    await request_row(database, request, number, since)
    await database.hand.execute(
        "INSERT INTO stage_visits (subject_id, stage, visit, request_id, waited_on, entered_at)"
        " VALUES ($1, $2, 1, $1, 'officer', $3)",
        request,
        stage,
        since,
    )
    return number


async def request_row(database: Database, request: UUID, number: str, at: dt.datetime) -> None:
    await _past_keys(database)
    await database.hand.execute(
        "INSERT INTO procurement_requests (id, number, state, version, requested_by, cost_centre, currency, note,"
        " needed_by, created_at, updated_at) VALUES ($1, $2, 'ordered', 1, $1, 'IT', 'USD', '', $3::date, $3, $3)",
        request,
        number,
        at,
    )


async def some_vendors(database: Database, count: int, at: dt.datetime) -> list[tuple[UUID, str]]:
    made = [(uuid4(), f"Category {place % 3}") for place in range(count)]
    await database.hand.executemany(
        "INSERT INTO vendors (id, name, category, currency, country, created_at)"
        " VALUES ($1::uuid, $1::uuid::text, $2, 'USD', 'US', $3)",
        [(vendor, category, at) for vendor, category in made],
    )
    return made


async def facts(database: Database, fact: str, made: Iterable[tuple[UUID, dt.datetime, Decimal]]) -> None:
    """Facts that have lengths, as they are kept: of a vendor, when, and how long."""
    await database.hand.execute("SET session_replication_role = DEFAULT")
    await database.hand.executemany(
        "INSERT INTO figure_facts (request_id, fact, key, subject_id, at, week, bucket, value)"
        " SELECT gen_random_uuid(), $1, $2::uuid::text, gen_random_uuid(), $3,"
        " date_trunc('week', $3::timestamptz AT TIME ZONE 'UTC')::date,"
        f" {bucket_of('$4::numeric::float')}, $4::numeric",
        [(fact, vendor, at, value) for vendor, at, value in made],
    )


async def _order(database: Database, order: MadeOrder, **more: Any) -> None:
    facts = {
        "request": order.id, "quote": order.id, "due": order.at.date(), "approval_currency": order.currency,
        "amount": order.total, "base": (order.total * (order.rate or 0)).quantize(Decimal("0.000001")), **more,
    }  # fmt: skip
    await database.hand.execute(
        "INSERT INTO approvals (id, subject_kind, subject_id, subject_version, request_id, requested_by, state,"
        " version, amount, currency, amount_base, base_currency, routed_base,"
        " title, vendor_name, cost_centre, excluded,"
        " policy_version, policy_tier, opened_at) VALUES ($1, 'quote', $1, 1, $2, $1, 'approved', 1, $3, $4, $5,"
        " 'USD', $5, '', '', 'IT', '{}', 1, '{}', $6)",
        *(order.id, facts["request"], facts["amount"], facts["approval_currency"], facts["base"], order.at),
    )
    await database.hand.execute(
        "INSERT INTO purchase_orders (id, number, state, version, request_id, quote_id, approval_id, vendor_id,"
        " requested_by, cost_centre, currency, shipping, total, due_on, created_at, issue_at, split_award_id)"
        " VALUES ($1::uuid, right($1::uuid::text, 20), $2, 1, $3, $4, $1, $5, $1, $6, $7, 0, $8, $9, $10, $10, $11)",
        *(
            order.id,
            "cancelled" if order.cancelled else "issued",
            facts["request"],
            facts["quote"],
            order.vendor,
        ),
        *(order.centre, order.currency, order.total, facts["due"], order.at, facts.get("split")),
    )


async def orders(database: Database, dice: random.Random, count: int, now: dt.datetime) -> list[MadeOrder]:
    """Orders of the last half year in four currencies, one of which has no rate; some are shares of a split."""
    await _past_keys(database)
    await database.hand.executemany(
        "INSERT INTO exchange_rates (currency, day, rate, source) VALUES ($1, $2, $3, 'tests')",
        [(code, (now - dt.timedelta(days=back)).date(), rate) for code, rate in RATES.items() if code != "USD"
         for back in range(200)],
    )  # fmt: skip
    vendors, made = await some_vendors(database, 6, now), []
    for _ in range(count):
        vendor, category = dice.choice(vendors)
        currency = dice.choice((*RATES, "GBP"))
        order = MadeOrder(
            UUID(int=uuid4().int | 0xF << 124), now - dt.timedelta(minutes=dice.randrange(60 * 24 * 180)), vendor,
            category,
            dice.choice(("IT", "HR")), currency, Decimal(dice.randrange(100, 900_000)) / 100, RATES.get(currency),
            dice.random() < 0.1,
        )  # fmt: skip
        # the share of a split award was approved in the RFQ's currency, which says nothing about the order's own
        split = (
            {"approval_currency": "CHF", "split": uuid4()} if currency == "GBP" or dice.random() < 0.3 else {}
        )
        await _order(database, order, **split)
        made.append(order)
    return made


@dataclass(frozen=True)
class MadeDelivery:
    """An order's delivery: what was accepted when, corrections and returns included."""

    vendor: UUID
    due: dt.date
    first: dt.date
    ordered: Decimal
    entries: tuple[tuple[dt.date, Decimal], ...]

    def arrived_by(self, day: dt.date) -> Decimal:
        kept = sum((accepted for on, accepted in self.entries if on <= day), Decimal(0))
        return min(Decimal(1), max(Decimal(0), kept / self.ordered))


async def deliveries(
    database: Database, dice: random.Random, count: int, now: dt.datetime
) -> list[MadeDelivery]:
    """Orders with receipts, counter-entries and returns; a third has a promise that was moved."""
    await _past_keys(database)
    vendors, made = await some_vendors(database, 5, now), []
    for place in range(count):
        vendor, category = vendors[min(place % 9, 4)]
        due = (now - dt.timedelta(days=dice.randrange(-5, 80))).date()
        if place < 40:  # a Sunday and a Monday, at the edges of weeks
            due -= dt.timedelta(days=due.weekday() + place % 2)
        first = due - dt.timedelta(days=dice.randrange(1, 20)) if dice.random() < 0.3 else due
        ordered = Decimal(dice.randrange(1, 20))
        entries = [(due + dt.timedelta(days=dice.randrange(-25, 6)), Decimal(dice.randrange(1, 12)))]
        if dice.random() < 0.4:
            entries.append(
                (entries[0][0] + dt.timedelta(days=dice.randrange(0, 9)), -Decimal(dice.randrange(1, 5)))
            )
        order = MadeOrder(uuid4(), now, vendor, category, "IT", "USD", Decimal(10), Decimal(1), False)
        await _order(database, order, due=due)
        await _receipts(database, order.id, ordered, entries)
        if first != due:
            await database.hand.execute(
                "INSERT INTO order_revisions (order_id, revision, content, replaced_at) VALUES ($1, 1, $2, $3)",
                *(order.id, json.dumps({"due_on": first.isoformat()}), now),
            )
        made.append(MadeDelivery(vendor, due, first, ordered, tuple(entries)))
    return made


async def _receipts(
    database: Database, order: UUID, ordered: Decimal, entries: list[tuple[dt.date, Decimal]]
) -> None:
    await database.hand.execute(
        "INSERT INTO purchase_order_lines (id, order_id, request_line_id, position, description, unit, unit_price,"
        " quantity, lead_time_days) VALUES ($1, $2, $1, 1, 'Chair', 'pcs', 1, $3, 1)",
        *(uuid4(), order, ordered),
    )
    for day, accepted in entries:
        lines = json.dumps([{"line_id": str(order), "accepted": str(accepted), "rejected": "0"}])
        await database.hand.execute(
            "INSERT INTO receipts (id, order_id, received_by, received_at, note, lines, kind)"
            " VALUES ($1, $2, $1, $3, '', $4, $5)",
            *(uuid4(), order, dt.datetime.combine(day, dt.time(12), dt.UTC), lines),
            "receipt" if accepted > 0 else "return",
        )


async def savings(
    database: Database, dice: random.Random, count: int, now: dt.datetime
) -> dict[str, tuple[int, Decimal]]:
    """Orders with their quotes and earlier prices; what each comparison comes to.

    Some orders are changed after their quote was chosen, some first quotes are in another currency, some have expired.
    """
    await _past_keys(database)
    ((vendor, category),) = await some_vendors(database, 1, now)
    found: dict[str, list[Decimal]] = {"first_quote": [], "median": [], "last_paid": []}
    last: dict[str, Decimal] = {}
    for place in range(count):
        code = dice.choice(("USD", "EUR"))
        order = MadeOrder(
            UUID(int=place + 1), now - dt.timedelta(days=count - place), vendor, category, "IT", code,
            Decimal(dice.randrange(1_000, 9_000)), RATES[code], False,
        )  # fmt: skip
        await _order(database, order, request=order.id)
        first = order.total + dice.randrange(-50, 300)
        chosen = order.total + dice.choice((0, 0, 70))
        first_currency = dice.choice((code, code, "CHF"))
        others = [Decimal(dice.randrange(1_000, 9_000)) for _ in range(dice.randrange(0, 4))]
        await _quotes(database, replace(order, total=chosen), (first, first_currency), others)
        if first_currency == code:
            found["first_quote"].append(_cents((first - chosen) * RATES[code]))
        if others:
            middle = Decimal(statistics.median([float(each) for each in (chosen, *others)]))
            found["median"].append(_cents((middle - chosen) * RATES[code]))
        price, quantity = Decimal(dice.randrange(10, 90)), Decimal(dice.randrange(1, 9))
        await database.hand.execute(
            "INSERT INTO purchase_order_lines (id, order_id, request_line_id, position, description, unit, unit_price,"
            " quantity, lead_time_days) VALUES ($1, $1, $1, 1, $2, 'pcs', $3, $4, 1)",
            *(order.id, dice.choice(("Desk", "DESK")), price, quantity),
        )
        if code in last:
            found["last_paid"].append(_cents((last[code] - price) * quantity * RATES[code]))
        last[code] = price
    return {key: (len(each), sum(each, Decimal(0))) for key, each in found.items()}


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


async def _quotes(
    database: Database, order: MadeOrder, first: tuple[Decimal, str], others: list[Decimal]
) -> None:
    """The winner's with its first revision, and the others of the same RFQ."""
    for place, total in enumerate((order.total, *others)):
        quote = order.id if place == 0 else uuid4()
        await database.hand.execute(
            "INSERT INTO vendor_quotes (id, number, rfq_id, request_id, vendor_id, revision, state, version, currency,"
            " total, shipping, lead_time_days, slowest_days, valid_until, note, complete, submitted_by, submitted_at)"
            " VALUES ($1, $2, $3, $3, $1, 2, $4, 1, $5, $6, 0, 1, 1, $7, '', true, $1, $8)",
            *(
                quote,
                quote.hex[-20:],
                order.id,
                ("approved", "lost", "expired")[min(place, 2)],
                order.currency,
                total,
            ),
            *(order.at.date(), order.at),
        )
    await database.hand.execute(
        "INSERT INTO quote_revisions (quote_id, revision, content, submitted_at) VALUES ($1, 1, $2, $3)",
        *(order.id, json.dumps({"total": str(first[0]), "currency": first[1]}), order.at),
    )
