"""Procurement requests and their lines."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

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
    Column("needed_by", Date),
    Column("note", Text, nullable=False),
    Column("total_estimate", Amount),
    Column("reason", Text),
    Column("rfq_id", Id),
    Column("approval_id", Id),
    Column("order_id", Id),
    Column("entered_by", Id, ForeignKey("people.id")),
    Column("resembles", ARRAY(String(20)), nullable=False, server_default="{}"),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    CheckConstraint(
        "needed_by IS NOT NULL OR state IN ('draft', 'withdrawn', 'cancelled')", name="day_once_submitted"
    ),
    Index(
        "ix_procurement_requests_entered", "entered_by", "id", postgresql_where=text("entered_by IS NOT NULL")
    ),
    Index("ix_procurement_requests_mine", "requested_by", "id"),
    Index("ix_procurement_requests_state", "state", "id"),
    Index("ix_procurement_requests_mine_state", "requested_by", "state", "id"),
    Index("ix_procurement_requests_cost_centre", "cost_centre", "id"),
    Index("ix_procurement_requests_created", "created_at", "id"),
    Index("ix_procurement_requests_updated", "updated_at", "id"),
    Index("ix_procurement_requests_amount", text("coalesce(total_estimate, -1)"), "id"),
    Index("ix_procurement_requests_needed", text("coalesce(needed_by, 'infinity'::date)"), "id"),
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
    Column("words", Text, nullable=False, server_default=""),
    Column("asked_at", Moment),
    Column("dropped_at", Moment),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("estimated_unit_price >= 0", name="price_not_negative"),
    Index("ix_request_lines_request", "request_id", "position"),
    Index("ix_request_lines_words", "words", "quantity", "asked_at"),
    Index("ix_request_lines_described", text("lower(description)"), "id"),
)
