"""Find what waits for one person or one vendor by an index that holds nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_approval_questions_open", "approval_questions", "approval_id", "answer IS NULL"),
    ("ix_rfqs_choice", "rfqs", "sent_by", "state = 'closed' AND selected_quote_id IS NULL"),
    ("ix_rfqs_unsuccessful", "rfqs", "sent_by", "state = 'unsuccessful'"),
    ("ix_rfq_invitations_open", "rfq_invitations", "vendor_id", "state IN ('sent', 'seen')"),
    ("ix_purchase_orders_issued", "purchase_orders", "vendor_id", "state = 'issued'"),
    (
        "ix_purchase_orders_receivable",
        "purchase_orders",
        "requested_by",
        "state IN ('acknowledged', 'partly_received')",
    ),
)


def upgrade() -> None:
    for name, table, column, where in INDEXES:
        op.create_index(name, table, [column], postgresql_where=sa.text(where))


def downgrade() -> None:
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table)
