"""How somebody wants to see a list, and the views of lists that people have saved.

One rule: a view holds filters, never rows; whoever opens a shared one sees what they may see.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table
from sqlalchemy.dialects.postgresql import ARRAY

from core.db.base import Id, Moment, id_column, metadata

table_views = Table(
    "table_views",
    metadata,
    id_column(),
    Column("list", String(20), nullable=False),
    Column("name", String(60), nullable=False),
    Column("query", String(1000), nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Index("uq_table_views_name", "person_id", "list", "name", unique=True),
    Index("ix_table_views_shared", "list", "name"),
)

table_settings = Table(
    "table_settings",
    metadata,
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("list", String(20), primary_key=True),
    Column("columns", ARRAY(String(30)), nullable=False),
    Column("dense", Boolean, nullable=False),
    Column("rows", Integer, nullable=False),
)
