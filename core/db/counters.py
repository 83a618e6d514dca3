"""Numbers that people read: REQ-104, RFQ-31 from sequences; Q-48210733 drawn; PO-2026-00007 gap-free from a locked row.

One rule: a number that must be gap-free for tax reasons is counted inside the transaction that uses it.

So a rollback gives the number back. The other numbers may have gaps and need no lock. A quote's number counts
nothing: from two of its own a vendor would read how many others have given out between them.
"""

import secrets

from sqlalchemy import Column, Integer, Sequence, String, Table, bindparam
from sqlalchemy.dialects.postgresql import insert

from core.db.base import metadata

request_numbers = Sequence("request_numbers", metadata=metadata, start=101)
rfq_numbers = Sequence("rfq_numbers", metadata=metadata, start=31)

number_counters = Table(
    "number_counters",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

_LEAST_QUOTE_NUMBER, _QUOTE_NUMBERS = 10_000_000, 90_000_000


def draw_quote_number() -> str:
    """Very likely a new one; the edge repeats a call that met one that is taken."""
    return f"Q-{_LEAST_QUOTE_NUMBER + secrets.randbelow(_QUOTE_NUMBERS)}"


_COUNT = insert(number_counters).values(kind=bindparam("kind"), year=bindparam("year"), last=1)
COUNT_IN_YEAR = _COUNT.on_conflict_do_update(
    index_elements=["kind", "year"], set_={"last": number_counters.c.last + 1}
).returning(number_counters.c.last)
"""The next gap-free number of a kind and year; other transactions wait until this one ends."""
