"""Bind groups and channels to departments, and record which request is shown where in them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

RIGHTS = {
    "parley_app": "SELECT, INSERT, UPDATE ON chat_groups, group_topics",
    "parley_reader": "SELECT ON chat_groups, group_topics",
}


def upgrade() -> None:
    create_groups()
    create_topics()
    for role, right in RIGHTS.items():
        op.execute(
            f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
            f" THEN GRANT {right} TO {role}; END IF; END $$"
        )


def create_groups() -> None:
    op.create_table(
        "chat_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(length=10), nullable=False),
        sa.Column("chat_id", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=True),
        sa.Column("cost_centre", sa.String(length=40), nullable=True),
        sa.Column("bound_by", sa.Uuid(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unbound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reachable", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("kind IN ('forum', 'group', 'channel')", name=op.f("ck_chat_groups_kind")),
        sa.CheckConstraint(
            "(department IS NULL) <> (cost_centre IS NULL)", name=op.f("ck_chat_groups_bound_to")
        ),
        sa.ForeignKeyConstraint(["bound_by"], ["people.id"], name=op.f("fk_chat_groups_bound_by_people")),
        sa.ForeignKeyConstraint(
            ["cost_centre"], ["cost_centres.code"], name=op.f("fk_chat_groups_cost_centre_cost_centres")
        ),
        sa.ForeignKeyConstraint(
            ["department"], ["departments.code"], name=op.f("fk_chat_groups_department_departments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_groups")),
    )
    op.create_index(
        "uq_chat_groups_live",
        "chat_groups",
        ["platform", "chat_id"],
        unique=True,
        postgresql_where=sa.text("unbound_at IS NULL"),
    )


def create_topics() -> None:
    op.create_table(
        "group_topics",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.String(length=80), nullable=True),
        sa.Column("message_id", sa.String(length=80), nullable=True),
        sa.Column("title", sa.String(length=300), server_default="", nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=True),
        sa.Column("pinned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("closed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('sending', 'live', 'gone')", name=op.f("ck_group_topics_state")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["chat_groups.id"], name=op.f("fk_group_topics_group_id_chat_groups")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["procurement_requests.id"],
            name=op.f("fk_group_topics_request_id_procurement_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_topics")),
        sa.UniqueConstraint("group_id", "request_id", name=op.f("uq_group_topics_group_id_request_id")),
    )
    op.create_index("ix_group_topics_request", "group_topics", ["request_id"])


def downgrade() -> None:
    op.drop_table("group_topics")
    op.drop_table("chat_groups")
