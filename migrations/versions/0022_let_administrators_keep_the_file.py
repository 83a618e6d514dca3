"""Let administrators keep the vendor file: holds by kind, the approval's last day, the list of categories.

A vendor that was on hold is held from everything; a link can also be for setting a password.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

RIGHTS = {
    "parley_app": "SELECT, INSERT, UPDATE, DELETE ON vendor_holds, vendor_categories",
    "parley_reader": "SELECT ON vendor_holds, vendor_categories",
    "parley_vendor": "SELECT (vendor_id, kind, until) ON vendor_holds",
}
FENCED = {"vendor_holds": "vendor_id = (SELECT nullif(current_setting('parley.vendor_id', true), '')::uuid)"}
"""A vendor's own use cases read whether it may get orders, and never the reason why it may not."""
ROLES_ARE_THERE = (
    "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader', 'parley_vendor')) = 3"
)
PURPOSES = {True: "'link', 'invitation', 'password'", False: "'link', 'invitation'"}


def upgrade() -> None:
    create_vendor_holds()
    op.create_table(
        "vendor_categories",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_vendor_categories")),
    )
    op.add_column("vendors", sa.Column("approved_until", sa.Date(), nullable=True))
    op.execute(
        "INSERT INTO vendor_holds (vendor_id, kind, reason, held_at)"
        " SELECT id, 'everything', 'on hold', now() FROM vendors WHERE state = 'on_hold'"
    )
    op.drop_column("vendors", "state")
    op.add_column(
        "organisation",
        sa.Column("vendors_need_approval", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    set_purposes(with_password=True)
    for role, right in RIGHTS.items():
        op.execute(
            f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
            f" THEN GRANT {right} TO {role}; END IF; END $$"
        )
    for table, own in FENCED.items():
        op.execute(
            f"DO $$ BEGIN IF {ROLES_ARE_THERE} THEN ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
            f" CREATE POLICY everything ON {table} TO parley_app, parley_reader USING (true);"
            f" CREATE POLICY own_rows ON {table} TO parley_vendor USING ({own}); END IF; END $$"
        )


def create_vendor_holds() -> None:
    op.create_table(
        "vendor_holds",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("held_by", sa.Uuid(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('rfq', 'order', 'everything')", name=op.f("ck_vendor_holds_kind")),
        sa.ForeignKeyConstraint(["held_by"], ["people.id"], name=op.f("fk_vendor_holds_held_by_people")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_vendor_holds_vendor_id_vendors")
        ),
        sa.PrimaryKeyConstraint("vendor_id", "kind", name=op.f("pk_vendor_holds")),
    )


def set_purposes(*, with_password: bool) -> None:
    op.drop_constraint("ck_link_codes_purpose", "link_codes")
    op.create_check_constraint(
        op.f("ck_link_codes_purpose"), "link_codes", f"purpose IN ({PURPOSES[with_password]})"
    )


def downgrade() -> None:
    op.execute("DELETE FROM link_codes WHERE purpose = 'password'")
    set_purposes(with_password=False)
    op.drop_column("organisation", "vendors_need_approval")
    op.add_column(
        "vendors", sa.Column("state", sa.String(length=10), server_default="active", nullable=False)
    )
    op.create_check_constraint(op.f("ck_vendors_state"), "vendors", "state IN ('active', 'on_hold')")
    op.execute("UPDATE vendors SET state = 'on_hold' WHERE id IN (SELECT vendor_id FROM vendor_holds)")
    op.drop_column("vendors", "approved_until")
    op.drop_table("vendor_categories")
    op.drop_table("vendor_holds")
