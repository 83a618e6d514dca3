"""Use what a chat platform says about its user once, and find the code by which a chat was linked."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

RIGHTS = {
    "parley_app": "SELECT, INSERT, DELETE ON used_sign_ins",
    "parley_reader": "SELECT (expires_at) ON used_sign_ins",
}


def upgrade() -> None:
    op.create_table(
        "used_sign_ins",
        sa.Column("fingerprint", sa.LargeBinary, primary_key=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_used_sign_ins_expires", "used_sign_ins", ["expires_at"])
    op.create_index("ix_link_codes_identity", "link_codes", ["identity_id"])
    for role, right in RIGHTS.items():
        op.execute(
            f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
            f" THEN GRANT {right} TO {role}; END IF; END $$"
        )


def downgrade() -> None:
    op.drop_index("ix_link_codes_identity", "link_codes")
    op.drop_table("used_sign_ins")
