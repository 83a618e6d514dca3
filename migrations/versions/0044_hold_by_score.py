"""Let administrators set what follows from a vendor's score; vendors see nothing of it."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

TABLES = ("standing_bounds", "vendor_standings")
ROLES_ARE_THERE = "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader')) = 2"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    by_score = sa.Column("by_score", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("vendor_holds", by_score)
    op.create_table(
        "standing_bounds",
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("bound", sa.Integer, nullable=False),
        sa.Column("set_by", sa.Uuid, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("set_at", moment, nullable=False),
        sa.CheckConstraint("kind IN ('warn', 'rfq', 'order')", name="kind"),
        sa.CheckConstraint("bound BETWEEN 1 AND 100", name="bound"),
    )
    op.create_table(
        "vendor_standings",
        sa.Column("vendor_id", sa.Uuid, sa.ForeignKey("vendors.id"), primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("bound", sa.Integer, nullable=False),
        sa.Column("value", sa.Float, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("window_from", sa.Date, nullable=False),
        sa.Column("window_to", sa.Date, nullable=False),
        sa.Column("run_id", sa.Uuid, sa.ForeignKey("ml_runs.id"), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("overridden_by", sa.Uuid, sa.ForeignKey("people.id")),
        sa.Column("overridden_at", moment),
        sa.Column("reason", sa.String(500)),
        sa.CheckConstraint("kind IN ('warn', 'rfq', 'order')", name="kind"),
        sa.CheckConstraint("value < bound", name="below"),
        sa.CheckConstraint(
            "(overridden_at IS NULL) = (reason IS NULL) AND (overridden_at IS NULL) = (overridden_by IS NULL)",
            name="overridden_with_a_reason",
        ),
    )
    op.create_index("ix_vendor_standings_run", "vendor_standings", ["run_id"])
    closed = sa.text("superseded_at IS NOT NULL")
    op.create_index("ix_ml_scores_closed", "ml_scores", ["superseded_at"], postgresql_where=closed)
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
    op.drop_index("ix_ml_scores_closed", "ml_scores")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("vendor_holds", "by_score")


def _when(there: str, grant: str) -> None:
    op.execute(f"DO $$ BEGIN IF {there} THEN {grant.format(', '.join(TABLES))}; END IF; END $$")
