"""Add reminders: when a step is due and who is asked next, and when an RFQ's silent vendors are reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
MOMENTS = (("approval_steps", "remind_at"), ("approval_steps", "stuck_at"), ("rfqs", "remind_at"))


def upgrade() -> None:
    for table, column in MOMENTS:
        op.add_column(table, sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.add_column("approvals", sa.Column("category", sa.String(length=80), server_default="", nullable=False))
    op.add_column("approvals", sa.Column("due_hours", sa.Integer(), server_default="72", nullable=False))
    op.execute(
        "UPDATE approval_steps SET remind_at = due_at, due_at = opened_at + interval '72 hours'"
        " WHERE state = 'open'"
    )
    op.execute(
        "UPDATE rfqs SET remind_at = quote_by - interval '4 hours'"
        " WHERE state = 'open' AND quote_by - interval '4 hours' > now()"
    )
    op.drop_index("ix_approval_steps_open", "approval_steps")
    op.create_index("ix_approval_steps_open", "approval_steps", ["remind_at"], postgresql_where=OPEN)
    op.create_index("ix_rfqs_reminders", "rfqs", ["remind_at"], postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_rfqs_reminders", "rfqs")
    op.drop_index("ix_approval_steps_open", "approval_steps")
    op.execute("UPDATE approval_steps SET due_at = remind_at WHERE state = 'open'")
    op.create_index("ix_approval_steps_open", "approval_steps", ["due_at"], postgresql_where=OPEN)
    op.drop_column("approvals", "due_hours")
    op.drop_column("approvals", "category")
    for table, column in reversed(MOMENTS):
        op.drop_column(table, column)
