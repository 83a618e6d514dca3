"""Let a quote be asked about the lines that it leaves out, and an order say what it does not cover."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("vendor_quotes", sa.Column("asked_to_complete_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_vendor_quotes_asked",
        "vendor_quotes",
        ["rfq_id"],
        postgresql_where=sa.text("asked_to_complete_at IS NOT NULL"),
    )
    op.add_column("purchase_orders", sa.Column("left_out", postgresql.JSONB()))


def downgrade() -> None:
    op.drop_column("purchase_orders", "left_out")
    op.drop_index("ix_vendor_quotes_asked", "vendor_quotes")
    op.drop_column("vendor_quotes", "asked_to_complete_at")
