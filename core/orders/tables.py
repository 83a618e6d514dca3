"""Purchase orders and their lines.

One rule: an approval and a request have one order that is not cancelled, or one for each quote of their split award;
the database enforces this.
"""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from core.db.base import Amount, Id, Moment, OptionalJson, id_column, metadata

purchase_orders = Table(
    "purchase_orders",
    metadata,
    id_column(),
    Column("number", String(20), nullable=False, unique=True),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("request_id", Id, ForeignKey("procurement_requests.id"), nullable=False),
    Column("quote_id", Id, ForeignKey("vendor_quotes.id"), nullable=False),
    Column("approval_id", Id, ForeignKey("approvals.id"), nullable=False),
    Column("vendor_id", Id, ForeignKey("vendors.id"), nullable=False),
    Column("requested_by", Id, ForeignKey("people.id"), nullable=False),
    Column("cost_centre", String(40), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("shipping", Amount, nullable=False),
    Column("total", Amount, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("reason", Text),
    Column("created_at", Moment, nullable=False),
    Column("issue_at", Moment, nullable=False),
    Column("issued_at", Moment),
    Column("acknowledged_at", Moment),
    Column("completed_at", Moment),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("proposal", OptionalJson),
    Column("split_award_id", Id),
    Column("left_out", OptionalJson),
    CheckConstraint("(state = 'change_proposed') = (proposal IS NOT NULL)", name="proposal_while_proposed"),
    Index(
        "uq_purchase_orders_live",
        "request_id",
        unique=True,
        postgresql_where=text("state <> 'cancelled' AND split_award_id IS NULL"),
    ),
    Index(
        "uq_purchase_orders_approval",
        "approval_id",
        unique=True,
        postgresql_where=text("state <> 'cancelled' AND split_award_id IS NULL"),
    ),
    Index("uq_purchase_orders_share", "quote_id", unique=True, postgresql_where=text("state <> 'cancelled'")),
    Index("ix_purchase_orders_waiting", "issue_at", postgresql_where=text("state = 'generated'")),
    Index("ix_purchase_orders_vendor", "vendor_id", "id"),
    Index("ix_purchase_orders_issued", "vendor_id", postgresql_where=text("state = 'issued'")),
    Index(
        "ix_purchase_orders_receivable",
        "requested_by",
        postgresql_where=text("state IN ('acknowledged', 'partly_received')"),
    ),
    Index("ix_purchase_orders_changing", "request_id", postgresql_where=text("state = 'change_proposed'")),
    Index("ix_purchase_orders_cost_centre", "cost_centre", "id"),
    Index("ix_purchase_orders_state", "state", "id"),
    Index("ix_purchase_orders_request", "request_id"),
    Index("ix_purchase_orders_requested_by", "requested_by", "id"),
    Index("ix_purchase_orders_vendor_state", "vendor_id", "state", "id"),
    Index("ix_purchase_orders_created", "created_at", "id"),
    Index("ix_purchase_orders_total", "total", "id"),
    Index("ix_purchase_orders_due", "due_on", "id"),
)

purchase_order_lines = Table(
    "purchase_order_lines",
    metadata,
    id_column(),
    Column("order_id", Id, ForeignKey("purchase_orders.id"), nullable=False),
    Column("request_line_id", Id, ForeignKey("request_lines.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("description", String(300), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("unit_price", Amount, nullable=False),
    Column("quantity", Amount, nullable=False),
    Column("accepted", Amount, nullable=False, server_default="0"),
    Column("rejected", Amount, nullable=False, server_default="0"),
    Column("lead_time_days", Integer, nullable=False),
    Column("returned", Amount, nullable=False, server_default="0"),
    Column("asked_for", String(300)),
    CheckConstraint("accepted >= 0 AND rejected >= 0", name="counts_not_negative"),
    CheckConstraint("returned >= 0", name="returned_not_negative"),
    Index("ix_purchase_order_lines_order", "order_id", "position"),
    Index("ix_purchase_order_lines_described", text("lower(description)"), "id"),
)
