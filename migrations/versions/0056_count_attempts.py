"""Count attempts to come in for all processes together, in a table that no crash has to keep."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

ROLES_ARE_THERE = "EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_app')"
RIGHTS = """
    GRANT SELECT, INSERT, UPDATE, DELETE ON attempts TO parley_app;
    ALTER TABLE attempts ENABLE ROW LEVEL SECURITY;
    CREATE POLICY everything ON attempts TO parley_app USING (true)
"""


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("tried_at", sa.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
        prefixes=["UNLOGGED"],
    )
    op.execute(f"DO $$ BEGIN IF {ROLES_ARE_THERE} THEN {RIGHTS}; END IF; END $$")


def downgrade() -> None:
    op.drop_table("attempts")
