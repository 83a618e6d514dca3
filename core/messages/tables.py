"""Which message in which chat shows what, and the drafts of open forms.

One rule: message ids are stored in these tables and nowhere else, so a request does not know that it is
shown.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, text

from core.db.base import Id, Json, Moment, id_column, metadata

chat_messages = Table(
    "chat_messages",
    metadata,
    id_column(),
    Column("platform", String(10), nullable=False),
    Column("chat_id", String(80), nullable=False),
    Column("message_id", String(80)),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("subject_kind", String(20), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("card", String(40), nullable=False),
    Column("rendered_version", Integer, nullable=False, server_default="0"),
    Column("content_hash", LargeBinary),
    Column("state", String(10), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    CheckConstraint("state IN ('sending', 'live', 'gone')", name="state"),
    Index(
        "uq_chat_messages_message",
        "platform",
        "chat_id",
        "message_id",
        unique=True,
        postgresql_where=text("message_id IS NOT NULL"),
    ),
    Index("ix_chat_messages_subject", "subject_id", "card"),
    Index("ix_chat_messages_person", "person_id", "id"),
)
chat_drafts = Table(
    "chat_drafts",
    metadata,
    Column("platform", String(10), primary_key=True),
    Column("chat_id", String(80), primary_key=True),
    Column("thread_id", String(80), primary_key=True),
    Column("external_id", String(80), primary_key=True),
    Column("form", String(80), nullable=False),
    Column("step", String(80), nullable=False),
    Column("values", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index("ix_chat_drafts_age", "updated_at"),
)
