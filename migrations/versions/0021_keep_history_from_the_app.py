"""Keep history from the app: it adds events without a place in the log, and what is written once stays.

Position and chain are the sealer's alone, whatever the rights: a trigger refuses a row that brings them along. Of the
log's columns the app may fill those that it knows; seq is counted by the database. Deliveries are made by the sealer,
and no role of ours deletes one.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WRITTEN_BY_APP = (
    "id, occurred_at, type, actor, actor_kind, on_behalf_of, channel, chat_id, message_id, subject_kind, subject_id,"
    " subject_version, request_id, data, canonical, digest, correlation_id, causation_id"
)
WRITTEN_ONCE = "receipts, approval_policies"
ENDED_NEVER_DELETED = (
    "procurement_requests, rfqs, rfq_lines, rfq_invitations, vendor_quotes, approvals, approval_steps,"
    " approval_questions, purchase_orders, purchase_order_lines, delegations, notices, documents, people, vendors"
)

REFUSE = """
CREATE FUNCTION refuse_a_place_in_the_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'only sealing gives an event its position and chain'
    USING ERRCODE = 'insufficient_privilege';
END $$
"""
ARRIVING = """
CREATE TRIGGER audit_events_arrive_unsealed BEFORE INSERT ON audit_events
  FOR EACH ROW WHEN (NEW.position IS NOT NULL OR NEW.chain IS NOT NULL)
  EXECUTE FUNCTION refuse_a_place_in_the_log()
"""


def upgrade() -> None:
    op.execute(REFUSE)
    op.execute(ARRIVING)
    _for_app("REVOKE INSERT ON audit_events FROM parley_app")
    _for_app(f"GRANT INSERT ({WRITTEN_BY_APP}) ON audit_events TO parley_app")
    _for_app("REVOKE INSERT, DELETE ON deliveries FROM parley_app")
    _for_app(f"REVOKE UPDATE, DELETE ON {WRITTEN_ONCE} FROM parley_app")
    _for_app(f"REVOKE DELETE ON {ENDED_NEVER_DELETED} FROM parley_app")


def downgrade() -> None:
    _for_app(f"GRANT DELETE ON {ENDED_NEVER_DELETED} TO parley_app")
    _for_app("GRANT UPDATE, DELETE ON receipts, approval_policies TO parley_app")
    _for_app("GRANT INSERT, DELETE ON deliveries TO parley_app")
    _for_app("GRANT INSERT ON audit_events TO parley_app")
    op.execute("DROP TRIGGER audit_events_arrive_unsealed ON audit_events")
    op.execute("DROP FUNCTION refuse_a_place_in_the_log")


def _for_app(statement: str) -> None:
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_app')"
        f" THEN {statement}; END IF; END $$"
    )
