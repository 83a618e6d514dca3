"""Mails to people whom no chat reaches: one row per event and person.

One rule: a row says that a mail was sent, never what was in it.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, UniqueConstraint

from core.db.base import Id, Moment, id_column, metadata

mails = Table(
    "mails",
    metadata,
    id_column(),
    Column("event_id", Id, nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("state", String(12), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("claimed_at", Moment),
    CheckConstraint("state IN ('waiting', 'sent', 'refused', 'outdated')", name="state"),
    UniqueConstraint("event_id", "person_id", name="uq_mails_event"),
    Index("ix_mails_person", "person_id", "id"),
)
