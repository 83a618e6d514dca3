"""Keep how long every purchase was in every stage, for the figures; vendors see nothing of it."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLES = ("stage_visits", "measured_log", "working_days")
ROLES_ARE_THERE = "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader')) = 2"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("organisation", sa.Column("country", sa.String(2)))
    op.create_table(
        "stage_visits",
        sa.Column("subject_id", sa.Uuid, primary_key=True),
        sa.Column("stage", sa.String(20), primary_key=True),
        sa.Column("visit", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("request_id", sa.Uuid, nullable=False),
        sa.Column("step_id", sa.Uuid),
        sa.Column("waited_on", sa.String(20), nullable=False),
        sa.Column("entered_at", moment, nullable=False),
        sa.Column("left_at", moment),
        sa.Column("stopped", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("calendar_s", sa.BigInteger),
        sa.Column("working_s", sa.BigInteger),
        sa.Column("paused_s", sa.BigInteger, nullable=False, server_default="0"),
        sa.CheckConstraint("(left_at IS NULL) = (calendar_s IS NULL)", name="measured_once_left"),
    )
    op.create_index(
        "ix_stage_visits_left",
        "stage_visits",
        ["left_at"],
        postgresql_include=["stage", "calendar_s", "working_s", "paused_s", "step_id", "request_id"],
        postgresql_where=sa.text("left_at IS NOT NULL AND NOT stopped"),
    )
    op.create_index(
        "ix_stage_visits_open",
        "stage_visits",
        ["stage", "entered_at"],
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_index("ix_stage_visits_request", "stage_visits", ["request_id"])
    op.create_table(
        "measured_log",
        sa.Column("only", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("calendar", sa.String(80), nullable=False, server_default=""),
        sa.Column("updated_at", moment, nullable=False),
    )
    op.create_table(
        "working_days",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("begins_at", moment, nullable=False),
        sa.Column("works", sa.Boolean, nullable=False),
        sa.Column("before_s", sa.BigInteger, nullable=False),
    )
    _when(
        "EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_reader')", "GRANT SELECT ON {} TO parley_reader"
    )
    _when(
        "EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_app')",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO parley_app",
    )
    for table in TABLES:
        fence = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        everything = f"CREATE POLICY everything ON {table} TO parley_app, parley_reader USING (true)"
        op.execute(f"DO $$ BEGIN IF {ROLES_ARE_THERE} THEN {fence} {everything}; END IF; END $$")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("organisation", "country")


def _when(there: str, grant: str) -> None:
    op.execute(f"DO $$ BEGIN IF {there} THEN {grant.format(', '.join(TABLES))}; END IF; END $$")
