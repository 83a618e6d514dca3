"""Uploaded files: who uploaded them and what they belong to; the store keeps the bytes under their hash."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, String, Table

from core.db.base import Id, Moment, id_column, metadata

documents = Table(
    "documents",
    metadata,
    id_column(),
    Column("name", String(200), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("owner_id", Id, ForeignKey("people.id"), nullable=False),
    Column("vendor_id", Id, ForeignKey("vendors.id")),
    Column("attached_kind", String(20)),
    Column("attached_id", Id),
    Column("uploaded_at", Moment, nullable=False),
    CheckConstraint("state IN ('clean', 'quarantined')", name="state"),
    Index("ix_documents_attached", "attached_id"),
    Index("ix_documents_vendor", "vendor_id"),
)

document_readers = Table(
    "document_readers",
    metadata,
    Column("document_id", Id, ForeignKey("documents.id"), primary_key=True),
    Column("vendor_id", Id, ForeignKey("vendors.id"), primary_key=True),
    Index("ix_document_readers_vendor", "vendor_id", "document_id"),
)
"""The vendors who may read a file of ours: those whom an RFQ asks."""
