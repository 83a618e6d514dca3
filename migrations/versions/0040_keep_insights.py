"""Keep what is worked out from history: runs, scores, what was shown to whom, dismissals, and a switch per feature."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLES = ("ml_runs", "ml_scores", "ml_shown", "ml_dismissals", "insight_switches")
OWN = "(SELECT nullif(current_setting('parley.vendor_id', true), ''))"
ROLES = ("parley_app", "parley_reader", "parley_vendor")
RIGHTS = {
    "parley_app": f"SELECT, INSERT, UPDATE, DELETE ON {', '.join(TABLES)}",
    "parley_reader": f"SELECT ON {', '.join(TABLES)}",
    "parley_vendor": "SELECT ON ml_scores, insight_switches",
}
VENDOR_SEES = {
    "ml_scores": f"feature = 'vendor_score' AND subject_type = 'vendor' AND subject_id = {OWN}",
    "insight_switches": "feature = 'vendor_score'",
}


def upgrade() -> None:
    _create_runs()
    _create_what_people_did()
    for role, rights in RIGHTS.items():
        _when(f"EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')", f"GRANT {rights} TO {role}")
    names = ", ".join(f"'{role}'" for role in ROLES)
    there = f"(SELECT count(*) FROM pg_roles WHERE rolname IN ({names})) = {len(ROLES)}"
    for table in TABLES:
        fence = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        _when(
            there, f"{fence}; CREATE POLICY everything ON {table} TO parley_app, parley_reader USING (true)"
        )
    for table, own in VENDOR_SEES.items():
        _when(there, f"CREATE POLICY own_rows ON {table} TO parley_vendor USING ({own})")


def _create_runs() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "ml_runs",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("feature", sa.String(20), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("parameters", JSONB, nullable=False),
        sa.Column("trained_to", moment, nullable=False),
        sa.Column("window_from", sa.Date),
        sa.Column("window_to", sa.Date),
        sa.Column("metrics", JSONB, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("finished_at", moment),
        sa.Column("status", sa.String(10), nullable=False),
        sa.CheckConstraint("status IN ('running', 'finished', 'failed')", name="status"),
        sa.CheckConstraint("(status = 'running') = (finished_at IS NULL)", name="finished"),
    )
    op.create_index("ix_ml_runs_feature", "ml_runs", ["feature", "started_at"])
    op.create_table(
        "ml_scores",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("feature", sa.String(20), nullable=False),
        sa.Column("subject_type", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.String(200), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("value", sa.Float),
        sa.Column("low", sa.Float),
        sa.Column("high", sa.Float),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("window_from", sa.Date, nullable=False),
        sa.Column("window_to", sa.Date, nullable=False),
        sa.Column("reasons", JSONB, nullable=False),
        sa.Column("run_id", sa.Uuid, sa.ForeignKey("ml_runs.id"), nullable=False),
        sa.Column("computed_at", moment, nullable=False),
        sa.Column("superseded_at", moment),
        sa.CheckConstraint("n >= 0", name="counted"),
        sa.CheckConstraint("window_from <= window_to", name="window_runs_forward"),
        sa.CheckConstraint("low <= value AND value <= high", name="within_its_interval"),
    )
    op.create_index(
        "uq_ml_scores_current",
        "ml_scores",
        ["feature", "subject_type", "subject_id", "part"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_index("ix_ml_scores_run", "ml_scores", ["run_id", "subject_type", "subject_id"])


def _create_what_people_did() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "ml_shown",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("shown_at", moment, nullable=False),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("request_id", sa.Uuid),
        sa.Column("place", sa.String(20), nullable=False),
        sa.Column("feature", sa.String(20), nullable=False),
        sa.Column("subject_type", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.String(200), nullable=False),
        sa.Column("run_id", sa.Uuid, sa.ForeignKey("ml_runs.id")),
        sa.Column("figures", JSONB, nullable=False),
        sa.Column("figures_md5", sa.String(32), sa.Computed("md5(figures::text)", persisted=True)),
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_ml_shown_once ON ml_shown"
        " (person_id, request_id, place, feature, subject_type, subject_id, run_id, figures_md5)"
        " NULLS NOT DISTINCT"
    )
    op.create_index("ix_ml_shown_purchase", "ml_shown", ["request_id", "shown_at"])
    op.create_index("ix_ml_shown_run", "ml_shown", ["run_id"])
    op.create_table(
        "ml_dismissals",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("feature", sa.String(20), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("subject_type", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.String(200), nullable=False),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("dismissed_at", moment, nullable=False),
    )
    op.create_index(
        "uq_ml_dismissals_subject",
        "ml_dismissals",
        ["feature", "subject_type", "subject_id", "rule"],
        unique=True,
    )
    op.create_index("ix_ml_dismissals_rule", "ml_dismissals", ["feature", "rule", "dismissed_at"])
    op.create_table(
        "insight_switches",
        sa.Column("feature", sa.String(20), primary_key=True),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("changed_by", sa.Uuid, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
    )


def downgrade() -> None:
    for table in ("insight_switches", "ml_dismissals", "ml_shown", "ml_scores", "ml_runs"):
        op.drop_table(table)


def _when(there: str, statements: str) -> None:
    op.execute(f"DO $$ BEGIN IF {there} THEN {statements}; END IF; END $$")
