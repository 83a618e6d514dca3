"""Add a person's preferences; a vendor's contact reads and writes only their own row."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OWN = "nullif(current_setting('parley.vendor_id', true), '')::uuid"
FENCED = {"person_settings": f"person_id IN (SELECT id FROM people WHERE vendor_id = {OWN})"}
ROLES_ARE_THERE = (
    "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader', 'parley_vendor')) = 3"
)


def upgrade() -> None:
    op.create_table(
        "person_settings",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("digest_hour", sa.SmallInteger(), nullable=True),
        sa.Column("quiet_begins", sa.Time(), nullable=True),
        sa.Column("quiet_ends", sa.Time(), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("digest_hour BETWEEN 0 AND 23", name=op.f("ck_person_settings_digest_hour")),
        sa.CheckConstraint(
            "(quiet_begins IS NULL) = (quiet_ends IS NULL)", name=op.f("ck_person_settings_quiet")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_settings_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_settings")),
    )
    op.create_index("ix_chat_messages_person", "chat_messages", ["person_id", "id"], unique=False)
    _when("parley_app", "GRANT SELECT, INSERT, UPDATE, DELETE ON person_settings TO parley_app")
    _when("parley_reader", "GRANT SELECT ON person_settings TO parley_reader")
    _when("parley_vendor", "GRANT SELECT, INSERT, UPDATE ON person_settings TO parley_vendor")
    _when("parley_vendor", "GRANT UPDATE (locale, zone) ON people TO parley_vendor")
    fences = " ".join(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f" CREATE POLICY everything ON {table} TO parley_app, parley_reader USING (true);"
        f" CREATE POLICY own_rows ON {table} TO parley_vendor USING ({own});"
        for table, own in FENCED.items()
    )
    op.execute(f"DO $$ BEGIN IF {ROLES_ARE_THERE} THEN {fences} END IF; END $$")


def downgrade() -> None:
    _when("parley_vendor", "REVOKE UPDATE (locale, zone) ON people FROM parley_vendor")
    op.drop_index("ix_chat_messages_person", table_name="chat_messages")
    op.drop_table("person_settings")


def _when(role: str, statement: str) -> None:
    op.execute(
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
        f" THEN {statement}; END IF; END $$"
    )
