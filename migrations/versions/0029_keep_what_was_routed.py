"""Keep what the tier of an approval was chosen by: its own amount and those of the requests summed with it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SUMMED = """
UPDATE approvals SET routed_base = amount_base + COALESCE((
    SELECT sum(newest.amount_base) FROM (
        SELECT DISTINCT ON (other.request_id) other.amount_base
        FROM approvals other
        WHERE other.request_id = ANY (approvals.siblings)
          AND other.base_currency = approvals.base_currency
          AND other.opened_at <= approvals.opened_at
        ORDER BY other.request_id, other.id DESC
    ) newest
), 0)
"""


def upgrade() -> None:
    op.add_column("approvals", sa.Column("routed_base", sa.Numeric(26, 6)))
    op.execute(SUMMED)
    op.alter_column("approvals", "routed_base", nullable=False)


def downgrade() -> None:
    op.drop_column("approvals", "routed_base")
