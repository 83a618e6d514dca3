"""Keep the trace that an event belongs to, beside its correlation id; it is no evidence, so no hash covers it."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_events", sa.Column("traceparent", sa.String(55)))
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_app')"
        " THEN GRANT INSERT (traceparent) ON audit_events TO parley_app; END IF; END $$"
    )


def downgrade() -> None:
    op.drop_column("audit_events", "traceparent")
