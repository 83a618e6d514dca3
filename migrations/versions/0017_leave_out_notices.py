"""Add a state for a notice that is left out because a card already shows its content."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BEFORE = "state IN ('waiting', 'accepted', 'held', 'released', 'outdated', 'sent', 'unreachable')"
AFTER = "state IN ('waiting', 'accepted', 'held', 'released', 'outdated', 'carded', 'sent', 'unreachable')"


def upgrade() -> None:
    _states(AFTER)


def downgrade() -> None:
    op.execute("UPDATE notices SET state = 'sent' WHERE state = 'carded'")
    _states(BEFORE)


def _states(allowed: str) -> None:
    op.drop_constraint(op.f("ck_notices_state"), "notices")
    op.create_check_constraint(op.f("ck_notices_state"), "notices", allowed)
