"""Give each login only what it needs.

app      reads and writes the tables; of the log it may read and insert, never update or delete sealer   fills
position and chain of the log where they are null, writes deliveries and checkpoints vendor   a role without
login that the app switches to for vendors, with the rights of their use cases and no more reader   reads, but
no secret: neither hashes nor stored answers

Roles that do not exist are skipped: then the database fence is off, and up, doctor and readiness report it. A
later migration that adds a table grants the rights for it itself, by name; a test finds a forgotten one.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PERSON = "id, name, email, locale, zone, vendor_id, active, epoch, created_at"
REQUEST = "id, number, state, version, currency, needed_by, cost_centre"

RIGHTS: dict[str, tuple[str, ...]] = {
    "parley_app": (
        "USAGE ON SCHEMA public",
        "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public",
        "USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public",
    ),
    "parley_sealer": (
        "USAGE ON SCHEMA public",
        "SELECT ON audit_events, alembic_version",
        "UPDATE (position, chain) ON audit_events",
        "SELECT, INSERT, UPDATE ON deliveries",
        "SELECT, INSERT ON checkpoints",
    ),
    "parley_reader": (
        "USAGE ON SCHEMA public",
        "SELECT ON ALL TABLES IN SCHEMA public",
    ),
    "parley_vendor": (
        "USAGE ON SCHEMA public",
        "SELECT ON organisation, exchange_rates, vendors, person_roles, chat_identities, link_codes, documents",
        "SELECT ON rfqs, rfq_lines, rfq_invitations, vendor_quotes, quote_lines, quote_revisions",
        "SELECT ON purchase_orders, purchase_order_lines",
        f"SELECT ({PERSON}) ON people",
        f"SELECT ({REQUEST}) ON procurement_requests",
        "UPDATE (epoch) ON people",
        "UPDATE (unlinked_at) ON chat_identities",
        "INSERT, UPDATE ON link_codes, rfq_invitations, vendor_quotes",
        "INSERT, UPDATE, DELETE ON quote_lines",
        "INSERT ON quote_revisions, documents",
        "UPDATE (attached_kind, attached_id) ON documents",
        "UPDATE ON purchase_orders",
        "USAGE, SELECT ON quote_numbers",
    ),
}

TAKEN_BACK: dict[str, tuple[str, ...]] = {
    "parley_app": (
        "UPDATE, DELETE ON audit_events, checkpoints, approval_logs, quote_revisions",
        "INSERT ON checkpoints",
        "INSERT, UPDATE, DELETE ON alembic_version",
    ),
    "parley_reader": ("SELECT ON refresh_tokens, link_codes, link_tries, idempotency_keys, people",),
}

AFTER: dict[str, tuple[str, ...]] = {"parley_reader": (f"SELECT ({PERSON}) ON people",)}


def upgrade() -> None:
    for role, rights in RIGHTS.items():
        for right in rights:
            _when_there(role, f"GRANT {right} TO {role}")
    for role, rights in TAKEN_BACK.items():
        for right in rights:
            _when_there(role, f"REVOKE {right} FROM {role}")
    for role, rights in AFTER.items():
        for right in rights:
            _when_there(role, f"GRANT {right} TO {role}")


def downgrade() -> None:
    for role in RIGHTS:
        _when_there(role, f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
        _when_there(role, f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}")
        _when_there(role, f"REVOKE ALL ON SCHEMA public FROM {role}")


def _when_there(role: str, statement: str) -> None:
    op.execute(
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
        f" THEN {statement}; END IF; END $$"
    )
