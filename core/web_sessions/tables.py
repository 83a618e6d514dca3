"""Sessions of browsers, and tickets that open one.

One rule: secrets are stored as hashes.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from core.db.base import Id, Moment, id_column, metadata

web_sessions = Table(
    "web_sessions",
    metadata,
    id_column(),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("device", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("ix_web_sessions_person", "person_id"),
)

web_tickets = Table(
    "web_tickets",
    metadata,
    id_column(),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("path", String(300), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index("ix_web_tickets_person", "person_id"),
)
