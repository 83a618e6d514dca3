"""Extend approvals: several people per step, steps that ask a person once, and what was bought before by description.

The two indexes lead to the newest order and the newest requests of the same thing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

DESCRIBED = ("purchase_order_lines", "request_lines")
IDS = postgresql.ARRAY(sa.Uuid())


def upgrade() -> None:
    for table in DESCRIBED:
        op.create_index(f"ix_{table}_described", table, [sa.text("lower(description)"), "id"])
    op.add_column("approval_steps", sa.Column("paused_at", sa.DateTime(timezone=True)))
    op.add_column("approval_steps", sa.Column("needs", sa.Integer(), nullable=False, server_default="1"))
    op.add_column(
        "approval_steps", sa.Column("ask_once", sa.Boolean(), nullable=False, server_default="false")
    )
    op.add_column(
        "approval_policies", sa.Column("splits", postgresql.JSONB(), nullable=False, server_default="{}")
    )
    op.add_column("approvals", sa.Column("vendor_id", sa.Uuid()))
    op.add_column("approvals", sa.Column("siblings", IDS, nullable=False, server_default="{}"))
    for column in ("approved_by", "approved_for"):
        op.add_column("approval_steps", sa.Column(column, IDS, nullable=False, server_default="{}"))


def downgrade() -> None:
    for column in ("approved_for", "approved_by", "ask_once", "needs", "paused_at"):
        op.drop_column("approval_steps", column)
    op.drop_column("approval_policies", "splits")
    op.drop_column("approvals", "siblings")
    op.drop_column("approvals", "vendor_id")
    for table in DESCRIBED:
        op.drop_index(f"ix_{table}_described", table)
