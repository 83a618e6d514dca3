"""Split awards: which quote gets which line of an RFQ, and one order for each of these quotes.

No vendor's login may read these two tables. On its own orders it can read ``split_award_id``, so the database does not
hide from it that an order is one of several; nothing that the API answers to a vendor shows it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

AMOUNT = sa.Numeric(20, 6)
LIVE = "state <> 'cancelled'"
RIGHTS = {"parley_app": "SELECT, INSERT", "parley_reader": "SELECT"}


def upgrade() -> None:
    op.create_table(
        "split_awards",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("rfq_id", sa.Uuid, sa.ForeignKey("rfqs.id"), nullable=False),
        sa.Column("request_id", sa.Uuid, sa.ForeignKey("procurement_requests.id"), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("total", AMOUNT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Uuid, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_split_awards_request", "split_awards", ["request_id", "id"])
    op.create_table(
        "split_award_lines",
        sa.Column("split_award_id", sa.Uuid, sa.ForeignKey("split_awards.id"), primary_key=True),
        sa.Column("rfq_line_id", sa.Uuid, sa.ForeignKey("rfq_lines.id"), primary_key=True),
        sa.Column("quote_id", sa.Uuid, sa.ForeignKey("vendor_quotes.id")),
    )
    op.create_index("ix_split_award_lines_quote", "split_award_lines", ["quote_id"])
    op.add_column("rfqs", sa.Column("split_award_id", sa.Uuid))
    op.add_column("purchase_orders", sa.Column("split_award_id", sa.Uuid))
    _one_order(f"{LIVE} AND split_award_id IS NULL")
    op.create_index(
        "uq_purchase_orders_share",
        "purchase_orders",
        ["quote_id"],
        unique=True,
        postgresql_where=sa.text(LIVE),
    )
    _one_pending("state = 'pending' AND subject_kind <> 'order'")
    op.create_index(
        "uq_approvals_change",
        "approvals",
        ["subject_id"],
        unique=True,
        postgresql_where=sa.text("state = 'pending' AND subject_kind = 'order'"),
    )
    for role, rights in RIGHTS.items():
        there = f"EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
        grant = f"GRANT {rights} ON split_awards, split_award_lines TO {role}"
        op.execute(f"DO $$ BEGIN IF {there} THEN {grant}; END IF; END $$")


def downgrade() -> None:
    op.drop_index("uq_approvals_change", "approvals")
    _one_pending("state = 'pending'")
    op.drop_index("uq_purchase_orders_share", "purchase_orders")
    _one_order(LIVE)
    op.drop_column("purchase_orders", "split_award_id")
    op.drop_column("rfqs", "split_award_id")
    op.drop_table("split_award_lines")
    op.drop_table("split_awards")


def _one_order(where: str) -> None:
    """The two indexes that allow an approval and a request one order."""
    for name, column in (("live", "request_id"), ("approval", "approval_id")):
        op.drop_index(f"uq_purchase_orders_{name}", "purchase_orders")
        op.create_index(
            f"uq_purchase_orders_{name}",
            "purchase_orders",
            [column],
            unique=True,
            postgresql_where=sa.text(where),
        )


def _one_pending(where: str) -> None:
    op.drop_index("uq_approvals_pending", "approvals")
    op.create_index(
        "uq_approvals_pending", "approvals", ["request_id"], unique=True, postgresql_where=sa.text(where)
    )
