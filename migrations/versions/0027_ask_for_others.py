"""Ask for others, and ask once: who entered a request, what it resembles, its lines by their words, lines that go.

Lines of the last weeks get their words here; older ones are too old to be warned of.
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
RECENT_DAYS = 60
MANY = 1_000
ENTERED = "entered_by IS NOT NULL"
DAY = "needed_by IS NOT NULL OR state IN ('draft', 'withdrawn', 'cancelled')"


def upgrade() -> None:
    op.add_column(
        "organisation", sa.Column("duplicate_days", sa.Integer(), nullable=False, server_default="14")
    )
    op.create_check_constraint(
        op.f("ck_organisation_duplicate_days"), "organisation", "duplicate_days BETWEEN 0 AND 365"
    )
    op.alter_column("procurement_requests", "needed_by", nullable=True)
    op.create_check_constraint(
        op.f("ck_procurement_requests_day_once_submitted"), "procurement_requests", DAY
    )
    op.add_column("procurement_requests", sa.Column("entered_by", sa.Uuid(), sa.ForeignKey("people.id")))
    op.add_column(
        "procurement_requests",
        sa.Column("resembles", postgresql.ARRAY(sa.String(20)), nullable=False, server_default="{}"),
    )
    op.create_index(
        "ix_procurement_requests_entered",
        "procurement_requests",
        ["entered_by", "id"],
        postgresql_where=sa.text(ENTERED),
    )
    op.add_column("request_lines", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    op.add_column("request_lines", sa.Column("asked_at", MOMENT))
    op.add_column("request_lines", sa.Column("dropped_at", MOMENT))
    op.add_column("rfq_lines", sa.Column("dropped_at", MOMENT))
    _fill_words()
    op.create_index("ix_request_lines_words", "request_lines", ["words", "quantity", "asked_at"])


def downgrade() -> None:
    op.drop_index("ix_request_lines_words")
    op.execute(
        "DELETE FROM request_lines WHERE dropped_at IS NOT NULL AND id NOT IN"
        " (SELECT request_line_id FROM rfq_lines UNION SELECT request_line_id FROM purchase_order_lines)"
    )
    op.drop_column("rfq_lines", "dropped_at")
    for column in ("dropped_at", "asked_at", "words"):
        op.drop_column("request_lines", column)
    op.drop_index("ix_procurement_requests_entered")
    op.drop_column("procurement_requests", "resembles")
    op.drop_column("procurement_requests", "entered_by")
    op.drop_constraint(op.f("ck_procurement_requests_day_once_submitted"), "procurement_requests")
    op.execute("UPDATE procurement_requests SET needed_by = created_at::date WHERE needed_by IS NULL")
    op.alter_column("procurement_requests", "needed_by", nullable=False)
    op.drop_column("organisation", "duplicate_days")


def _fill_words() -> None:
    """Which words a description has, says ``core/kernel/words.py``; this is how it said so on that day."""
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            "SELECT l.id, l.description, r.created_at FROM request_lines l"
            " JOIN procurement_requests r ON r.id = l.request_id"
            f" WHERE r.created_at > now() - interval '{RECENT_DAYS} days'"
        )
    ).all()
    written = sa.text("UPDATE request_lines SET words = :words, asked_at = :asked_at WHERE id = :id")
    rows = [{"id": row[0], "words": _words(row[1]), "asked_at": row[2]} for row in found]
    for start in range(0, len(rows), MANY):
        connection.execute(written, rows[start : start + MANY])


def _words(description: str) -> str:
    folded = unicodedata.normalize("NFKC", description).casefold()
    return " ".join(sorted(re.findall(r"\w+", folded)))[:300] or folded.strip()[:300]
