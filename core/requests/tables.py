"""Procurement requests and their lines."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from core.db.base import Amount, Id, Moment, id_column, metadata

procurement_requests = Table(
    "procurement_requests",
    metadata,
    id_column(),
    Column("number", String(20), nullable=False, unique=True),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("requested_by", Id, ForeignKey("people.id"), nullable=False),
    Column("cost_centre", String(40), ForeignKey("cost_centres.code"), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("needed_by", Date, nullable=False),
    Column("note", Text, nullable=False),
    Column("total_estimate", Amount),
    Column("reason", Text),
    Column("rfq_id", Id),
    Column("approval_id", Id),
    Column("order_id", Id),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index("ix_procurement_requests_mine", "requested_by", "id"),
    Index("ix_procurement_requests_state", "state", "id"),
    Index("ix_procurement_requests_mine_state", "requested_by", "state", "id"),
    Index("ix_procurement_requests_cost_centre", "cost_centre", "id"),
    Index("ix_procurement_requests_created", "created_at", "id"),
)

request_lines = Table(
    "request_lines",
    metadata,
    id_column(),
    Column("request_id", Id, ForeignKey("procurement_requests.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("description", String(300), nullable=False),
    Column("quantity", Amount, nullable=False),
    Column("unit", String(40), nullable=False),
    Column("estimated_unit_price", Amount),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("estimated_unit_price >= 0", name="price_not_negative"),
    Index("ix_request_lines_request", "request_id", "position"),
    Index("ix_request_lines_described", text("lower(description)"), "id"),
)
