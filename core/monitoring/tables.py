"""What Parley found when it verified its own log.

One rule: a row is written after the whole log was verified, and never changed.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text

from core.db.base import Moment, id_column, metadata

log_verifications = Table(
    "log_verifications",
    metadata,
    id_column(),
    Column("verified_at", Moment, nullable=False),
    Column("intact", Boolean, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("problem", Text),
    Index("ix_log_verifications_verified_at", "verified_at"),
)
