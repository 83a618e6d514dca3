"""The policies by version.

One rule: a version is never changed once it is set.
"""

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, String, Table

from core.db.base import Amount, Json, Moment, metadata

approval_policies = Table(
    "approval_policies",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("currency", String(3), nullable=False),
    Column("tiers", Json, nullable=False),
    Column("undo_seconds", Integer, nullable=False, server_default="0"),
    Column("splits", Json, nullable=False, server_default="{}"),
    Column("set_by", String(80), nullable=False),
    Column("set_at", Moment, nullable=False),
    CheckConstraint("undo_seconds BETWEEN 0 AND 300", name="undo_seconds"),
)

receiving_policies = Table(
    "receiving_policies",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("colleagues", Boolean, nullable=False),
    Column("percent", Amount, nullable=False),
    Column("tolerances", Json, nullable=False),
    Column("set_by", String(80), nullable=False),
    Column("set_at", Moment, nullable=False),
    CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
)
