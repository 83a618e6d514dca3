"""Keep what Parley found when it verified its own log, and count parked deliveries by an index of them alone."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

ROLES_ARE_THERE = "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader')) = 2"
RIGHTS = """
    GRANT SELECT ON log_verifications TO parley_reader;
    GRANT SELECT, INSERT ON log_verifications TO parley_app;
    ALTER TABLE log_verifications ENABLE ROW LEVEL SECURITY;
    CREATE POLICY everything ON log_verifications TO parley_app, parley_reader USING (true)
"""


def upgrade() -> None:
    op.create_table(
        "log_verifications",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("intact", sa.Boolean, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("problem", sa.Text),
    )
    op.create_index("ix_log_verifications_verified_at", "log_verifications", ["verified_at"])
    parked = sa.text("state = 'parked'")
    op.create_index("ix_deliveries_parked", "deliveries", ["id"], postgresql_where=parked)
    op.execute(f"DO $$ BEGIN IF {ROLES_ARE_THERE} THEN {RIGHTS}; END IF; END $$")


def downgrade() -> None:
    op.drop_index("ix_deliveries_parked", "deliveries")
    op.drop_table("log_verifications")
