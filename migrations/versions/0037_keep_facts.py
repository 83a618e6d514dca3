"""Keep what figures are counted from, and how much of it there is by week; vendors see nothing of it.

All of it is derived from the log and the purchases: the log is measured anew from its beginning, in the background.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLES = ("figure_facts", "figure_weeks", "visit_weeks")
ROLES_ARE_THERE = "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader')) = 2"
BUCKET = (
    "(CASE WHEN {0}::double precision < 1000 THEN floor(greatest({0}::double precision, 0))"
    " ELSE 1000 + floor(32 * ln({0}::double precision / 1000)) END)::smallint"
)
MEASURED = sa.text("left_at IS NOT NULL AND NOT stopped")
COUNTED = {
    "stage_visits": """
      INSERT INTO visit_weeks AS w (worked, stage, week, bucket, n)
      SELECT m.worked, r.stage, r.week, m.bucket, sum(r.sign) FROM ({rows}) r
      CROSS JOIN LATERAL (VALUES (false, r.bucket), (true, r.working_bucket)) m(worked, bucket)
      WHERE r.week IS NOT NULL AND NOT r.stopped AND m.bucket IS NOT NULL
      GROUP BY 1, 2, 3, 4 HAVING sum(r.sign) <> 0 ORDER BY 1, 2, 3, 4
      ON CONFLICT (worked, stage, week, bucket) DO UPDATE SET n = w.n + excluded.n
    """,
    "figure_facts": """
      INSERT INTO figure_weeks AS w (fact, week, key, bucket, n, total)
      SELECT r.fact, r.week, r.key, r.bucket, sum(r.sign), sum(r.sign * r.value) FROM ({rows}) r
      GROUP BY 1, 2, 3, 4 HAVING sum(r.sign) <> 0 OR sum(r.sign * r.value) <> 0 ORDER BY 1, 2, 3, 4
      ON CONFLICT (fact, week, key, bucket) DO UPDATE SET n = w.n + excluded.n, total = w.total + excluded.total
    """,
}
"""What a statement adds to the weeks: one for each row that is there now, less one for each that was."""
NEW, OLD = "SELECT *, 1 AS sign FROM new_rows", "SELECT *, -1 AS sign FROM old_rows"
CHANGES = {
    "INSERT": ("REFERENCING NEW TABLE AS new_rows", NEW),
    "UPDATE": ("REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows", f"{NEW} UNION ALL {OLD}"),
    "DELETE": ("REFERENCING OLD TABLE AS old_rows", OLD),
}


def upgrade() -> None:
    _create_tables()
    _measure_lengths()
    for table, counted in COUNTED.items():
        for change, (referencing, rows) in CHANGES.items():
            name = f"count_{table}_{change.lower()}"
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN {counted.format(rows=rows)}; RETURN NULL; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {name} AFTER {change} ON {table} {referencing}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )
    _grant()


def _create_tables() -> None:
    moment, key = sa.DateTime(timezone=True), sa.String(60, "C")
    op.create_table(
        "figure_facts",
        sa.Column("request_id", sa.Uuid, primary_key=True),
        sa.Column("fact", sa.String(20), primary_key=True),
        sa.Column("key", key, primary_key=True),
        sa.Column("subject_id", sa.Uuid, primary_key=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("bucket", sa.SmallInteger, nullable=False),
        sa.Column("value", sa.Numeric, nullable=False),
    )
    op.create_index("ix_figure_facts_listed", "figure_facts", ["fact", "key", "at"])
    op.create_index(
        "ix_figure_facts_length",
        "figure_facts",
        ["fact", "key", "bucket", "week"],
        postgresql_include=["value"],
        postgresql_where=sa.text("bucket >= 0"),
    )
    op.create_index(
        "ix_figure_facts_promised",
        "figure_facts",
        ["fact", "week"],
        postgresql_include=["key", "at", "value"],
        postgresql_where=sa.text("fact IN ('on_time', 'first_promise')"),
    )
    op.create_table(
        "figure_weeks",
        sa.Column("fact", sa.String(20), primary_key=True),
        sa.Column("week", sa.Date, primary_key=True),
        sa.Column("key", key, primary_key=True),
        sa.Column("bucket", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("total", sa.Numeric, nullable=False),
    )
    op.create_table(
        "visit_weeks",
        sa.Column("worked", sa.Boolean, primary_key=True),
        sa.Column("stage", sa.String(20), primary_key=True),
        sa.Column("week", sa.Date, primary_key=True),
        sa.Column("bucket", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("n", sa.BigInteger, nullable=False),
    )


def _measure_lengths() -> None:
    """Visits get their week as they are measured anew: ``place`` names none that there is."""
    op.add_column("measured_log", sa.Column("place", sa.String(80), nullable=False, server_default=""))
    op.add_column("stage_visits", sa.Column("week", sa.Date))
    for name, seconds in (("bucket", "calendar_s"), ("working_bucket", "working_s")):
        column = sa.Column(name, sa.SmallInteger, sa.Computed(BUCKET.format(seconds), persisted=True))
        op.add_column("stage_visits", column)
    op.drop_index("ix_stage_visits_left", "stage_visits")
    op.create_index(
        "ix_stage_visits_left",
        "stage_visits",
        ["stage", "left_at"],
        postgresql_include=["calendar_s", "working_s", "week", "request_id"],
        postgresql_where=MEASURED,
    )
    op.create_index(
        "ix_stage_visits_length",
        "stage_visits",
        ["stage", "bucket", "week"],
        postgresql_include=["calendar_s"],
        postgresql_where=MEASURED,
    )
    op.create_index(
        "ix_stage_visits_worked",
        "stage_visits",
        ["stage", "working_bucket", "week"],
        postgresql_include=["working_s"],
        postgresql_where=sa.text("left_at IS NOT NULL AND NOT stopped AND working_s IS NOT NULL"),
    )


def _grant() -> None:
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
    for table in COUNTED:
        for change in CHANGES:
            name = f"count_{table}_{change.lower()}"
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    for table in TABLES:
        op.drop_table(table)
    for index in ("ix_stage_visits_worked", "ix_stage_visits_length", "ix_stage_visits_left"):
        op.drop_index(index, "stage_visits")
    for name in ("working_bucket", "bucket", "week"):
        op.drop_column("stage_visits", name)
    op.drop_column("measured_log", "place")
    op.create_index(
        "ix_stage_visits_left",
        "stage_visits",
        ["left_at"],
        postgresql_include=["stage", "calendar_s", "working_s", "paused_s", "step_id", "request_id"],
        postgresql_where=MEASURED,
    )


def _when(there: str, grant: str) -> None:
    op.execute(f"DO $$ BEGIN IF {there} THEN {grant.format(', '.join(TABLES))}; END IF; END $$")
