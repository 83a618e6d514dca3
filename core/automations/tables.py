"""The flows' reports, and what the dashboard has counted: the sums, and what each purchase adds to them."""

from sqlalchemy import ARRAY, BigInteger, Column, Integer, String, Table, Text, UniqueConstraint

from core.db.base import Id, Json, Moment, id_column, metadata

flow_reports = Table(
    "flow_reports",
    metadata,
    id_column(),
    Column("event_id", Id, nullable=False),
    Column("status", String(300), nullable=False),
    Column("detail", Text),
    Column("execution_id", String(80)),
    Column("reported_at", Moment, nullable=False),
    UniqueConstraint("event_id", "status"),
)

status_projection = Table(
    "status_projection",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("counts", Json, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

counted_purchases = Table(
    "counted_purchases",
    metadata,
    Column("request_id", Id, primary_key=True),
    Column("states", ARRAY(Text), nullable=False),
)
