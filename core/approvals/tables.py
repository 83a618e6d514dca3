"""Approvals, their steps, every verdict, questions, and the policies by version."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from core.db.base import Amount, Id, Json, Moment, id_column, metadata

approval_policies = Table(
    "approval_policies",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("currency", String(3), nullable=False),
    Column("tiers", Json, nullable=False),
    Column("set_by", String(80), nullable=False),
    Column("set_at", Moment, nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    id_column(),
    Column("subject_kind", String(20), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("subject_version", Integer, nullable=False),
    Column("request_id", Id, nullable=False),
    Column("requested_by", Id, ForeignKey("people.id"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount_base", Amount, nullable=False),
    Column("base_currency", String(3), nullable=False),
    Column("title", String(300), nullable=False),
    Column("vendor_name", String(300), nullable=False),
    Column("cost_centre", String(40), nullable=False),
    Column("excluded", ARRAY(Id), nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("policy_tier", Json, nullable=False),
    Column("reason", Text),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Index("uq_approvals_pending", "request_id", unique=True, postgresql_where=text("state = 'pending'")),
    UniqueConstraint("subject_kind", "subject_id", "subject_version"),
    Index("ix_approvals_state", "state", "id"),
    Index("ix_approvals_request", "request_id", "id"),
)

approval_steps = Table(
    "approval_steps",
    metadata,
    id_column(),
    Column("approval_id", Id, ForeignKey("approvals.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("candidates", ARRAY(Id), nullable=False),
    Column("asked_first", Id),
    Column("opened_at", Moment),
    Column("route_due_at", Moment),
    Column("routed_at", Moment),
    Column("due_at", Moment),
    Column("reminders", Integer, nullable=False, server_default="0"),
    Column("decided_by", Id, ForeignKey("people.id")),
    Column("decided_at", Moment),
    Column("verb", String(10)),
    Column("comment", Text),
    UniqueConstraint("approval_id", "position"),
    CheckConstraint("(state = 'done') = (decided_by IS NOT NULL)", name="done_by_somebody"),
    Index("ix_approval_steps_open", "due_at", postgresql_where=text("state = 'open'")),
    Index(
        "ix_approval_steps_candidates",
        "candidates",
        postgresql_using="gin",
        postgresql_where=text("state = 'open'"),
    ),
)

approval_logs = Table(
    "approval_logs",
    metadata,
    id_column(),
    Column("approval_id", Id, ForeignKey("approvals.id"), nullable=False),
    Column("step_id", Id, ForeignKey("approval_steps.id"), nullable=False),
    Column("approver", Id, ForeignKey("people.id"), nullable=False),
    Column("on_behalf_of", Id, ForeignKey("people.id")),
    Column("verb", String(10), nullable=False),
    Column("comment", Text, nullable=False),
    Column("approval_version", Integer, nullable=False),
    Column("subject_version", Integer, nullable=False),
    Column("decided_at", Moment, nullable=False),
    UniqueConstraint("step_id", "approver"),
    Index("ix_approval_logs_approval", "approval_id"),
)

approval_questions = Table(
    "approval_questions",
    metadata,
    id_column(),
    Column("approval_id", Id, ForeignKey("approvals.id"), nullable=False),
    Column("asked_by", Id, ForeignKey("people.id"), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("text", Text, nullable=False),
    Column("answer", Text),
    Column("answered_by", Id, ForeignKey("people.id")),
    Column("answered_at", Moment),
    Index("ix_approval_questions_approval", "approval_id", "asked_at"),
)
