"""Keep vendors' links, codes, drafts of quotes and mails; a vendor's contact sees their own drafts and no secret."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

OWN = "(SELECT nullif(current_setting('parley.vendor_id', true), '')::uuid)"
OWN_VENDOR = f"vendor_id = {OWN}"
ROLES_ARE_THERE = (
    "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader', 'parley_vendor')) = 3"
)
TABLES = ("vendor_links", "vendor_link_codes", "vendor_colleagues", "quote_drafts", "mails")
FENCED = ("vendor_colleagues", "quote_drafts")
ABOUT = "about_kind, about_id"
RIGHTS = {
    "parley_app": (f"SELECT, INSERT, UPDATE, DELETE ON {', '.join(TABLES)}",),
    "parley_reader": (
        f"SELECT (id, person_id, {ABOUT}, made_by, made_at, expires_at, replaced_at, revoked_at) ON vendor_links",
        "SELECT (id, link_id, person_id, attempts, made_at, expires_at, used_at) ON vendor_link_codes",
        f"SELECT (id, vendor_id, named_by, {ABOUT}, named_at) ON vendor_colleagues",
        "SELECT (rfq_id, person_id, vendor_id, saved_at) ON quote_drafts",
        "SELECT ON mails",
    ),
    "parley_vendor": (
        "SELECT, INSERT ON vendor_colleagues",
        "SELECT, INSERT, UPDATE, DELETE ON quote_drafts",
    ),
}


MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _links()
    _drafts_and_mails()
    for role, rights in RIGHTS.items():
        for right in rights:
            _when(f"EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')", f"GRANT {right} TO {role}")
    for table in TABLES:
        _when(ROLES_ARE_THERE, _policies(table))


def _links() -> None:
    op.create_table(
        "vendor_links",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("about_kind", sa.String(10), nullable=False),
        sa.Column("about_id", sa.Uuid, nullable=False),
        sa.Column("made_by", sa.Uuid, sa.ForeignKey("people.id")),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("replaced_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.CheckConstraint("about_kind IN ('rfq', 'order')", name="about_kind"),
    )
    op.create_index("ix_vendor_links_person", "vendor_links", ["person_id", "id"])
    op.create_table(
        "vendor_link_codes",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("link_id", sa.Uuid, sa.ForeignKey("vendor_links.id"), nullable=False),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("ticket_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("code_hash", sa.LargeBinary),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
    )
    op.create_index("ix_vendor_link_codes_person", "vendor_link_codes", ["person_id", "id"])
    op.create_table(
        "vendor_colleagues",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("vendor_id", sa.Uuid, sa.ForeignKey("vendors.id"), nullable=False),
        sa.Column("named_by", sa.Uuid, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("about_kind", sa.String(10), nullable=False),
        sa.Column("about_id", sa.Uuid, nullable=False),
        sa.Column("named_at", MOMENT, nullable=False),
        sa.CheckConstraint("about_kind IN ('rfq', 'order')", name="about_kind"),
    )
    op.create_index("ix_vendor_colleagues_vendor", "vendor_colleagues", ["vendor_id"])


def _drafts_and_mails() -> None:
    op.create_table(
        "quote_drafts",
        sa.Column("rfq_id", sa.Uuid, sa.ForeignKey("rfqs.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("vendor_id", sa.Uuid, sa.ForeignKey("vendors.id"), nullable=False),
        sa.Column("typed", JSONB, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
    )
    op.create_index("ix_quote_drafts_vendor", "quote_drafts", ["vendor_id"])
    op.create_index("ix_quote_drafts_age", "quote_drafts", ["saved_at"])
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'refused', 'outdated')", name="state"),
        sa.UniqueConstraint("event_id", "person_id", name="uq_mails_event"),
    )
    op.create_index("ix_mails_person", "mails", ["person_id", "id"])


def _policies(table: str) -> str:
    fence = (
        f"; CREATE POLICY own_rows ON {table} TO parley_vendor USING ({OWN_VENDOR})"
        if table in FENCED
        else ""
    )
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f" CREATE POLICY everything ON {table} TO parley_app, parley_reader USING (true){fence}"
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _when(there: str, statements: str) -> None:
    op.execute(f"DO $$ BEGIN IF {there} THEN {statements}; END IF; END $$")
