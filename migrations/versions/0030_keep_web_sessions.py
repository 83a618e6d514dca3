"""Keep browsers' sessions and the tickets that open one; a vendor's contact sees and ends only their own."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

OWN = "(SELECT nullif(current_setting('parley.vendor_id', true), '')::uuid)"
OWN_PEOPLE = f"person_id IN (SELECT id FROM people WHERE vendor_id = {OWN})"
ROLES_ARE_THERE = (
    "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader', 'parley_vendor')) = 3"
)
TABLES = ("web_sessions", "web_tickets")
SHOWN = "id, person_id, epoch, made_at, expires_at"
RIGHTS = {
    "parley_app": ("SELECT, INSERT, UPDATE, DELETE ON web_sessions, web_tickets",),
    "parley_reader": (
        f"SELECT ({SHOWN}, device, seen_at, ended_at) ON web_sessions",
        f"SELECT ({SHOWN}, path, used_at) ON web_tickets",
    ),
    "parley_vendor": ("SELECT ON web_sessions", "UPDATE (ended_at) ON web_sessions", "INSERT ON web_tickets"),
}


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("ended_at", moment),
    )
    op.create_table(
        "web_tickets",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_at", moment),
    )
    for table in TABLES:
        op.create_index(f"ix_{table}_person", table, ["person_id"])
    for role, rights in RIGHTS.items():
        for right in rights:
            _when(f"EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')", f"GRANT {right} TO {role}")
    for table in TABLES:
        _when(
            ROLES_ARE_THERE,
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
            f" CREATE POLICY everything ON {table} TO parley_app, parley_reader USING (true);"
            f" CREATE POLICY own_rows ON {table} TO parley_vendor USING ({OWN_PEOPLE})",
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _when(there: str, statements: str) -> None:
    op.execute(f"DO $$ BEGIN IF {there} THEN {statements}; END IF; END $$")
