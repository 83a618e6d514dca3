"""Vendors' questions about RFQs, and what every vendor who is asked reads of them.

One rule: a clarification has no column that says who asked, so that no reader can be shown it.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, text

from core.db.base import Id, Moment, id_column, metadata

rfq_questions = Table(
    "rfq_questions",
    metadata,
    id_column(),
    Column("rfq_id", Id, ForeignKey("rfqs.id"), nullable=False),
    Column("vendor_id", Id, ForeignKey("vendors.id"), nullable=False),
    Column("asked_by", Id, ForeignKey("people.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("answered_by", Id, ForeignKey("people.id")),
    Column("answered_at", Moment),
    CheckConstraint("length(text) BETWEEN 1 AND 2000", name="text"),
    Index("ix_rfq_questions_rfq", "rfq_id", "id"),
    Index("ix_rfq_questions_open", "rfq_id", postgresql_where=text("answered_at IS NULL")),
)
rfq_clarifications = Table(
    "rfq_clarifications",
    metadata,
    id_column(),
    Column("rfq_id", Id, ForeignKey("rfqs.id"), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("length(question) BETWEEN 1 AND 2000", name="question"),
    CheckConstraint("length(answer) BETWEEN 1 AND 2000", name="answer"),
    Index("ix_rfq_clarifications_rfq", "rfq_id", "id"),
)
