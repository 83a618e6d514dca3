"""Let people be erased: what the log says of a person stands beside it, encrypted with that person's own key.

An event holds only a salted commitment to each personal value. Erasing a person destroys the key, the salts and the
values; the event, its hash and the chain stay as they are. Events from before keep what they have.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

RANDOM = "sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))"


def upgrade() -> None:
    op.add_column(
        "people", sa.Column("personal_key", sa.LargeBinary(), nullable=True, server_default=sa.text(RANDOM))
    )
    op.add_column("people", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "personal_values",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_personal_values_person_id_people")
        ),
        sa.PrimaryKeyConstraint("event_id", "field", name=op.f("pk_personal_values")),
    )
    op.create_index("ix_personal_values_person", "personal_values", ["person_id"])
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_app')"
        " THEN GRANT SELECT, INSERT, DELETE ON personal_values TO parley_app; END IF; END $$"
    )


def downgrade() -> None:
    op.drop_table("personal_values")
    op.drop_column("people", "erased_at")
    op.drop_column("people", "personal_key")
