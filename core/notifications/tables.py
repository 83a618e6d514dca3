"""Notices: one row per event, recipient and kind, so that a person is told once, whoever tells them."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from core.db.base import Id, Moment, id_column, metadata

notices = Table(
    "notices",
    metadata,
    id_column(),
    Column("event_id", Id, nullable=False),
    Column("recipient", Id, ForeignKey("people.id"), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("state", String(10), nullable=False),
    Column("via", String(10), nullable=False),
    Column("text", Text),
    Column("made_at", Moment, nullable=False),
    Column("sent_at", Moment),
    UniqueConstraint("event_id", "recipient", "kind"),
    CheckConstraint("state IN ('waiting', 'accepted', 'sent', 'unreachable')", name="state"),
    Index("ix_notices_event", "event_id"),
)
