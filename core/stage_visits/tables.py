"""How long every purchase was in every stage, up to where the log is measured, and which days are worked.

One rule: all of it follows from the log and can be made anew; nothing else is stored here.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    text,
)

from core.db.base import Id, Moment, metadata
from core.stage_visits.model import bucket_of

_MEASURED = text("left_at IS NOT NULL AND NOT stopped")


def _bucket(column: str) -> str:
    return bucket_of(f"{column}::double precision")


stage_visits = Table(
    "stage_visits",
    metadata,
    Column("subject_id", Id, primary_key=True),
    Column("stage", String(20), primary_key=True),
    Column("visit", Integer, primary_key=True, autoincrement=False),
    Column("request_id", Id, nullable=False),
    Column("step_id", Id),
    Column("waited_on", String(20), nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("left_at", Moment),
    Column("stopped", Boolean, nullable=False, server_default="false"),
    Column("calendar_s", BigInteger),
    Column("working_s", BigInteger),
    Column("paused_s", BigInteger, nullable=False, server_default="0"),
    Column("week", Date),
    Column("bucket", SmallInteger, Computed(_bucket("calendar_s"), persisted=True)),
    Column("working_bucket", SmallInteger, Computed(_bucket("working_s"), persisted=True)),
    CheckConstraint("(left_at IS NULL) = (calendar_s IS NULL)", name="measured_once_left"),
    Index(
        "ix_stage_visits_left",
        "stage",
        "left_at",
        postgresql_include=["calendar_s", "working_s", "week", "request_id"],
        postgresql_where=_MEASURED,
    ),
    Index(
        "ix_stage_visits_length",
        "stage",
        "bucket",
        "week",
        postgresql_include=["calendar_s"],
        postgresql_where=_MEASURED,
    ),
    Index(
        "ix_stage_visits_worked",
        "stage",
        "working_bucket",
        "week",
        postgresql_include=["working_s"],
        postgresql_where=text("left_at IS NOT NULL AND NOT stopped AND working_s IS NOT NULL"),
    ),
    Index("ix_stage_visits_open", "stage", "entered_at", postgresql_where=text("left_at IS NULL")),
    Index("ix_stage_visits_request", "request_id"),
)

visit_weeks = Table(
    "visit_weeks",
    metadata,
    Column("worked", Boolean, primary_key=True),
    Column("stage", String(20), primary_key=True),
    Column("week", Date, primary_key=True),
    Column("bucket", SmallInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False),
)
"""How many visits of about the same length ended in a week; the database keeps it equal to the visits."""

measured_log = Table(
    "measured_log",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("calendar", String(80), nullable=False, server_default=""),
    Column("place", String(80), nullable=False, server_default=""),
    Column("updated_at", Moment, nullable=False),
)

working_days = Table(
    "working_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("begins_at", Moment, nullable=False),
    Column("works", Boolean, nullable=False),
    Column("before_s", BigInteger, nullable=False),
)
