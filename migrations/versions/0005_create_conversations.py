"""Create message references, drafts, notices and flow reports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_chat_messages()
    create_chat_drafts()
    create_notices()
    create_flow_reports()
    create_status_projection()


def create_chat_messages() -> None:
    op.create_table(
        "chat_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(length=10), nullable=False),
        sa.Column("chat_id", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("card", sa.String(length=40), nullable=False),
        sa.Column("rendered_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('sending', 'live', 'gone')", name=op.f("ck_chat_messages_state")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_chat_messages_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_messages")),
    )
    op.create_index("ix_chat_messages_subject", "chat_messages", ["subject_id", "card"], unique=False)
    op.create_index(
        "uq_chat_messages_message",
        "chat_messages",
        ["platform", "chat_id", "message_id"],
        unique=True,
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )


def create_chat_drafts() -> None:
    op.create_table(
        "chat_drafts",
        sa.Column("platform", sa.String(length=10), nullable=False),
        sa.Column("chat_id", sa.String(length=80), nullable=False),
        sa.Column("thread_id", sa.String(length=80), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.Column("form", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("values", postgresql.JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "platform", "chat_id", "thread_id", "external_id", name=op.f("pk_chat_drafts")
        ),
    )
    op.create_index("ix_chat_drafts_age", "chat_drafts", ["updated_at"], unique=False)


def create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("via", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'accepted', 'sent', 'unreachable')", name=op.f("ck_notices_state")
        ),
        sa.ForeignKeyConstraint(["recipient"], ["people.id"], name=op.f("fk_notices_recipient_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("event_id", "recipient", "kind", name=op.f("uq_notices_event_id_recipient_kind")),
    )
    op.create_index("ix_notices_event", "notices", ["event_id"], unique=False)


def create_flow_reports() -> None:
    op.create_table(
        "flow_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("execution_id", sa.String(length=80), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_reports")),
        sa.UniqueConstraint("event_id", "status", name=op.f("uq_flow_reports_event_id_status")),
    )


def create_status_projection() -> None:
    op.create_table(
        "status_projection",
        sa.Column("only", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_status_projection")),
    )


def downgrade() -> None:
    op.drop_table("status_projection")
    op.drop_table("flow_reports")
    op.drop_table("notices")
    op.drop_table("chat_drafts")
    op.drop_table("chat_messages")
