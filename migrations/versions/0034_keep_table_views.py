"""Keep saved views of lists and how people see lists; indexes for every order of the long lists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_procurement_requests_updated", "procurement_requests", "updated_at"),
    ("ix_procurement_requests_amount", "procurement_requests", "coalesce(total_estimate, -1)"),
    ("ix_procurement_requests_needed", "procurement_requests", "coalesce(needed_by, 'infinity'::date)"),
    ("ix_purchase_orders_total", "purchase_orders", "total"),
    ("ix_purchase_orders_due", "purchase_orders", "due_on"),
    ("ix_vendor_quotes_total", "vendor_quotes", "total"),
    ("ix_vendor_quotes_lead_time", "vendor_quotes", "lead_time_days"),
    ("ix_vendor_quotes_until", "vendor_quotes", "valid_until"),
    ("ix_rfqs_closes", "rfqs", "quote_by"),
    ("ix_rfqs_needed", "rfqs", "needed_by"),
)
RIGHTS = {
    "parley_app": "SELECT, INSERT, UPDATE, DELETE",
    "parley_reader": "SELECT",
}


def upgrade() -> None:
    op.create_table(
        "table_views",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("list", sa.String(20), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("uq_table_views_name", "table_views", ["person_id", "list", "name"], unique=True)
    op.create_index("ix_table_views_shared", "table_views", ["list", "name"])
    op.create_table(
        "table_settings",
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("list", sa.String(20), primary_key=True),
        sa.Column("columns", postgresql.ARRAY(sa.String(30)), nullable=False),
        sa.Column("dense", sa.Boolean, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
    )
    for role, rights in RIGHTS.items():
        grant = f"GRANT {rights} ON table_views, table_settings TO {role}"
        op.execute(
            f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN {grant}; END IF; END $$"
        )
    for name, table, by in INDEXES:
        op.execute(
            f"CREATE INDEX {name} ON {table} (({by}), id)"
            if "(" in by
            else f"CREATE INDEX {name} ON {table} ({by}, id)"
        )


def downgrade() -> None:
    for name, _, _ in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for table in ("table_settings", "table_views"):
        op.drop_table(table)
