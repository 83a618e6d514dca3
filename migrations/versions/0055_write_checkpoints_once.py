"""Prevent every change of a checkpoint, whatever the rights, as of the log that it proves."""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

REFUSE = """
CREATE FUNCTION refuse_change_of_checkpoints() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'checkpoints are written once: % is refused', lower(TG_OP)
    USING ERRCODE = 'insufficient_privilege';
END $$
"""

ONCE = """
CREATE TRIGGER checkpoints_are_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_checkpoints()
"""


def upgrade() -> None:
    for statement in (REFUSE, ONCE):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER checkpoints_are_written_once ON checkpoints")
    op.execute("DROP FUNCTION refuse_change_of_checkpoints")
