"""Create the installations of the chat app; the reader sees them without the encrypted token."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RIGHTS = {
    "parley_app": "SELECT, INSERT, UPDATE ON chat_installations",
    "parley_reader": (
        "SELECT (platform, team_id, team_name, bot_user_id, scopes, installed_by, installed_at, revoked_at)"
        " ON chat_installations"
    ),
}


def upgrade() -> None:
    op.create_table(
        "chat_installations",
        sa.Column("platform", sa.String(length=10), nullable=False),
        sa.Column("team_id", sa.String(length=80), nullable=False),
        sa.Column("team_name", sa.String(length=200), nullable=False),
        sa.Column("bot_user_id", sa.String(length=80), nullable=False),
        sa.Column("sealed_token", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(), nullable=False),
        sa.Column("installed_by", sa.String(length=80), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("platform", "team_id", name=op.f("pk_chat_installations")),
    )
    for role, right in RIGHTS.items():
        op.execute(
            f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
            f" THEN GRANT {right} TO {role}; END IF; END $$"
        )


def downgrade() -> None:
    op.drop_table("chat_installations")
