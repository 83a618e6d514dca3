"""Keep which texts name the same item, and from whom it is bought, for forecasts of demand."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLES = ("demand_items", "demand_texts")
RIGHTS = {
    "parley_app": f"SELECT, INSERT, UPDATE, DELETE ON {', '.join(TABLES)}",
    "parley_reader": f"SELECT ON {', '.join(TABLES)}",
}


def upgrade() -> None:
    op.create_table(
        "demand_items",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("category", sa.String(40)),
        sa.Column("vendor_id", sa.Uuid, sa.ForeignKey("vendors.id")),
        sa.Column("lead_days", sa.Float),
        sa.Column("lead_orders", sa.Integer, nullable=False, server_default="0"),
        sa.Column("price", sa.Numeric(20, 6)),
    )
    op.create_index("ix_demand_items_category", "demand_items", ["category"])
    op.create_table(
        "demand_texts",
        sa.Column("words", sa.Text, primary_key=True),
        sa.Column("unit", sa.String(40), primary_key=True),
        sa.Column("item_id", sa.Uuid, sa.ForeignKey("demand_items.id"), nullable=False),
    )
    op.create_index("ix_demand_texts_item", "demand_texts", ["item_id"])
    for role, rights in RIGHTS.items():
        _when(f"EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')", f"GRANT {rights} TO {role}")
    there = "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader')) = 2"
    for table in TABLES:
        fence = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        _when(there, f"{fence} CREATE POLICY everything ON {table} TO parley_app, parley_reader USING (true)")


def downgrade() -> None:
    for table in ("demand_texts", "demand_items"):
        op.drop_table(table)


def _when(there: str, statements: str) -> None:
    op.execute(f"DO $$ BEGIN IF {there} THEN {statements}; END IF; END $$")
