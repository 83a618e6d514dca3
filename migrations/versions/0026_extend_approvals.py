"""Extend approvals: several people per step, steps that ask a person once, and what was bought before by description.

The two indexes lead to the newest order and the newest requests of the same thing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0021"
branch_labels = None
depends_on = None

DESCRIBED = ("purchase_order_lines", "request_lines")
PEOPLE = postgresql.ARRAY(sa.Uuid())


def upgrade() -> None:
    for table in DESCRIBED:
        op.create_index(f"ix_{table}_described", table, [sa.text("lower(description)"), "id"])
    op.add_column("approval_steps", sa.Column("needs", sa.Integer(), nullable=False, server_default="1"))
    op.add_column(
        "approval_steps", sa.Column("ask_once", sa.Boolean(), nullable=False, server_default="false")
    )
    for column in ("approved_by", "approved_for"):
        op.add_column("approval_steps", sa.Column(column, PEOPLE, nullable=False, server_default="{}"))


def downgrade() -> None:
    for column in ("approved_for", "approved_by", "ask_once", "needs"):
        op.drop_column("approval_steps", column)
    for table in DESCRIBED:
        op.drop_index(f"ix_{table}_described", table)
