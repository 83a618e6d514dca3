"""What arrived, one row per entry.

One rule: an entry is never changed; a mistake is taken back by another entry.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text

from core.db.base import Id, Json, Moment, id_column, metadata

receipts = Table(
    "receipts",
    metadata,
    id_column(),
    Column("order_id", Id, ForeignKey("purchase_orders.id"), nullable=False),
    Column("received_by", Id, ForeignKey("people.id"), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("note", Text, nullable=False),
    Column("lines", Json, nullable=False),
    Column("kind", String(12), nullable=False, server_default="receipt"),
    Column("corrects", Id, ForeignKey("receipts.id")),
    CheckConstraint("kind IN ('receipt', 'correction', 'return')", name="kind"),
    CheckConstraint("(kind = 'correction') = (corrects IS NOT NULL)", name="corrects"),
    Index("ix_receipts_order", "order_id"),
)
