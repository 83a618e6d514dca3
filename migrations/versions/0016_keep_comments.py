"""Add comments on requests; they are written once, so the app may insert and read, and nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

RIGHTS = {"parley_app": "SELECT, INSERT", "parley_reader": "SELECT"}


def upgrade() -> None:
    op.create_table(
        "request_comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 2000", name=op.f("ck_request_comments_text")),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name=op.f("fk_request_comments_author_people")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["procurement_requests.id"],
            name=op.f("fk_request_comments_request_id_procurement_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_comments")),
    )
    op.create_index("ix_request_comments_request", "request_comments", ["request_id", "id"])
    for role, rights in RIGHTS.items():
        op.execute(
            f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
            f" THEN GRANT {rights} ON request_comments TO {role}; END IF; END $$"
        )


def downgrade() -> None:
    op.drop_table("request_comments")
