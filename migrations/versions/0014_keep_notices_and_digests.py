"""Hold notices during quiet hours, and add one digest per person and local day.

The column for a notice's state was too short for "unreachable".
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OWN = "nullif(current_setting('parley.vendor_id', true), '')::uuid"
FENCED = {"notices": f"recipient IN (SELECT id FROM people WHERE vendor_id = {OWN})"}
ROLES_ARE_THERE = (
    "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader', 'parley_vendor')) = 3"
)
BEFORE = "state IN ('waiting', 'accepted', 'sent', 'unreachable')"
AFTER = "state IN ('waiting', 'accepted', 'held', 'released', 'outdated', 'sent', 'unreachable')"


def upgrade() -> None:
    op.add_column(
        "notices", sa.Column("urgent", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.alter_column("notices", "state", type_=sa.String(length=20), existing_nullable=False)
    op.add_column("notices", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f("ck_notices_state"), "notices")
    op.create_check_constraint(op.f("ck_notices_state"), "notices", AFTER)
    op.create_check_constraint(
        op.f("ck_notices_held_until"), "notices", "state <> 'held' OR held_until IS NOT NULL"
    )
    op.create_index(
        "ix_notices_kept",
        "notices",
        ["recipient", "held_until"],
        postgresql_where=sa.text("state IN ('held', 'released')"),
    )
    create_digests()
    _when("parley_app", "GRANT SELECT, INSERT, UPDATE, DELETE ON digests TO parley_app")
    _when("parley_reader", "GRANT SELECT ON digests TO parley_reader")
    _when("parley_vendor", "GRANT SELECT ON notices TO parley_vendor")
    fences = " ".join(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f" CREATE POLICY everything ON {table} TO parley_app, parley_reader USING (true);"
        f" CREATE POLICY own_rows ON {table} TO parley_vendor USING ({own});"
        for table, own in FENCED.items()
    )
    op.execute(f"DO $$ BEGIN IF {ROLES_ARE_THERE} THEN {fences} END IF; END $$")


def create_digests() -> None:
    op.create_table(
        "digests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('due', 'sent', 'empty', 'unreachable')", name=op.f("ck_digests_state")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_digests_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_digests_person_id_day")),
    )


def downgrade() -> None:
    for table in FENCED:
        op.execute(f"DROP POLICY IF EXISTS own_rows ON {table}")
        op.execute(f"DROP POLICY IF EXISTS everything ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    _when("parley_vendor", "REVOKE SELECT ON notices FROM parley_vendor")
    op.drop_table("digests")
    op.drop_index("ix_notices_kept", table_name="notices")
    op.execute("UPDATE notices SET state = 'accepted' WHERE state IN ('held', 'released')")
    op.drop_constraint(op.f("ck_notices_held_until"), "notices")
    op.drop_constraint(op.f("ck_notices_state"), "notices")
    op.create_check_constraint(op.f("ck_notices_state"), "notices", BEFORE)
    op.execute("UPDATE notices SET state = 'sent' WHERE state IN ('outdated', 'unreachable')")
    op.alter_column("notices", "state", type_=sa.String(length=10), existing_nullable=False)
    op.drop_column("notices", "held_until")
    op.drop_column("notices", "urgent")


def _when(role: str, statement: str) -> None:
    op.execute(
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
        f" THEN {statement}; END IF; END $$"
    )
