"""Vendors' quotes, and earlier revisions."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from core.db.base import Amount, Id, Json, Moment, id_column, metadata

vendor_quotes = Table(
    "vendor_quotes",
    metadata,
    id_column(),
    Column("number", String(20), nullable=False, unique=True),
    Column("rfq_id", Id, ForeignKey("rfqs.id"), nullable=False),
    Column("request_id", Id, ForeignKey("procurement_requests.id"), nullable=False),
    Column("vendor_id", Id, ForeignKey("vendors.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("total", Amount, nullable=False),
    Column("shipping", Amount, nullable=False),
    Column("lead_time_days", Integer, nullable=False),
    Column("slowest_days", Integer, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("note", Text, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("rfq_revision", Integer, nullable=False, server_default="1"),
    Column("entered_by", Id, ForeignKey("people.id")),
    Column("submitted_by", Id, ForeignKey("people.id"), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("asked_to_complete_at", Moment),
    Index(
        "uq_vendor_quotes_live",
        "rfq_id",
        "vendor_id",
        unique=True,
        postgresql_where=text("state IN ('submitted', 'selected', 'approved')"),
    ),
    Index("ix_vendor_quotes_request", "request_id"),
    Index("ix_vendor_quotes_vendor", "vendor_id", "id"),
    Index("ix_vendor_quotes_rfq", "rfq_id", "id"),
    Index("ix_vendor_quotes_state", "state", "id"),
    Index("ix_vendor_quotes_asked", "rfq_id", postgresql_where=text("asked_to_complete_at IS NOT NULL")),
    Index("ix_vendor_quotes_submitted", "submitted_at", "id"),
    Index("ix_vendor_quotes_total", "total", "id"),
    Index("ix_vendor_quotes_lead_time", "lead_time_days", "id"),
    Index("ix_vendor_quotes_until", "valid_until", "id"),
    Index(
        "ix_vendor_quotes_valid", "valid_until", postgresql_where=text("state IN ('submitted', 'selected')")
    ),
)
quote_revisions = Table(
    "quote_revisions",
    metadata,
    Column("quote_id", Id, ForeignKey("vendor_quotes.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("content", Json, nullable=False),
    Column("submitted_at", Moment, nullable=False),
)
