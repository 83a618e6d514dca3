"""The groups that show requests, and which request is shown where in them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from core.db.base import Id, Moment, id_column, metadata

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
