"""Reads facts about vendors: of everything one by one, or of a run piece by piece.

One rule: a row becomes a fact here; what the method does with it is not known.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from pydantic_core import from_json
from sqlalchemy import Table

from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.insights.model import InsightRun
from core.insights.pieces import CollectStep, IdRange, by_id, collected, next_range, ranges
from core.orders.tables import purchase_orders
from core.people import directory
from core.rfqs.tables import rfqs
from core.vendor_facts import fact_statements
from core.vendor_facts.model import AnswerFact, DeliveryFact, FactColumns, PriceFact, VendorFacts

_ORDERS, _RFQS = next_range(purchase_orders), next_range(rfqs)
OF_ORDERS, OF_RFQS = "orders", "rfqs"


async def facts_of(connection: Connection, as_of: dt.datetime) -> VendorFacts:
    """Everything about all vendors that was known at this moment, as objects: for histories that fit into memory."""
    deliveries: list[DeliveryFact] = []
    answers: list[AnswerFact] = []
    prices: list[PriceFact] = []
    async for each in ranges(connection, _ORDERS):
        at = _at(each, as_of)
        deliveries += [DeliveryFact(*row) for row in await connection.execute(fact_statements.DELIVERIES, at)]
    async for each in ranges(connection, _RFQS):
        at = _at(each, as_of)
        answers += [AnswerFact(*row) for row in await connection.execute(fact_statements.ANSWERS, at)]
        prices += [PriceFact(*row) for row in await connection.execute(fact_statements.PRICES, at)]
    return VendorFacts(await _day(connection, as_of), deliveries, answers, prices)


def steps(back: dt.timedelta) -> tuple[CollectStep, ...]:
    """What a run collects of all that was known so long before it."""
    return (
        _step(OF_ORDERS, purchase_orders, fact_statements.OF_ORDERS, back),
        _step(OF_RFQS, rfqs, fact_statements.OF_RFQS, back),
    )


def _step(name: str, table: Table, statement: Prebuilt, back: dt.timedelta) -> CollectStep:
    async def read(connection: Connection, run: InsightRun, ids: IdRange) -> str:
        return str(await connection.scalar(statement, _at(ids, run.trained_to - back)))

    return by_id(_name(name, back), table, read)


async def kept_facts(connection: Connection, run: InsightRun, back: dt.timedelta) -> FactColumns:
    """What a run has collected of all that was known so long before it."""
    as_of = run.trained_to - back
    found = FactColumns(await _day(connection, as_of))
    for step in (OF_ORDERS, OF_RFQS):
        async for content in collected(connection, run, _name(step, back)):
            for kind, piece in from_json(content).items():
                found.add(kind, piece)
    return found


def _name(step: str, back: dt.timedelta) -> str:
    return f"{step} {back.days}"


def _at(ids: IdRange, as_of: dt.datetime) -> dict[str, object]:
    return {"after": ids.after, "up_to": ids.up_to, "as_of": as_of}


async def _day(connection: Connection, as_of: dt.datetime) -> dt.date:
    """Which day it was where the organisation is."""
    organisation = await directory.find_organisation(connection)
    return as_of.astimezone(ZoneInfo(organisation.zone if organisation else "UTC")).date()
