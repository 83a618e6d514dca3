"""What is worked out from history: runs, the scores that they made, what was shown to whom, and dismissals.

One rule: a score is never changed, only closed (``superseded_at``), so every figure that somebody saw can be found
again with its run.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from core.db.base import Id, Json, Moment, id_column, metadata

ml_runs = Table(
    "ml_runs",
    metadata,
    id_column(),
    Column("feature", String(20), nullable=False),
    Column("version", String(20), nullable=False),
    Column("parameters", Json, nullable=False),
    Column("trained_to", Moment, nullable=False),
    Column("window_from", Date),
    Column("window_to", Date),
    Column("metrics", Json, nullable=False),
    Column("n", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("status", String(10), nullable=False),
    CheckConstraint("status IN ('running', 'finished', 'failed')", name="status"),
    CheckConstraint("(status = 'running') = (finished_at IS NULL)", name="finished"),
    Index("ix_ml_runs_feature", "feature", "started_at"),
    Index("ix_ml_runs_unfinished", "feature", postgresql_where=text("status = 'running'")),
)

ml_run_pieces = Table(
    "ml_run_pieces",
    metadata,
    Column("run_id", Id, ForeignKey("ml_runs.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("step", String(20), nullable=False),
    Column("up_to", Id, nullable=False),
    Column("content", Text, nullable=False),
)
"""What a run has collected so far, and up to which id; nothing is left of a run that has ended."""

ml_scores = Table(
    "ml_scores",
    metadata,
    id_column(),
    Column("feature", String(20), nullable=False),
    Column("subject_type", String(20), nullable=False),
    Column("subject_id", String(200), nullable=False),
    Column("part", String(40), nullable=False),
    Column("value", Float),
    Column("low", Float),
    Column("high", Float),
    Column("n", Integer, nullable=False),
    Column("window_from", Date, nullable=False),
    Column("window_to", Date, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("run_id", Id, ForeignKey("ml_runs.id"), nullable=False),
    Column("computed_at", Moment, nullable=False),
    Column("superseded_at", Moment),
    CheckConstraint("n >= 0", name="counted"),
    CheckConstraint("window_from <= window_to", name="window_runs_forward"),
    CheckConstraint("low <= value AND value <= high", name="within_its_interval"),
    Index(
        "uq_ml_scores_current",
        "feature",
        "subject_type",
        "subject_id",
        "part",
        unique=True,
        postgresql_where=text("superseded_at IS NULL"),
    ),
    Index("ix_ml_scores_run", "run_id", "subject_type", "subject_id"),
    Index("ix_ml_scores_closed", "superseded_at", postgresql_where=text("superseded_at IS NOT NULL")),
)

ml_shown = Table(
    "ml_shown",
    metadata,
    id_column(),
    Column("shown_at", Moment, nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("request_id", Id),
    Column("place", String(20), nullable=False),
    Column("feature", String(20), nullable=False),
    Column("subject_type", String(20), nullable=False),
    Column("subject_id", String(200), nullable=False),
    Column("run_id", Id, ForeignKey("ml_runs.id")),
    Column("figures", Json, nullable=False),
    Column("figures_md5", String(32), Computed("md5(figures::text)", persisted=True)),
    Index(
        "uq_ml_shown_once",
        "person_id",
        "request_id",
        "place",
        "feature",
        "subject_type",
        "subject_id",
        "run_id",
        "figures_md5",
        unique=True,
        postgresql_nulls_not_distinct=True,
    ),
    Index("ix_ml_shown_purchase", "request_id", "shown_at"),
    Index("ix_ml_shown_run", "run_id"),
)
"""The same hint in the same place counts once per person: when they saw it first."""

ml_dismissals = Table(
    "ml_dismissals",
    metadata,
    id_column(),
    Column("feature", String(20), nullable=False),
    Column("rule", String(40), nullable=False),
    Column("subject_type", String(20), nullable=False),
    Column("subject_id", String(200), nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("dismissed_at", Moment, nullable=False),
    Index("uq_ml_dismissals_subject", "feature", "subject_type", "subject_id", "rule", unique=True),
    Index("ix_ml_dismissals_rule", "feature", "rule", "dismissed_at"),
)

insight_switches = Table(
    "insight_switches",
    metadata,
    Column("feature", String(20), primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("changed_by", Id, ForeignKey("people.id"), nullable=False),
    Column("changed_at", Moment, nullable=False),
)
"""Only features that an administrator has switched once; the others are on."""
