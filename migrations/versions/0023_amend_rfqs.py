"""Let RFQs be corrected, asked about, replaced and answered for a vendor; let files of ours be read by vendors."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OWN = "(SELECT nullif(current_setting('parley.vendor_id', true), '')::uuid)"


def _exists(table: str, key: str) -> str:
    return f"EXISTS (SELECT FROM {table} owned WHERE {key} AND owned.vendor_id = {OWN} OFFSET 0)"


INVITED = _exists("rfq_invitations", "owned.rfq_id = rfq_clarifications.rfq_id")
SHARED = _exists("document_readers", "owned.document_id = documents.id")

FENCED = {
    "rfq_questions": f"vendor_id = {OWN}",
    "rfq_clarifications": INVITED,
    "document_readers": f"vendor_id = {OWN}",
}
RIGHTS = {
    "rfq_revisions": {"parley_app": "SELECT, INSERT", "parley_reader": "SELECT"},
    "rfq_questions": {
        "parley_app": "SELECT, INSERT, UPDATE",
        "parley_reader": "SELECT",
        "parley_vendor": "SELECT, INSERT",
    },
    "rfq_clarifications": {
        "parley_app": "SELECT, INSERT",
        "parley_reader": "SELECT",
        "parley_vendor": "SELECT",
    },
    "document_readers": {
        "parley_app": "SELECT, INSERT",
        "parley_reader": "SELECT",
        "parley_vendor": "SELECT",
    },
}
ROLES_ARE_THERE = (
    "(SELECT count(*) FROM pg_roles WHERE rolname IN ('parley_app', 'parley_reader', 'parley_vendor')) = 3"
)
FAILED = "state IN ('unsuccessful', 'cancelled')"


def upgrade() -> None:
    _add_columns()
    _create_tables()
    _create_clarifications()
    _create_document_readers()
    op.drop_index("ix_rfqs_unsuccessful", "rfqs")
    op.create_index("ix_rfqs_failed", "rfqs", ["sent_by"], postgresql_where=sa.text(FAILED))
    for table, own in FENCED.items():
        _when_roles_are_there(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
            f" CREATE POLICY everything ON {table} TO parley_app, parley_reader USING (true);"
            f" CREATE POLICY own_rows ON {table} TO parley_vendor USING ({own})"
        )
    for table, rights in RIGHTS.items():
        for role, right in rights.items():
            op.execute(
                f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
                f" THEN GRANT {right} ON {table} TO {role}; END IF; END $$"
            )
    _when_roles_are_there(
        f"CREATE POLICY shared_rows ON documents FOR SELECT TO parley_vendor USING ({SHARED})"
    )


def _add_columns() -> None:
    op.add_column("rfqs", sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
    op.add_column(
        "vendor_quotes", sa.Column("rfq_revision", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column("vendor_quotes", sa.Column("entered_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_vendor_quotes_entered_by_people"), "vendor_quotes", "people", ["entered_by"], ["id"]
    )
    for table in ("approval_steps", "approval_logs"):
        op.alter_column(table, "verb", type_=sa.String(20), existing_type=sa.String(10))


def _create_tables() -> None:
    op.create_table(
        "rfq_revisions",
        sa.Column("rfq_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfqs.id"], name=op.f("fk_rfq_revisions_rfq_id_rfqs")),
        sa.PrimaryKeyConstraint("rfq_id", "revision", name=op.f("pk_rfq_revisions")),
    )
    op.create_table(
        "rfq_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rfq_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 2000", name=op.f("ck_rfq_questions_text")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["people.id"], name=op.f("fk_rfq_questions_answered_by_people")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_rfq_questions_asked_by_people")),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfqs.id"], name=op.f("fk_rfq_questions_rfq_id_rfqs")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_rfq_questions_vendor_id_vendors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_questions")),
    )
    op.create_index("ix_rfq_questions_rfq", "rfq_questions", ["rfq_id", "id"])
    op.create_index(
        "ix_rfq_questions_open", "rfq_questions", ["rfq_id"], postgresql_where=sa.text("answered_at IS NULL")
    )


def _create_clarifications() -> None:
    op.create_table(
        "rfq_clarifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rfq_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(question) BETWEEN 1 AND 2000", name=op.f("ck_rfq_clarifications_question")
        ),
        sa.CheckConstraint("length(answer) BETWEEN 1 AND 2000", name=op.f("ck_rfq_clarifications_answer")),
        sa.ForeignKeyConstraint(["rfq_id"], ["rfqs.id"], name=op.f("fk_rfq_clarifications_rfq_id_rfqs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rfq_clarifications")),
    )
    op.create_index("ix_rfq_clarifications_rfq", "rfq_clarifications", ["rfq_id", "id"])


def _create_document_readers() -> None:
    op.create_table(
        "document_readers",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_readers_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_document_readers_vendor_id_vendors")
        ),
        sa.PrimaryKeyConstraint("document_id", "vendor_id", name=op.f("pk_document_readers")),
    )
    op.create_index("ix_document_readers_vendor", "document_readers", ["vendor_id", "document_id"])


def downgrade() -> None:
    op.execute("DROP POLICY IF EXISTS shared_rows ON documents")
    for table in RIGHTS:
        op.drop_table(table)
    op.drop_index("ix_rfqs_failed", "rfqs")
    op.create_index(
        "ix_rfqs_unsuccessful", "rfqs", ["sent_by"], postgresql_where=sa.text("state = 'unsuccessful'")
    )
    op.drop_column("vendor_quotes", "entered_by")
    op.drop_column("vendor_quotes", "rfq_revision")
    op.drop_column("rfqs", "revision")


def _when_roles_are_there(statements: str) -> None:
    op.execute(f"DO $$ BEGIN IF {ROLES_ARE_THERE} THEN {statements}; END IF; END $$")
