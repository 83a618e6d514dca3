"""The lines of vendors' quotes.

One rule: a line has a price or says that there is none; an alternative stands beside either.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from core.db.base import Amount, Id, id_column, metadata

quote_lines = Table(
    "quote_lines",
    metadata,
    id_column(),
    Column("quote_id", Id, ForeignKey("vendor_quotes.id"), nullable=False),
    Column("rfq_line_id", Id, ForeignKey("rfq_lines.id"), nullable=False),
    Column("unit_price", Amount),
    Column("lead_time_days", Integer),
    Column("no_bid", Boolean, nullable=False),
    Column("alternative", String(300)),
    Column("alternative_price", Amount),
    Column("alternative_days", Integer),
    Column("alternative_note", Text),
    UniqueConstraint("quote_id", "rfq_line_id"),
    CheckConstraint("no_bid = (unit_price IS NULL)", name="price_or_no_bid"),
    CheckConstraint(
        "(alternative IS NULL) = (alternative_price IS NULL)"
        " AND (alternative IS NULL) = (alternative_note IS NULL)"
        " AND (alternative IS NOT NULL OR alternative_days IS NULL)",
        name="alternative_whole",
    ),
)
