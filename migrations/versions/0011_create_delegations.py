"""Create delegations, and record in whose place a step was decided."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")
DECIDED_FOR = "fk_approval_steps_decided_for_people"


def upgrade() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("giver", sa.Uuid(), nullable=False),
        sa.Column("deputy", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("limit_amount", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("limit_currency", sa.String(length=3), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("giver <> deputy", name=op.f("ck_delegations_two_people")),
        sa.CheckConstraint(
            "(limit_amount IS NULL) = (limit_currency IS NULL)", name=op.f("ck_delegations_limit_whole")
        ),
        sa.ForeignKeyConstraint(["giver"], ["people.id"], name=op.f("fk_delegations_giver_people")),
        sa.ForeignKeyConstraint(["deputy"], ["people.id"], name=op.f("fk_delegations_deputy_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    op.create_index("uq_delegations_giver", "delegations", ["giver"], unique=True, postgresql_where=OPEN)
    op.create_index("ix_delegations_deputy", "delegations", ["deputy"], postgresql_where=OPEN)
    op.add_column("approval_steps", sa.Column("decided_for", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f(DECIDED_FOR), "approval_steps", "people", ["decided_for"], ["id"])
    _when_there("parley_app", "SELECT, INSERT, UPDATE")
    _when_there("parley_reader", "SELECT")


def downgrade() -> None:
    op.drop_constraint(op.f(DECIDED_FOR), "approval_steps")
    op.drop_column("approval_steps", "decided_for")
    op.drop_table("delegations")


def _when_there(role: str, rights: str) -> None:
    op.execute(
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
        f" THEN GRANT {rights} ON delegations TO {role}; END IF; END $$"
    )
