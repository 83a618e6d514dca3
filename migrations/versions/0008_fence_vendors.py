"""Show a vendor's login only its own rows: row-level security, keyed on a setting of the transaction.

A setting that was never made, or whose transaction has ended, shows nothing (it reads as null or ''). The app
and the reader see all rows; an unknown login sees none. Where our roles are missing no fence can be set up,
and up, doctor and readiness report it.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OWN = "nullif(current_setting('parley.vendor_id', true), '')::uuid"
OWN_PEOPLE = f"person_id IN (SELECT id FROM people WHERE vendor_id = {OWN})"
INVITED = f"rfq_id IN (SELECT rfq_id FROM rfq_invitations WHERE vendor_id = {OWN})"
OWN_QUOTES = f"quote_id IN (SELECT id FROM vendor_quotes WHERE vendor_id = {OWN})"
OWN_ORDERS = f"order_id IN (SELECT id FROM purchase_orders WHERE vendor_id = {OWN})"

FENCED = {
    "vendors": f"id = {OWN}",
    "people": f"vendor_id = {OWN}",
    "person_roles": OWN_PEOPLE,
    "chat_identities": OWN_PEOPLE,
    "link_codes": OWN_PEOPLE,
    "documents": f"vendor_id = {OWN}",
    "procurement_requests": (
        "id IN (SELECT r.request_id FROM rfqs r JOIN rfq_invitations i ON i.rfq_id = r.id"
        f" WHERE i.vendor_id = {OWN})"
    ),
    "rfqs": f"id IN (SELECT rfq_id FROM rfq_invitations WHERE vendor_id = {OWN})",
    "rfq_lines": INVITED,
    "rfq_invitations": f"vendor_id = {OWN}",
    "vendor_quotes": f"vendor_id = {OWN}",
    "quote_lines": OWN_QUOTES,
    "quote_revisions": OWN_QUOTES,
    "purchase_orders": f"vendor_id = {OWN} AND issued_at IS NOT NULL",
    "purchase_order_lines": OWN_ORDERS,
}

ROLES_ARE_THERE = (
    "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader', 'parley_vendor')) = 3"
)


def upgrade() -> None:
    for table, own in FENCED.items():
        _when_roles_are_there(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
            f" CREATE POLICY everything ON {table} TO parley_app, parley_reader USING (true);"
            f" CREATE POLICY own_rows ON {table} TO parley_vendor USING ({own})"
        )


def downgrade() -> None:
    for table in FENCED:
        op.execute(f"DROP POLICY IF EXISTS own_rows ON {table}")
        op.execute(f"DROP POLICY IF EXISTS everything ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _when_roles_are_there(statements: str) -> None:
    op.execute(f"DO $$ BEGIN IF {ROLES_ARE_THERE} THEN {statements}; END IF; END $$")
