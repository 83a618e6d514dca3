"""Find what was bought before by its description: the newest order and the newest requests of the same thing."""

from alembic import op
from sqlalchemy import text

revision = "0026"
down_revision = "0021"
branch_labels = None
depends_on = None

DESCRIBED = ("purchase_order_lines", "request_lines")


def upgrade() -> None:
    for table in DESCRIBED:
        op.create_index(f"ix_{table}_described", table, [text("lower(description)"), "id"])


def downgrade() -> None:
    for table in DESCRIBED:
        op.drop_index(f"ix_{table}_described", table)
