"""The earlier versions of an order's terms.

One rule: a version is written when the next one replaces it, and never changed.
"""

from sqlalchemy import Column, ForeignKey, Integer, Table

from core.db.base import Id, Json, Moment, metadata

order_revisions = Table(
    "order_revisions",
    metadata,
    Column("order_id", Id, ForeignKey("purchase_orders.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("content", Json, nullable=False),
    Column("replaced_at", Moment, nullable=False),
)
