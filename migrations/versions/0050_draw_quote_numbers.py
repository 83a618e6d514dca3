"""Draw the numbers of quotes: a count of them tells a vendor how many the others have given.

Quotes keep the numbers that they have.
"""

from alembic import op

revision = "0050"
down_revision = "0047"
branch_labels = None
depends_on = None

SHORT = "length(number) < 10"
"""Counted, not drawn: of fewer than eight digits."""


def upgrade() -> None:
    op.execute("DROP SEQUENCE quote_numbers")


def downgrade() -> None:
    op.execute("CREATE SEQUENCE quote_numbers START 51")
    op.execute(
        "SELECT setval('quote_numbers', coalesce(max(split_part(number, '-', 2)::bigint), 50))"
        f" FROM vendor_quotes WHERE {SHORT}"
    )
    for role in ("parley_app", "parley_vendor"):
        op.execute(
            f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
            f" THEN GRANT USAGE, SELECT ON quote_numbers TO {role}; END IF; END $$"
        )
