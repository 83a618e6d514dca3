"""RFQs with their lines, and the vendors they were sent to."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from core.db.base import Amount, Id, Moment, id_column, metadata

rfqs = Table(
    "rfqs",
    metadata,
    id_column(),
    Column("number", String(20), nullable=False, unique=True),
    Column("request_id", Id, ForeignKey("procurement_requests.id"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("quote_by", Moment, nullable=False),
    Column("needed_by", Date, nullable=False),
    Column("note", Text, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("sent_by", Id, ForeignKey("people.id"), nullable=False),
    Column("selected_quote_id", Id),
    Column("split_award_id", Id),
    Column("proposed_by", Id, ForeignKey("people.id")),
    Column("reason", Text),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("remind_at", Moment),
    Index("ix_rfqs_request", "request_id", "id"),
    Index("ix_rfqs_state", "state", "id"),
    Index("ix_rfqs_sent_by", "sent_by", "id"),
    Index("ix_rfqs_created", "created_at", "id"),
    Index("ix_rfqs_closes", "quote_by", "id"),
    Index("ix_rfqs_needed", "needed_by", "id"),
    Index("ix_rfqs_reminders", "remind_at", postgresql_where=text("state = 'open'")),
    Index(
        "ix_rfqs_choice",
        "sent_by",
        postgresql_where=text("state = 'closed' AND selected_quote_id IS NULL"),
    ),
    Index("ix_rfqs_failed", "sent_by", postgresql_where=text("state IN ('unsuccessful', 'cancelled')")),
    Index("ix_rfqs_deadline", "quote_by", postgresql_where=text("state = 'open'")),
)
rfq_lines = Table(
    "rfq_lines",
    metadata,
    id_column(),
    Column("rfq_id", Id, ForeignKey("rfqs.id"), nullable=False),
    Column("request_line_id", Id, ForeignKey("request_lines.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("description", String(300), nullable=False),
    Column("quantity", Amount, nullable=False),
    Column("unit", String(40), nullable=False),
    Column("dropped_at", Moment),
    Index("ix_rfq_lines_rfq", "rfq_id", "position"),
)
rfq_invitations = Table(
    "rfq_invitations",
    metadata,
    id_column(),
    Column("rfq_id", Id, ForeignKey("rfqs.id"), nullable=False),
    Column("vendor_id", Id, ForeignKey("vendors.id"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", Text),
    Column("sent_at", Moment, nullable=False),
    Column("answered_at", Moment),
    UniqueConstraint("rfq_id", "vendor_id"),
    Index("ix_rfq_invitations_vendor", "vendor_id", "rfq_id"),
    Index("ix_rfq_invitations_open", "vendor_id", postgresql_where=text("state IN ('sent', 'seen')")),
)
