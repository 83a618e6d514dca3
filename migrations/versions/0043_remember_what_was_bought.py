"""Keep each text of an order line once, with an index of its trigrams: the like of a text is found among few rows."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

TABLE = "bought_texts"


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(TABLE, sa.Column("words", sa.Text, primary_key=True))
    op.create_index(
        "ix_bought_texts_trigrams",
        TABLE,
        ["words"],
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    op.execute(f"INSERT INTO {TABLE} (words) SELECT DISTINCT lower(description) FROM purchase_order_lines")
    _when(("parley_reader",), f"GRANT SELECT ON {TABLE} TO parley_reader")
    _when(("parley_app",), f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO parley_app")
    _when(
        ("parley_app", "parley_reader"),
        f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;"
        f" CREATE POLICY everything ON {TABLE} TO parley_app, parley_reader USING (true)",
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    op.execute("DROP EXTENSION IF EXISTS pg_trgm")


def _when(roles: tuple[str, ...], statements: str) -> None:
    names = ", ".join(f"'{role}'" for role in roles)
    there = f"(SELECT count(*) FROM pg_roles WHERE rolname IN ({names})) = {len(roles)}"
    op.execute(f"DO $$ BEGIN IF {there} THEN {statements}; END IF; END $$")
