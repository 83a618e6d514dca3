"""Split awards: which quote gets which line of an RFQ, and whether its alternative is ordered.

One rule: a proposal is one row that never changes; another proposal is another row, and the RFQ says which one counts.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text

from core.db.base import Amount, Id, Moment, id_column, metadata

split_awards = Table(
    "split_awards",
    metadata,
    id_column(),
    Column("rfq_id", Id, ForeignKey("rfqs.id"), nullable=False),
    Column("request_id", Id, ForeignKey("procurement_requests.id"), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("total", Amount, nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed_by", Id, ForeignKey("people.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_split_awards_request", "request_id", "id"),
)
split_award_lines = Table(
    "split_award_lines",
    metadata,
    Column("split_award_id", Id, ForeignKey("split_awards.id"), primary_key=True),
    Column("rfq_line_id", Id, ForeignKey("rfq_lines.id"), primary_key=True),
    Column("quote_id", Id, ForeignKey("vendor_quotes.id")),
    Column("alternative", Boolean, nullable=False, server_default="false"),
    Index("ix_split_award_lines_quote", "quote_id"),
)
