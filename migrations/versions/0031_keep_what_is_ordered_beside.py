"""Keep what a purchase's other orders cost with the approval of one of them, so that their sum is never forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("beside_base", sa.Numeric(26, 6), nullable=False, server_default="0")
    op.add_column("approvals", column)


def downgrade() -> None:
    op.drop_column("approvals", "beside_base")
