"""Let an order be changed by agreement, and a receipt be corrected: proposals, earlier versions, counter-entries.

A proposal is part of its order while it waits. Who belongs to which cost centre, and how goods are received, is set by
administrators.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None

AMOUNT = sa.Numeric(20, 6)
OWN = "(SELECT nullif(current_setting('parley.vendor_id', true), '')::uuid)"
OWN_REVISIONS = (
    "EXISTS (SELECT FROM purchase_orders owned"
    f" WHERE owned.id = order_revisions.order_id AND owned.vendor_id = {OWN} OFFSET 0)"
)
ROLES_ARE_THERE = (
    "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader', 'parley_vendor')) = 3"
)
RIGHTS = {
    "parley_app": (
        "SELECT, INSERT ON order_revisions, receiving_policies",
        "SELECT, INSERT, UPDATE, DELETE ON cost_centre_members",
    ),
    "parley_reader": ("SELECT ON order_revisions, receiving_policies, cost_centre_members",),
    "parley_vendor": ("SELECT ON order_revisions",),
}


def upgrade() -> None:
    op.add_column("purchase_orders", sa.Column("revision", sa.Integer, nullable=False, server_default="1"))
    op.add_column("purchase_orders", sa.Column("proposal", postgresql.JSONB))
    op.create_check_constraint(
        op.f("ck_purchase_orders_proposal_while_proposed"),
        "purchase_orders",
        "(state = 'change_proposed') = (proposal IS NOT NULL)",
    )
    op.create_index(
        "ix_purchase_orders_changing",
        "purchase_orders",
        ["request_id"],
        postgresql_where=sa.text("state = 'change_proposed'"),
    )
    op.create_index("ix_purchase_orders_cost_centre", "purchase_orders", ["cost_centre", "id"])
    op.add_column("purchase_order_lines", sa.Column("returned", AMOUNT, nullable=False, server_default="0"))
    op.create_check_constraint(
        op.f("ck_purchase_order_lines_returned_not_negative"), "purchase_order_lines", "returned >= 0"
    )
    op.add_column("receipts", sa.Column("kind", sa.String(12), nullable=False, server_default="receipt"))
    op.add_column("receipts", sa.Column("corrects", sa.Uuid, sa.ForeignKey("receipts.id")))
    op.create_check_constraint(
        op.f("ck_receipts_kind"), "receipts", "kind IN ('receipt', 'correction', 'return')"
    )
    op.create_check_constraint(
        op.f("ck_receipts_corrects"), "receipts", "(kind = 'correction') = (corrects IS NOT NULL)"
    )
    op.create_table(
        "order_revisions",
        sa.Column("order_id", sa.Uuid, sa.ForeignKey("purchase_orders.id"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("content", postgresql.JSONB, nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "cost_centre_members",
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("cost_centre", sa.String(40), sa.ForeignKey("cost_centres.code"), nullable=False),
    )
    op.create_index("ix_cost_centre_members_cost_centre", "cost_centre_members", ["cost_centre"])
    op.create_table(
        "receiving_policies",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("colleagues", sa.Boolean, nullable=False),
        sa.Column("percent", AMOUNT, nullable=False),
        sa.Column("tolerances", postgresql.JSONB, nullable=False),
        sa.Column("set_by", sa.String(80), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_receiving_policies_percent")),
    )
    for role, rights in RIGHTS.items():
        for right in rights:
            _when(role, f"GRANT {right} TO {role}")
    _when_all_are_there(
        "ALTER TABLE order_revisions ENABLE ROW LEVEL SECURITY;"
        " CREATE POLICY everything ON order_revisions TO parley_app, parley_reader USING (true);"
        f" CREATE POLICY own_rows ON order_revisions TO parley_vendor USING ({OWN_REVISIONS})",
    )


def downgrade() -> None:
    for table in ("receiving_policies", "cost_centre_members", "order_revisions"):
        op.drop_table(table)
    for column in ("corrects", "kind"):
        op.drop_column("receipts", column)
    op.drop_column("purchase_order_lines", "returned")
    op.drop_index("ix_purchase_orders_cost_centre")
    op.drop_index("ix_purchase_orders_changing")
    for column in ("proposal", "revision"):
        op.drop_column("purchase_orders", column)


def _when_all_are_there(statements: str) -> None:
    op.execute(f"DO $$ BEGIN IF {ROLES_ARE_THERE} THEN {statements}; END IF; END $$")


def _when(role: str, statements: str) -> None:
    there = f"EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
    op.execute(f"DO $$ BEGIN IF {there} THEN {statements}; END IF; END $$")
