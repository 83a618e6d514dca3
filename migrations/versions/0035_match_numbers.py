"""Let a browser in by a number that the person's chat asks for, and note when a session was confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

OWN = "(SELECT nullif(current_setting('parley.vendor_id', true), '')::uuid)"
OWN_PEOPLE = f"person_id IN (SELECT id FROM people WHERE vendor_id = {OWN})"
ROLES_ARE_THERE = (
    "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader', 'parley_vendor')) = 3"
)
SHOWN = "id, person_id, epoch, session_id, device, made_at, expires_at, answered_at, matched, used_at"
RIGHTS = {
    "parley_app": ("SELECT, INSERT, UPDATE, DELETE ON web_matches",),
    "parley_reader": ("SELECT (confirmed_at) ON web_sessions", f"SELECT ({SHOWN}) ON web_matches"),
    "parley_vendor": (
        "UPDATE (confirmed_at) ON web_sessions",
        "SELECT, INSERT, UPDATE (answered_at, matched, used_at, expires_at) ON web_matches",
    ),
}


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("web_sessions", sa.Column("confirmed_at", moment))
    op.create_table(
        "web_matches",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id")),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("web_sessions.id", ondelete="CASCADE")),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("offered", sa.String(20), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("answered_at", moment),
        sa.Column("matched", sa.Boolean, nullable=False),
        sa.Column("used_at", moment),
    )
    op.create_index("ix_web_matches_person", "web_matches", ["person_id"])
    op.create_index("ix_web_matches_session", "web_matches", ["session_id"])
    for role, rights in RIGHTS.items():
        for right in rights:
            _when(f"EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')", f"GRANT {right} TO {role}")
    _when(
        ROLES_ARE_THERE,
        "ALTER TABLE web_matches ENABLE ROW LEVEL SECURITY;"
        " CREATE POLICY everything ON web_matches TO parley_app, parley_reader USING (true);"
        f" CREATE POLICY own_rows ON web_matches TO parley_vendor USING ({OWN_PEOPLE})",
    )


def downgrade() -> None:
    op.drop_table("web_matches")
    op.drop_column("web_sessions", "confirmed_at")


def _when(there: str, statements: str) -> None:
    op.execute(f"DO $$ BEGIN IF {there} THEN {statements}; END IF; END $$")
