"""Numbers that people read: REQ-104, RFQ-31, Q-88 from sequences; PO-2026-00007 gap-free from a locked row.

One rule: a number that must be gap-free for tax reasons is counted inside the transaction that uses it.

So a rollback gives the number back. The other numbers may have gaps and need no lock.
"""

from sqlalchemy import Column, Integer, Sequence, String, Table
from sqlalchemy.dialects.postgresql import insert

from core.db.base import metadata
from core.db.connection import Connection

request_numbers = Sequence("request_numbers", metadata=metadata, start=101)
rfq_numbers = Sequence("rfq_numbers", metadata=metadata, start=31)
quote_numbers = Sequence("quote_numbers", metadata=metadata, start=51)

number_counters = Table(
    "number_counters",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)


async def next_in_year(connection: Connection, kind: str, year: int) -> int:
    """The next gap-free number of a kind and year; other transactions wait until this one ends."""
    statement = insert(number_counters).values(kind=kind, year=year, last=1)
    number = await connection.scalar(
        statement.on_conflict_do_update(
            index_elements=["kind", "year"], set_={"last": number_counters.c.last + 1}
        ).returning(number_counters.c.last)
    )
    return int(number or 1)
