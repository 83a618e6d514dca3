"""The facts that figures are counted from, and how many and how much they are by week.

One rule: all of it is derived from purchases and can be made anew; the database itself keeps the weeks equal to the
facts, whoever writes those.
"""

from sqlalchemy import BigInteger, Column, Date, Index, Numeric, SmallInteger, String, Table, text

from core.db.base import Id, Moment, metadata

NO_LENGTH = -1
"""The bucket of what has no percentile."""
_WITH_LENGTH = text("bucket >= 0")
_PROMISES = text("fact IN ('on_time', 'first_promise')")

figure_facts = Table(
    "figure_facts",
    metadata,
    Column("request_id", Id, primary_key=True),
    Column("fact", String(20), primary_key=True),
    Column("key", String(60, "C"), primary_key=True),
    Column("subject_id", Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("week", Date, nullable=False),
    Column("bucket", SmallInteger, nullable=False),
    Column("value", Numeric, nullable=False),
    Index("ix_figure_facts_listed", "fact", "key", "at"),
    Index(
        "ix_figure_facts_length",
        "fact",
        "key",
        "bucket",
        "week",
        postgresql_include=["value"],
        postgresql_where=_WITH_LENGTH,
    ),
    Index(
        "ix_figure_facts_promised",
        "fact",
        "week",
        postgresql_include=["key", "at", "value"],
        postgresql_where=_PROMISES,
    ),
)

figure_weeks = Table(
    "figure_weeks",
    metadata,
    Column("fact", String(20), primary_key=True),
    Column("week", Date, primary_key=True),
    Column("key", String(60, "C"), primary_key=True),
    Column("bucket", SmallInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False),
    Column("total", Numeric, nullable=False),
)
