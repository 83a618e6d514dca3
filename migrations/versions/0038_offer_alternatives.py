"""Let a line of a quote hold an alternative, and an award and an order say that it was chosen.

The columns belong to tables whose fence and rights they share: a vendor reads them in its own quotes and orders.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

WHOLE = (
    "(alternative IS NULL) = (alternative_price IS NULL)"
    " AND (alternative IS NULL) = (alternative_note IS NULL)"
    " AND (alternative IS NOT NULL OR alternative_days IS NULL)"
)


def upgrade() -> None:
    op.add_column("quote_lines", sa.Column("alternative", sa.String(300)))
    op.add_column("quote_lines", sa.Column("alternative_price", sa.Numeric(20, 6)))
    op.add_column("quote_lines", sa.Column("alternative_days", sa.Integer))
    op.add_column("quote_lines", sa.Column("alternative_note", sa.Text))
    op.create_check_constraint(op.f("ck_quote_lines_alternative_whole"), "quote_lines", WHOLE)
    op.add_column(
        "split_award_lines", sa.Column("alternative", sa.Boolean, nullable=False, server_default="false")
    )
    op.add_column("purchase_order_lines", sa.Column("asked_for", sa.String(300)))


def downgrade() -> None:
    op.drop_column("purchase_order_lines", "asked_for")
    op.drop_column("split_award_lines", "alternative")
    op.drop_constraint(op.f("ck_quote_lines_alternative_whole"), "quote_lines")
    for column in ("alternative_note", "alternative_days", "alternative_price", "alternative"):
        op.drop_column("quote_lines", column)
