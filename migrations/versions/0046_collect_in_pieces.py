"""Keep what a run has collected so far, and texts that no item has yet, so that no statement reads a whole history."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLES = ("ml_run_pieces", "demand_new_texts")
RIGHTS = {
    "parley_app": f"SELECT, INSERT, UPDATE, DELETE ON {', '.join(TABLES)}",
    "parley_reader": f"SELECT ON {', '.join(TABLES)}",
}


def upgrade() -> None:
    op.create_table(
        "ml_run_pieces",
        sa.Column("run_id", sa.Uuid, sa.ForeignKey("ml_runs.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("up_to", sa.Uuid, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_index(
        "ix_ml_runs_unfinished", "ml_runs", ["feature"], postgresql_where=sa.text("status = 'running'")
    )
    op.create_table(
        "demand_new_texts",
        sa.Column("words", sa.Text, primary_key=True),
        sa.Column("unit", sa.String(40), primary_key=True),
        sa.Column("written", sa.String(300), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line_id", sa.Uuid, nullable=False),
    )
    op.create_index("ix_demand_new_texts_asked", "demand_new_texts", ["asked_at", "words", "unit"])
    for role, rights in RIGHTS.items():
        _when(f"EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')", f"GRANT {rights} TO {role}")
    there = "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader')) = 2"
    for table in TABLES:
        fence = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        _when(there, f"{fence} CREATE POLICY everything ON {table} TO parley_app, parley_reader USING (true)")


def downgrade() -> None:
    op.drop_index("ix_ml_runs_unfinished", "ml_runs")
    for table in TABLES:
        op.drop_table(table)


def _when(there: str, statements: str) -> None:
    op.execute(f"DO $$ BEGIN IF {there} THEN {statements}; END IF; END $$")
