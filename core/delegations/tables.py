"""Who decides for whom.

One rule: a person has one deputy at a time; the database enforces this.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, text

from core.db.base import Amount, Id, Moment, id_column, metadata

delegations = Table(
    "delegations",
    metadata,
    id_column(),
    Column("giver", Id, ForeignKey("people.id"), nullable=False),
    Column("deputy", Id, ForeignKey("people.id"), nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("limit_amount", Amount),
    Column("limit_currency", String(3)),
    Column("reason", Text, nullable=False),
    Column("ended_at", Moment),
    CheckConstraint("giver <> deputy", name="two_people"),
    CheckConstraint("(limit_amount IS NULL) = (limit_currency IS NULL)", name="limit_whole"),
    Index("uq_delegations_giver", "giver", unique=True, postgresql_where=text("ended_at IS NULL")),
    Index("ix_delegations_deputy", "deputy", postgresql_where=text("ended_at IS NULL")),
)
