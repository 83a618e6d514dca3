"""What looked unusual, who looked at it, and how each rule is used.

One rule: a finding is found once, by its rule and by what it is about; only its verdict is written later.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from core.db.base import Amount, Id, Json, Moment, id_column, metadata

finding_rules = Table(
    "finding_rules",
    metadata,
    Column("rule", String(20), primary_key=True),
    Column("switched_on", Boolean, nullable=False),
    Column("weekly_cards", Integer, nullable=False),
    Column("raises_level", Boolean, nullable=False),
    Column("in_digest", Boolean, nullable=False),
    Column("limit_amount", Amount, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Moment, nullable=False),
    CheckConstraint("weekly_cards BETWEEN 0 AND 100", name="weekly_cards"),
    CheckConstraint("limit_amount >= 0", name="limit_amount"),
)
"""Only rules of which somebody, or their precision, has changed something have a row."""

findings = Table(
    "findings",
    metadata,
    id_column(),
    Column("rule", String(20), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("part", String(40), nullable=False),
    Column("request_id", Id, ForeignKey("procurement_requests.id"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("facts", Json, nullable=False),
    Column("found_at", Moment, nullable=False),
    Column("carded", Boolean, nullable=False),
    Column("involved", ARRAY(Id), nullable=False),
    Column("reviewed_by", Id, ForeignKey("people.id")),
    Column("reviewed_at", Moment),
    Column("reason", String(500)),
    UniqueConstraint("rule", "subject_id", "part"),
    CheckConstraint("state IN ('open', 'held', 'fine', 'confirmed')", name="state"),
    CheckConstraint("(state = 'open') = (reviewed_by IS NULL)", name="reviewed_by_somebody"),
    CheckConstraint("state <> 'fine' OR reason IS NOT NULL", name="fine_for_a_reason"),
    Index("ix_findings_request", "request_id", "id"),
    Index("ix_findings_state", "state", "id"),
    Index("ix_findings_rule", "rule", "state", "id"),
    Index(
        "ix_findings_reviewed",
        "rule",
        "reviewed_at",
        postgresql_where=text("state IN ('fine', 'confirmed')"),
    ),
    Index("ix_findings_carded", "rule", "found_at", postgresql_where=text("carded")),
)
