"""Keep what looked unusual, and how each rule is used; vendors see nothing of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLES = ("finding_rules", "findings")
ROLES_ARE_THERE = "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader')) = 2"


def upgrade() -> None:
    moment, amount = sa.DateTime(timezone=True), sa.Numeric(20, 6)
    op.add_column("approvals", sa.Column("raised", sa.Boolean, nullable=False, server_default="false"))
    op.create_table(
        "finding_rules",
        sa.Column("rule", sa.String(20), primary_key=True),
        sa.Column("switched_on", sa.Boolean, nullable=False),
        sa.Column("weekly_cards", sa.Integer, nullable=False),
        sa.Column("raises_level", sa.Boolean, nullable=False),
        sa.Column("in_digest", sa.Boolean, nullable=False),
        sa.Column("limit_amount", amount, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.CheckConstraint("weekly_cards BETWEEN 0 AND 100", name="weekly_cards"),
        sa.CheckConstraint("limit_amount >= 0", name="limit_amount"),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("request_id", sa.Uuid, sa.ForeignKey("procurement_requests.id"), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("found_at", moment, nullable=False),
        sa.Column("carded", sa.Boolean, nullable=False),
        sa.Column("involved", ARRAY(sa.Uuid), nullable=False),
        sa.Column("reviewed_by", sa.Uuid, sa.ForeignKey("people.id")),
        sa.Column("reviewed_at", moment),
        sa.Column("reason", sa.String(500)),
        sa.UniqueConstraint("rule", "subject_id", "part"),
        sa.CheckConstraint("state IN ('open', 'held', 'fine', 'confirmed')", name="state"),
        sa.CheckConstraint("(state = 'open') = (reviewed_by IS NULL)", name="reviewed_by_somebody"),
        sa.CheckConstraint("state <> 'fine' OR reason IS NOT NULL", name="fine_for_a_reason"),
    )
    for name, columns, where in (
        ("ix_findings_request", ["request_id", "id"], None),
        ("ix_findings_state", ["state", "id"], None),
        ("ix_findings_rule", ["rule", "state", "id"], None),
        ("ix_findings_reviewed", ["rule", "reviewed_at"], "state IN ('fine', 'confirmed')"),
        ("ix_findings_carded", ["rule", "found_at"], "carded"),
    ):
        op.create_index(name, "findings", columns, postgresql_where=sa.text(where) if where else None)
    _when(
        "EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_reader')", "GRANT SELECT ON {} TO parley_reader"
    )
    _when(
        "EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_app')",
        "GRANT SELECT, INSERT, UPDATE ON {} TO parley_app",
    )
    for table in TABLES:
        fence = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        everything = f"CREATE POLICY everything ON {table} TO parley_app, parley_reader USING (true)"
        op.execute(f"DO $$ BEGIN IF {ROLES_ARE_THERE} THEN {fence} {everything}; END IF; END $$")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("approvals", "raised")


def _when(there: str, grant: str) -> None:
    op.execute(f"DO $$ BEGIN IF {there} THEN {grant.format(', '.join(TABLES))}; END IF; END $$")
