"""Let every read find its rows by an index: policies tied to the row, missing indexes, and counts kept by difference.

A policy that lists all of a vendor's rows costs as much as the vendor has rows, on every call. These look at the one
row: ``OFFSET 0`` keeps the planner from making the list again, and the setting is read once per statement.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

OWN = "(SELECT nullif(current_setting('parley.vendor_id', true), '')::uuid)"


def _exists(table: str, key: str) -> str:
    return f"EXISTS (SELECT FROM {table} owned WHERE {key} AND owned.vendor_id = {OWN} OFFSET 0)"


def _of_person(table: str, column: str) -> str:
    return _exists("people", f"owned.id = {table}.{column}")


def _of_invited(table: str, column: str) -> str:
    return _exists("rfq_invitations", f"owned.rfq_id = {table}.{column}")


FENCED = {
    "vendors": f"id = {OWN}",
    "people": f"vendor_id = {OWN}",
    "person_roles": _of_person("person_roles", "person_id"),
    "chat_identities": _of_person("chat_identities", "person_id"),
    "link_codes": _of_person("link_codes", "person_id"),
    "person_settings": _of_person("person_settings", "person_id"),
    "notices": _of_person("notices", "recipient"),
    "documents": f"vendor_id = {OWN}",
    "procurement_requests": (
        "EXISTS (SELECT FROM rfqs r JOIN rfq_invitations i ON i.rfq_id = r.id"
        f" WHERE r.request_id = procurement_requests.id AND i.vendor_id = {OWN} OFFSET 0)"
    ),
    "rfqs": _of_invited("rfqs", "id"),
    "rfq_lines": _of_invited("rfq_lines", "rfq_id"),
    "rfq_invitations": f"vendor_id = {OWN}",
    "vendor_quotes": f"vendor_id = {OWN}",
    "quote_lines": _exists("vendor_quotes", "owned.id = quote_lines.quote_id"),
    "quote_revisions": _exists("vendor_quotes", "owned.id = quote_revisions.quote_id"),
    "purchase_orders": f"vendor_id = {OWN} AND issued_at IS NOT NULL",
    "purchase_order_lines": _exists("purchase_orders", "owned.id = purchase_order_lines.order_id"),
}

BEFORE = "nullif(current_setting('parley.vendor_id', true), '')::uuid"
OWN_PEOPLE = f"IN (SELECT id FROM people WHERE vendor_id = {BEFORE})"
INVITED = f"IN (SELECT rfq_id FROM rfq_invitations WHERE vendor_id = {BEFORE})"
OWN_QUOTES = f"quote_id IN (SELECT id FROM vendor_quotes WHERE vendor_id = {BEFORE})"
EARLIER = {
    "vendors": f"id = {BEFORE}",
    "people": f"vendor_id = {BEFORE}",
    "person_roles": f"person_id {OWN_PEOPLE}",
    "chat_identities": f"person_id {OWN_PEOPLE}",
    "link_codes": f"person_id {OWN_PEOPLE}",
    "person_settings": f"person_id {OWN_PEOPLE}",
    "notices": f"recipient {OWN_PEOPLE}",
    "documents": f"vendor_id = {BEFORE}",
    "procurement_requests": (
        "id IN (SELECT r.request_id FROM rfqs r JOIN rfq_invitations i ON i.rfq_id = r.id"
        f" WHERE i.vendor_id = {BEFORE})"
    ),
    "rfqs": f"id {INVITED}",
    "rfq_lines": f"rfq_id {INVITED}",
    "rfq_invitations": f"vendor_id = {BEFORE}",
    "vendor_quotes": f"vendor_id = {BEFORE}",
    "quote_lines": OWN_QUOTES,
    "quote_revisions": OWN_QUOTES,
    "purchase_orders": f"vendor_id = {BEFORE} AND issued_at IS NOT NULL",
    "purchase_order_lines": f"order_id IN (SELECT id FROM purchase_orders WHERE vendor_id = {BEFORE})",
}

INDEXES = (
    ("ix_procurement_requests_mine_state", "procurement_requests", ["requested_by", "state", "id"]),
    ("ix_procurement_requests_cost_centre", "procurement_requests", ["cost_centre", "id"]),
    ("ix_procurement_requests_created", "procurement_requests", ["created_at", "id"]),
    ("ix_rfqs_state", "rfqs", ["state", "id"]),
    ("ix_rfqs_sent_by", "rfqs", ["sent_by", "id"]),
    ("ix_rfqs_created", "rfqs", ["created_at", "id"]),
    ("ix_vendor_quotes_rfq", "vendor_quotes", ["rfq_id", "id"]),
    ("ix_vendor_quotes_state", "vendor_quotes", ["state", "id"]),
    ("ix_vendor_quotes_submitted", "vendor_quotes", ["submitted_at", "id"]),
    ("ix_approvals_requested_by", "approvals", ["requested_by", "id"]),
    ("ix_approvals_opened", "approvals", ["opened_at", "id"]),
    ("ix_purchase_orders_request", "purchase_orders", ["request_id"]),
    ("ix_purchase_orders_requested_by", "purchase_orders", ["requested_by", "id"]),
    ("ix_purchase_orders_vendor_state", "purchase_orders", ["vendor_id", "state", "id"]),
    ("ix_purchase_orders_created", "purchase_orders", ["created_at", "id"]),
)
DECIDED = "ix_approval_steps_decided_by"
STATES = """
SELECT id AS request_id, 'requests/' || state AS state FROM procurement_requests
UNION ALL SELECT request_id, 'rfqs/' || state FROM rfqs
UNION ALL SELECT r.request_id, 'invitations/' || i.state FROM rfq_invitations i JOIN rfqs r ON r.id = i.rfq_id
UNION ALL SELECT request_id, 'approvals/' || state FROM approvals
UNION ALL SELECT request_id, 'orders/' || state FROM purchase_orders
"""


def upgrade() -> None:
    for table, own in FENCED.items():
        _replace_policy(table, own)
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    op.create_index(
        DECIDED, "approval_steps", ["decided_by", "approval_id"], postgresql_where=sa.text("state = 'done'")
    )
    count_by_difference()


def count_by_difference() -> None:
    """What each purchase adds to the dashboard, and the sums, counted once."""
    op.create_table(
        "counted_purchases",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("states", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_counted_purchases")),
    )
    op.execute(
        "INSERT INTO counted_purchases (request_id, states)"
        f" SELECT request_id, array_agg(state ORDER BY state) FROM ({STATES}) s GROUP BY request_id"
    )
    op.execute("DELETE FROM status_projection")
    op.execute(
        'INSERT INTO status_projection ("only", position, counts, updated_at) SELECT 1,'
        " (SELECT coalesce(max(position), 0) FROM audit_events), coalesce(jsonb_object_agg(state, n), '{}'), now()"
        f" FROM (SELECT state, count(*) AS n FROM ({STATES}) s GROUP BY state) counted"
    )
    _when("parley_app", "GRANT SELECT, INSERT, UPDATE, DELETE ON counted_purchases TO parley_app")
    _when("parley_reader", "GRANT SELECT ON counted_purchases TO parley_reader")


def downgrade() -> None:
    op.execute("DELETE FROM status_projection")
    op.drop_table("counted_purchases")
    op.drop_index(DECIDED, "approval_steps")
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table)
    for table, own in EARLIER.items():
        _replace_policy(table, own)


def _replace_policy(table: str, own: str) -> None:
    op.execute(
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_policies WHERE tablename = '{table}' AND policyname = 'own_rows')"
        f" THEN ALTER POLICY own_rows ON {table} USING ({own}); END IF; END $$"
    )


def _when(role: str, statement: str) -> None:
    op.execute(
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
        f" THEN {statement}; END IF; END $$"
    )
