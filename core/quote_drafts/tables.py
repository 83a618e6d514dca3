"""What a vendor's contact has typed of a quote and not sent yet.

One rule: a draft belongs to one person and one RFQ.
"""

from sqlalchemy import Column, ForeignKey, Index, Table

from core.db.base import Id, Json, Moment, metadata

quote_drafts = Table(
    "quote_drafts",
    metadata,
    Column("rfq_id", Id, ForeignKey("rfqs.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("vendor_id", Id, ForeignKey("vendors.id"), nullable=False),
    Column("typed", Json, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Index("ix_quote_drafts_vendor", "vendor_id"),
    Index("ix_quote_drafts_age", "saved_at"),
)
