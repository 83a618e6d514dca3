"""The backups that were made of this installation.

One rule: a row is written after its backup was verified, and never changed.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, String, Table

from core.db.base import Moment, id_column, metadata

backups = Table(
    "backups",
    metadata,
    id_column(),
    Column("kind", String(12), nullable=False),
    Column("log_size", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("kind IN ('full', 'incremental')", name="kind"),
    Index("ix_backups_made_at", "made_at"),
)
