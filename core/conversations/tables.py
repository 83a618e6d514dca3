"""Which message of which chat shows what, the drafts of open forms, where our app is installed, and the groups.

One rule: message ids live here and nowhere else; a request or an order does not know that it is shown.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

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

chat_installations = Table(
    "chat_installations",
    metadata,
    Column("platform", String(10), primary_key=True),
    Column("team_id", String(80), primary_key=True),
    Column("team_name", String(200), nullable=False),
    Column("bot_user_id", String(80), nullable=False),
    Column("sealed_token", LargeBinary, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("installed_by", String(80), nullable=False),
    Column("installed_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

chat_groups = Table(
    "chat_groups",
    metadata,
    id_column(),
    Column("platform", String(10), nullable=False),
    Column("chat_id", String(80), nullable=False),
    Column("title", String(300), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("department", String(40), ForeignKey("departments.code")),
    Column("cost_centre", String(40), ForeignKey("cost_centres.code")),
    Column("bound_by", Id, ForeignKey("people.id"), nullable=False),
    Column("bound_at", Moment, nullable=False),
    Column("unbound_at", Moment),
    Column("reachable", Boolean, nullable=False, server_default=text("true")),
    CheckConstraint("kind IN ('forum', 'group', 'channel')", name="kind"),
    CheckConstraint("(department IS NULL) <> (cost_centre IS NULL)", name="bound_to"),
    Index(
        "uq_chat_groups_live",
        "platform",
        "chat_id",
        unique=True,
        postgresql_where=text("unbound_at IS NULL"),
    ),
)

group_topics = Table(
    "group_topics",
    metadata,
    id_column(),
    Column("group_id", Id, ForeignKey("chat_groups.id"), nullable=False),
    Column("request_id", Id, ForeignKey("procurement_requests.id"), nullable=False),
    Column("thread_id", String(80)),
    Column("message_id", String(80)),
    Column("title", String(300), nullable=False, server_default=""),
    Column("content_hash", LargeBinary),
    Column("pinned", Boolean, nullable=False, server_default=text("false")),
    Column("closed", Boolean, nullable=False, server_default=text("false")),
    Column("state", String(10), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    CheckConstraint("state IN ('sending', 'live', 'gone')", name="state"),
    UniqueConstraint("group_id", "request_id"),
    Index("ix_group_topics_request", "request_id"),
)
