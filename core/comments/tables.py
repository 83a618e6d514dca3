"""Comments on requests.

One rule: a comment is written once, and the app's database login may neither change nor delete it.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text

from core.db.base import Id, Moment, id_column, metadata

request_comments = Table(
    "request_comments",
    metadata,
    id_column(),
    Column("request_id", Id, ForeignKey("procurement_requests.id"), nullable=False),
    Column("author", Id, ForeignKey("people.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("length(text) BETWEEN 1 AND 2000", name="text"),
    Index("ix_request_comments_request", "request_id", "id"),
)
