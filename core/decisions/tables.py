"""The log of verdicts.

One rule: a row is written once; an undone decision stays, under its own round.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from core.db.base import Id, Moment, id_column, metadata

approval_logs = Table(
    "approval_logs",
    metadata,
    id_column(),
    Column("approval_id", Id, ForeignKey("approvals.id"), nullable=False),
    Column("step_id", Id, ForeignKey("approval_steps.id"), nullable=False),
    Column("approver", Id, ForeignKey("people.id"), nullable=False),
    Column("on_behalf_of", Id, ForeignKey("people.id")),
    Column("verb", String(20), nullable=False),
    Column("comment", Text, nullable=False),
    Column("approval_version", Integer, nullable=False),
    Column("subject_version", Integer, nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("round", Integer, nullable=False, server_default="1"),
    UniqueConstraint("step_id", "approver", "round"),
    Index("ix_approval_logs_approval", "approval_id"),
)
