"""The log's tables: events, their personal values and deliveries, and signed checkpoints.

One rule: an event row is written once; only sealing adds to it, and only position and chain.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.db.base import Id, Json, Moment, id_column, metadata

audit_events = Table(
    "audit_events",
    metadata,
    id_column(),
    Column("seq", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("occurred_at", Moment, nullable=False),
    Column("type", String(60), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("actor_kind", String(10), nullable=False),
    Column("on_behalf_of", Id),
    Column("channel", String(10), nullable=False),
    Column("chat_id", String(80)),
    Column("message_id", String(80)),
    Column("subject_kind", String(20), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("subject_version", Integer, nullable=False),
    Column("request_id", Id),
    Column("data", Json, nullable=False),
    Column("canonical", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("correlation_id", String(80), nullable=False),
    Column("causation_id", Id),
    Column("traceparent", String(55)),
    Column("position", BigInteger, unique=True),
    Column("chain", LargeBinary),
    CheckConstraint("(position IS NULL) = (chain IS NULL)", name="sealed_whole"),
    Index("ix_audit_events_unsealed", "seq", postgresql_where=text("position IS NULL")),
    Index("ix_audit_events_request", "request_id", "seq"),
    Index("ix_audit_events_subject", "subject_id", "seq"),
)

deliveries = Table(
    "deliveries",
    metadata,
    id_column(),
    Column("event_id", Id, ForeignKey("audit_events.id"), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("event_type", String(60), nullable=False),
    Column("subscriber", String(30), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("state", String(10), nullable=False, server_default="due"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("unanswered", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment, nullable=False),
    Column("leased_until", Moment),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Column("enqueued_at", Moment),
    Column("last_error", Text),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("event_id", "subscriber"),
    CheckConstraint("state IN ('due', 'running', 'done', 'parked', 'skipped')", name="state"),
    Index("ix_deliveries_open", "due_at", postgresql_where=text("state IN ('due', 'running')")),
    Index(
        "ix_deliveries_order",
        "subscriber",
        "subject",
        "position",
        postgresql_where=text("state IN ('due', 'running')"),
    ),
    Index("ix_deliveries_parked", "id", postgresql_where=text("state = 'parked'")),
    Index("ix_deliveries_stopped", "id", postgresql_where=text("state IN ('parked', 'skipped')")),
)

personal_values = Table(
    "personal_values",
    metadata,
    Column("event_id", Id, primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_personal_values_person", "person_id"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", BigInteger, primary_key=True),
    Column("root", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
)
