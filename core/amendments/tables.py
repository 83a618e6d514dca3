"""Earlier versions of RFQs.

One rule: a version is written once, and the app's database login may neither change nor delete it.
"""

from sqlalchemy import Column, ForeignKey, Integer, Table

from core.db.base import Id, Json, Moment, metadata

rfq_revisions = Table(
    "rfq_revisions",
    metadata,
    Column("rfq_id", Id, ForeignKey("rfqs.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("content", Json, nullable=False),
    Column("replaced_at", Moment, nullable=False),
)
