"""Note the backups that were made; alerts and the guard of upgrades read the newest."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0050"
branch_labels = None
depends_on = None

ROLES_ARE_THERE = "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader')) = 2"
RIGHTS = """
    GRANT SELECT ON backups TO parley_reader;
    GRANT SELECT, INSERT ON backups TO parley_app;
    ALTER TABLE backups ENABLE ROW LEVEL SECURITY;
    CREATE POLICY everything ON backups TO parley_app, parley_reader USING (true)
"""


def upgrade() -> None:
    op.create_table(
        "backups",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("log_size", sa.BigInteger, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('full', 'incremental')", name="kind"),
    )
    op.create_index("ix_backups_made_at", "backups", ["made_at"])
    op.execute(f"DO $$ BEGIN IF {ROLES_ARE_THERE} THEN {RIGHTS}; END IF; END $$")


def downgrade() -> None:
    op.drop_table("backups")
