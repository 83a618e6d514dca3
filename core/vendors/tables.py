"""The vendor file; a vendor's contacts are people with this vendor's id."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, text

from core.db.base import Id, Moment, id_column, metadata

vendors = Table(
    "vendors",
    metadata,
    id_column(),
    Column("name", String(300), nullable=False),
    Column("category", String(40), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("country", String(2), nullable=False),
    Column("state", String(10), nullable=False, server_default="active"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_by", Id, ForeignKey("people.id", use_alter=True)),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("state IN ('active', 'on_hold')", name="state"),
    Index("ix_vendors_category", "category"),
    Index("uq_vendors_name", text("lower(name)"), unique=True),
)
