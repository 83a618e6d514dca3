"""Sessions of browsers, and the tickets and matched numbers that open one.

One rule: secrets are stored as hashes.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

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
    Column("confirmed_at", Moment),
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

used_sign_ins = Table(
    "used_sign_ins",
    metadata,
    Column("fingerprint", LargeBinary, primary_key=True),
    Column("expires_at", Moment, nullable=False),
    Index("ix_used_sign_ins_expires", "expires_at"),
)

web_matches = Table(
    "web_matches",
    metadata,
    id_column(),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("person_id", Id, ForeignKey("people.id")),
    Column("epoch", Integer, nullable=False),
    Column("session_id", Id, ForeignKey("web_sessions.id", ondelete="CASCADE")),
    Column("device", String(200), nullable=False),
    Column("path", String(300), nullable=False),
    Column("number", Integer, nullable=False),
    Column("offered", String(20), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("answered_at", Moment),
    Column("matched", Boolean, nullable=False),
    Column("used_at", Moment),
    Index("ix_web_matches_person", "person_id"),
    Index("ix_web_matches_session", "session_id"),
)
