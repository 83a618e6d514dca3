"""Exchange rates: what one unit of a currency was worth in the base currency on a day."""

from sqlalchemy import CheckConstraint, Column, Date, Numeric, String, Table

from core.db.base import metadata

exchange_rates = Table(
    "exchange_rates",
    metadata,
    Column("currency", String(3), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("rate", Numeric(24, 12), nullable=False),
    Column("source", String(60), nullable=False),
    CheckConstraint("rate > 0", name="positive"),
)
