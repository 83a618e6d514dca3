"""Bounds that administrators set, and the vendors whose score is below one.

One rule: a row of ``vendor_standings`` keeps the figures that it followed from, and the run that made them.
"""

from sqlalchemy import CheckConstraint, Column, Date, Float, ForeignKey, Index, Integer, String, Table

from core.db.base import Id, Moment, metadata

standing_bounds = Table(
    "standing_bounds",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("bound", Integer, nullable=False),
    Column("set_by", Id, ForeignKey("people.id"), nullable=False),
    Column("set_at", Moment, nullable=False),
    CheckConstraint("kind IN ('warn', 'rfq', 'order')", name="kind"),
    CheckConstraint("bound BETWEEN 1 AND 100", name="bound"),
)

vendor_standings = Table(
    "vendor_standings",
    metadata,
    Column("vendor_id", Id, ForeignKey("vendors.id"), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("bound", Integer, nullable=False),
    Column("value", Float, nullable=False),
    Column("n", Integer, nullable=False),
    Column("window_from", Date, nullable=False),
    Column("window_to", Date, nullable=False),
    Column("run_id", Id, ForeignKey("ml_runs.id"), nullable=False),
    Column("since", Moment, nullable=False),
    Column("overridden_by", Id, ForeignKey("people.id")),
    Column("overridden_at", Moment),
    Column("reason", String(500)),
    CheckConstraint("kind IN ('warn', 'rfq', 'order')", name="kind"),
    CheckConstraint("value < bound", name="below"),
    CheckConstraint(
        "(overridden_at IS NULL) = (reason IS NULL) AND (overridden_at IS NULL) = (overridden_by IS NULL)",
        name="overridden_with_a_reason",
    ),
    Index("ix_vendor_standings_run", "run_id"),
)
