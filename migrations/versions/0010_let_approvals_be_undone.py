"""Let approvals be undone: the time to undo, its end, the round; and when an order is issued."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UNDO_CHECK = "ck_approval_policies_undo_seconds"
LIVE = sa.text("state <> 'cancelled'")


def upgrade() -> None:
    op.add_column(
        "approval_policies", sa.Column("undo_seconds", sa.Integer(), server_default="0", nullable=False)
    )
    op.create_check_constraint(op.f(UNDO_CHECK), "approval_policies", "undo_seconds BETWEEN 0 AND 300")
    op.add_column("approvals", sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True))
    for table in ("approval_steps", "approval_logs"):
        op.add_column(table, sa.Column("round", sa.Integer(), server_default="1", nullable=False))
    op.drop_constraint(op.f("uq_approval_logs_step_id_approver"), "approval_logs")
    op.create_unique_constraint(
        op.f("uq_approval_logs_step_id_approver_round"), "approval_logs", ["step_id", "approver", "round"]
    )
    let_orders_wait()


def let_orders_wait() -> None:
    op.add_column("purchase_orders", sa.Column("issue_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE purchase_orders SET issue_at = coalesce(issued_at, created_at)")
    op.alter_column("purchase_orders", "issue_at", nullable=False)
    op.drop_constraint(op.f("uq_purchase_orders_approval_id"), "purchase_orders")
    op.create_index(
        "uq_purchase_orders_approval", "purchase_orders", ["approval_id"], unique=True, postgresql_where=LIVE
    )
    op.create_index(
        "ix_purchase_orders_waiting",
        "purchase_orders",
        ["issue_at"],
        postgresql_where=sa.text("state = 'generated'"),
    )


def downgrade() -> None:
    op.drop_index("ix_purchase_orders_waiting", "purchase_orders")
    op.drop_index("uq_purchase_orders_approval", "purchase_orders")
    op.create_unique_constraint(op.f("uq_purchase_orders_approval_id"), "purchase_orders", ["approval_id"])
    op.drop_column("purchase_orders", "issue_at")
    op.drop_constraint(op.f("uq_approval_logs_step_id_approver_round"), "approval_logs")
    op.create_unique_constraint(
        op.f("uq_approval_logs_step_id_approver"), "approval_logs", ["step_id", "approver"]
    )
    for table in ("approval_steps", "approval_logs"):
        op.drop_column(table, "round")
    op.drop_column("approvals", "undo_until")
    op.drop_constraint(op.f(UNDO_CHECK), "approval_policies")
    op.drop_column("approval_policies", "undo_seconds")
