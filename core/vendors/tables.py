"""The vendor file: vendors, what they are held from, and the categories that administrators keep.

One rule: a vendor's contacts are people with this vendor's id.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    false,
    text,
)

from core.db.base import Id, Moment, id_column, metadata

vendors = Table(
    "vendors",
    metadata,
    id_column(),
    Column("name", String(300), nullable=False),
    Column("category", String(40), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("country", String(2), nullable=False),
    Column("approved_until", Date),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_by", Id, ForeignKey("people.id", use_alter=True)),
    Column("created_at", Moment, nullable=False),
    Index("ix_vendors_category", "category"),
    Index("uq_vendors_name", text("lower(name)"), unique=True),
)

vendor_holds = Table(
    "vendor_holds",
    metadata,
    Column("vendor_id", Id, ForeignKey("vendors.id"), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("reason", String(500), nullable=False),
    Column("until", Date),
    Column("held_by", Id, ForeignKey("people.id")),
    Column("held_at", Moment, nullable=False),
    Column("by_score", Boolean, nullable=False, server_default=false()),
    CheckConstraint("kind IN ('rfq', 'order', 'everything')", name="kind"),
)

vendor_categories = Table(
    "vendor_categories",
    metadata,
    Column("name", String(40), primary_key=True),
)
