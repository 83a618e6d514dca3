"""The root of the schema: one MetaData with fixed constraint names, and the column types used everywhere."""

from sqlalchemy import Column, DateTime, MetaData, Numeric, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Moment = DateTime(timezone=True)
Amount = Numeric(20, 6)
Total = Numeric(26, 6)
"""A sum of many amounts."""
Json = JSONB
OptionalJson = JSONB(none_as_null=True)
"""None is no value, not the JSON value null."""
Id = Uuid(as_uuid=True)


def id_column() -> Column[object]:
    """The primary key of an object: a UUIDv7 made in Python."""
    return Column("id", Id, primary_key=True)
