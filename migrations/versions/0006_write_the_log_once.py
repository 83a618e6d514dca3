"""Prevent every change of the log, whatever the rights: only sealing may fill position and chain, once."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REFUSE = """
CREATE FUNCTION refuse_change_of_the_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.position IS NULL AND NEW.position IS NOT NULL
       AND to_jsonb(NEW) - 'position' - 'chain' = to_jsonb(OLD) - 'position' - 'chain' THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the log is written once: % of audit_events is refused', lower(TG_OP)
    USING ERRCODE = 'insufficient_privilege';
END $$
"""

ROWS = """
CREATE TRIGGER audit_events_are_written_once BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_the_log()
"""

WHOLE = """
CREATE TRIGGER audit_events_are_not_truncated BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_the_log()
"""


def upgrade() -> None:
    for statement in (REFUSE, ROWS, WHOLE):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_events_are_written_once ON audit_events")
    op.execute("DROP TRIGGER audit_events_are_not_truncated ON audit_events")
    op.execute("DROP FUNCTION refuse_change_of_the_log")
