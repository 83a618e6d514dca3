"""Create requests, RFQs and vendors' quotes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_procurement_requests()
    create_request_lines()
    create_rfqs()
    create_rfq_lines()
    create_rfq_invitations()
    create_vendor_quotes()
    create_quote_lines()
    create_quote_revisions()


def create_procurement_requests() -> None:
    op.create_table(
        "procurement_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("cost_centre", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("needed_by", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("total_estimate", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("rfq_id", sa.Uuid(), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cost_centre"],
            ["cost_centres.code"],
            name=op.f("fk_procurement_requests_cost_centre_cost_centres"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["people.id"], name=op.f("fk_procurement_requests_requested_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_procurement_requests_number")),
    )
    op.create_index(
        "ix_procurement_requests_mine", "procurement_requests", ["requested_by", "id"], unique=False
    )
    op.create_index("ix_procurement_requests_state", "procurement_requests", ["state", "id"], unique=False)


def create_request_lines() -> None:
    op.create_table(
        "request_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("estimated_unit_price", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.CheckConstraint("estimated_unit_price >= 0", name=op.f("ck_request_lines_price_not_negative")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_request_lines_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["procurement_requests.id"],
            name=op.f("fk_request_lines_request_id_procurement_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_lines")),
    )
    op.create_index("ix_request_lines_request", "request_lines", ["request_id", "position"], unique=False)


def create_rfqs() -> None:
    op.create_table(
        "rfqs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("quote_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("needed_by", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("selected_quote_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["proposed_by"], ["people.id"], name=op.f("fk_rfqs_proposed_by_people")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["procurement_requests.id"], name=op.f("fk_rfqs_request_id_procurement_requests")
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["people.id"], name=op.f("fk_rfqs_sent_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfqs")),
        sa.UniqueConstraint("number", name=op.f("uq_rfqs_number")),
    )
    op.create_index(
        "ix_rfqs_deadline", "rfqs", ["quote_by"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    op.create_index("ix_rfqs_request", "rfqs", ["request_id", "id"], unique=False)


def create_rfq_lines() -> None:
    op.create_table(
        "rfq_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rfq_id", sa.Uuid(), nullable=False),
        sa.Column("request_line_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_line_id"], ["request_lines.id"], name=op.f("fk_rfq_lines_request_line_id_request_lines")
        ),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfqs.id"], name=op.f("fk_rfq_lines_rfq_id_rfqs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_lines")),
    )
    op.create_index("ix_rfq_lines_rfq", "rfq_lines", ["rfq_id", "position"], unique=False)


def create_rfq_invitations() -> None:
    op.create_table(
        "rfq_invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rfq_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfqs.id"], name=op.f("fk_rfq_invitations_rfq_id_rfqs")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_rfq_invitations_vendor_id_vendors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_invitations")),
        sa.UniqueConstraint("rfq_id", "vendor_id", name=op.f("uq_rfq_invitations_rfq_id_vendor_id")),
    )
    op.create_index("ix_rfq_invitations_vendor", "rfq_invitations", ["vendor_id", "rfq_id"], unique=False)


def create_vendor_quotes() -> None:
    op.create_table(
        "vendor_quotes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("rfq_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("shipping", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("lead_time_days", sa.Integer(), nullable=False),
        sa.Column("slowest_days", sa.Integer(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["procurement_requests.id"],
            name=op.f("fk_vendor_quotes_request_id_procurement_requests"),
        ),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfqs.id"], name=op.f("fk_vendor_quotes_rfq_id_rfqs")),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["people.id"], name=op.f("fk_vendor_quotes_submitted_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_vendor_quotes_vendor_id_vendors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_quotes")),
        sa.UniqueConstraint("number", name=op.f("uq_vendor_quotes_number")),
    )
    op.create_index("ix_vendor_quotes_request", "vendor_quotes", ["request_id"], unique=False)
    op.create_index(
        "ix_vendor_quotes_valid",
        "vendor_quotes",
        ["valid_until"],
        unique=False,
        postgresql_where=sa.text("state IN ('submitted', 'selected')"),
    )
    op.create_index("ix_vendor_quotes_vendor", "vendor_quotes", ["vendor_id", "id"], unique=False)
    op.create_index(
        "uq_vendor_quotes_live",
        "vendor_quotes",
        ["rfq_id", "vendor_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('submitted', 'selected', 'approved')"),
    )


def create_quote_lines() -> None:
    op.create_table(
        "quote_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("rfq_line_id", sa.Uuid(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("lead_time_days", sa.Integer(), nullable=True),
        sa.Column("no_bid", sa.Boolean(), nullable=False),
        sa.CheckConstraint("no_bid = (unit_price IS NULL)", name=op.f("ck_quote_lines_price_or_no_bid")),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["vendor_quotes.id"], name=op.f("fk_quote_lines_quote_id_vendor_quotes")
        ),
        sa.ForeignKeyConstraint(
            ["rfq_line_id"], ["rfq_lines.id"], name=op.f("fk_quote_lines_rfq_line_id_rfq_lines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_lines")),
        sa.UniqueConstraint("quote_id", "rfq_line_id", name=op.f("uq_quote_lines_quote_id_rfq_line_id")),
    )


def create_quote_revisions() -> None:
    op.create_table(
        "quote_revisions",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["vendor_quotes.id"], name=op.f("fk_quote_revisions_quote_id_vendor_quotes")
        ),
        sa.PrimaryKeyConstraint("quote_id", "revision", name=op.f("pk_quote_revisions")),
    )


def downgrade() -> None:
    op.drop_table("quote_revisions")
    op.drop_table("quote_lines")
    op.drop_table("vendor_quotes")
    op.drop_table("rfq_invitations")
    op.drop_table("rfq_lines")
    op.drop_table("rfqs")
    op.drop_table("request_lines")
    op.drop_table("procurement_requests")
