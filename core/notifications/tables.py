"""Notices, preferences and digests.

One rule: there is one row per event, recipient and kind, so that a person is notified once, whoever sends it.

A person's preferences are one row; language and zone are stored with the person, because every slice reads
them.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    text,
)

from core.db.base import Id, Moment, id_column, metadata

notices = Table(
    "notices",
    metadata,
    id_column(),
    Column("event_id", Id, nullable=False),
    Column("recipient", Id, ForeignKey("people.id"), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("state", String(20), nullable=False),
    Column("via", String(10), nullable=False),
    Column("text", Text),
    Column("urgent", Boolean, nullable=False, server_default=text("false")),
    Column("made_at", Moment, nullable=False),
    Column("held_until", Moment),
    Column("sent_at", Moment),
    UniqueConstraint("event_id", "recipient", "kind"),
    CheckConstraint(
        "state IN ('waiting', 'accepted', 'held', 'released', 'outdated', 'carded', 'sent', 'unreachable')",
        name="state",
    ),
    CheckConstraint("state <> 'held' OR held_until IS NOT NULL", name="held_until"),
    Index("ix_notices_event", "event_id"),
    Index(
        "ix_notices_kept",
        "recipient",
        "held_until",
        postgresql_where=text("state IN ('held', 'released')"),
    ),
)

person_settings = Table(
    "person_settings",
    metadata,
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("digest_hour", SmallInteger),
    Column("quiet_begins", Time),
    Column("quiet_ends", Time),
    Column("snoozed_until", Moment),
    Column("updated_at", Moment, nullable=False),
    CheckConstraint("digest_hour BETWEEN 0 AND 23", name="digest_hour"),
    CheckConstraint("(quiet_begins IS NULL) = (quiet_ends IS NULL)", name="quiet"),
)
"""No row: the defaults of ``core.notifications.quiet_hours``."""

digests = Table(
    "digests",
    metadata,
    id_column(),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("state", String(20), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("sent_at", Moment),
    UniqueConstraint("person_id", "day"),
    CheckConstraint("state IN ('due', 'sent', 'empty', 'unreachable')", name="state"),
)
"""One per person and local day, whatever happens to clocks and zones."""
