"""Give each login only what it needs, and let nobody change the log.

app      reads and writes the tables; of the log it may read and insert, never update or delete
sealer   fills position and chain of the log from null, writes deliveries and checkpoints
vendor   a role without login that the app steps into for vendors; row-level security shows its own rows only
reader   reads

Roles that do not exist are passed over: then the database fence is off, and up, doctor and readiness say so.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GRANTS = """
DO $$
DECLARE name text;
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_app') THEN
    GRANT USAGE ON SCHEMA public TO parley_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO parley_app;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO parley_app;
    REVOKE UPDATE, DELETE ON audit_events, checkpoints, approval_logs, quote_revisions FROM parley_app;
    REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM parley_app;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_sealer') THEN
    GRANT USAGE ON SCHEMA public TO parley_sealer;
    GRANT SELECT ON audit_events TO parley_sealer;
    GRANT UPDATE (position, chain) ON audit_events TO parley_sealer;
    GRANT SELECT, INSERT, UPDATE ON deliveries TO parley_sealer;
    GRANT SELECT, INSERT ON checkpoints TO parley_sealer;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_reader') THEN
    GRANT USAGE ON SCHEMA public TO parley_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO parley_reader;
    REVOKE SELECT ON refresh_tokens, link_codes FROM parley_reader;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_vendor') THEN
    GRANT USAGE ON SCHEMA public TO parley_vendor;
    FOREACH name IN ARRAY ARRAY['organisation', 'people', 'person_roles', 'chat_identities', 'vendors', 'rfqs',
        'rfq_lines', 'rfq_invitations', 'vendor_quotes', 'quote_lines', 'quote_revisions', 'procurement_requests',
        'purchase_orders', 'purchase_order_lines', 'exchange_rates', 'documents', 'link_codes']
    LOOP
      EXECUTE format('GRANT SELECT ON %I TO parley_vendor', name);
    END LOOP;
    GRANT INSERT, UPDATE ON rfq_invitations, vendor_quotes, documents, link_codes TO parley_vendor;
    GRANT INSERT, UPDATE, DELETE ON quote_lines TO parley_vendor;
    GRANT INSERT ON quote_revisions TO parley_vendor;
    GRANT UPDATE ON purchase_orders TO parley_vendor;
    GRANT USAGE, SELECT ON quote_numbers TO parley_vendor;
  END IF;
END $$
"""

APPEND_ONLY = """
CREATE FUNCTION refuse_change_of_the_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL
     AND to_jsonb(NEW) - 'position' - 'chain' = to_jsonb(OLD) - 'position' - 'chain' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the log is written once: % of audit_events is refused', lower(TG_OP);
END $$;
CREATE TRIGGER audit_events_are_written_once BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_the_log();
CREATE TRIGGER audit_events_are_not_truncated BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_the_log();
"""

OWN = "nullif(current_setting('parley.vendor_id', true), '')::uuid"

FENCED = {
    "vendors": f"id = {OWN}",
    "people": f"vendor_id = {OWN}",
    "rfq_invitations": f"vendor_id = {OWN}",
    "rfqs": f"id IN (SELECT rfq_id FROM rfq_invitations WHERE vendor_id = {OWN})",
    "rfq_lines": f"rfq_id IN (SELECT rfq_id FROM rfq_invitations WHERE vendor_id = {OWN})",
    "procurement_requests": (
        "id IN (SELECT r.request_id FROM rfqs r JOIN rfq_invitations i ON i.rfq_id = r.id"
        f" WHERE i.vendor_id = {OWN})"
    ),
    "vendor_quotes": f"vendor_id = {OWN}",
    "quote_lines": f"quote_id IN (SELECT id FROM vendor_quotes WHERE vendor_id = {OWN})",
    "quote_revisions": f"quote_id IN (SELECT id FROM vendor_quotes WHERE vendor_id = {OWN})",
    "purchase_orders": f"vendor_id = {OWN}",
    "purchase_order_lines": f"order_id IN (SELECT id FROM purchase_orders WHERE vendor_id = {OWN})",
}


def upgrade() -> None:
    for statement in (GRANTS, *APPEND_ONLY.split(";\nCREATE TRIGGER")[:1]):
        op.execute(statement)
    for trigger in APPEND_ONLY.split(";\nCREATE TRIGGER")[1:]:
        op.execute(f"CREATE TRIGGER{trigger.rstrip().rstrip(';')}")
    for table, own in FENCED.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY everything ON {table} USING (current_user <> 'parley_vendor')")
        op.execute(f"CREATE POLICY own_rows ON {table} USING (current_user = 'parley_vendor' AND {own})")


def downgrade() -> None:
    for table in FENCED:
        op.execute(f"DROP POLICY own_rows ON {table}")
        op.execute(f"DROP POLICY everything ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("DROP TRIGGER audit_events_are_written_once ON audit_events")
    op.execute("DROP TRIGGER audit_events_are_not_truncated ON audit_events")
    op.execute("DROP FUNCTION refuse_change_of_the_log")
