"""Create people, vendors, documents and rates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_organisation()
    create_vendors()
    create_people()
    create_person_roles()
    create_departments()
    create_cost_centres()
    create_chat_identities()
    create_link_codes()
    create_link_tries()
    create_refresh_tokens()
    create_exchange_rates()
    create_documents()
    op.create_foreign_key("fk_vendors_created_by_people", "vendors", "people", ["created_by"], ["id"])


def create_organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("single", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("base_currency", sa.String(length=3), nullable=False),
        sa.Column("locale", sa.String(length=20), server_default="en", nullable=False),
        sa.Column("zone", sa.String(length=60), server_default="UTC", nullable=False),
        sa.CheckConstraint("single", name=op.f("ck_organisation_one_row")),
        sa.PrimaryKeyConstraint("single", name=op.f("pk_organisation")),
    )


def create_vendors() -> None:
    op.create_table(
        "vendors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="active", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('active', 'on_hold')", name=op.f("ck_vendors_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendors")),
    )
    op.create_index("ix_vendors_category", "vendors", ["category"], unique=False)
    op.create_index("uq_vendors_name", "vendors", [sa.literal_column("lower(name)")], unique=True)


def create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("locale", sa.String(length=20), server_default="en", nullable=False),
        sa.Column("zone", sa.String(length=60), server_default="UTC", nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_people_vendor_id_vendors")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    op.create_index("ix_people_vendor", "people", ["vendor_id"], unique=False)


def create_person_roles() -> None:
    op.create_table(
        "person_roles",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_roles_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_roles")),
    )
    op.create_index("ix_person_roles_role", "person_roles", ["role"], unique=False)


def create_departments() -> None:
    op.create_table(
        "departments",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["head_id"], ["people.id"], name=op.f("fk_departments_head_id_people")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_departments")),
    )


def create_cost_centres() -> None:
    op.create_table(
        "cost_centres",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(
            ["department"], ["departments.code"], name=op.f("fk_cost_centres_department_departments")
        ),
        sa.ForeignKeyConstraint(["head_id"], ["people.id"], name=op.f("fk_cost_centres_head_id_people")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_cost_centres")),
    )


def create_chat_identities() -> None:
    op.create_table(
        "chat_identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(length=10), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("display_name", sa.String(length=300), nullable=False),
        sa.Column("reachable", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unlinked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_chat_identities_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_identities")),
    )
    op.create_index("ix_chat_identities_person", "chat_identities", ["person_id"], unique=False)
    op.create_index(
        "uq_chat_identities_live",
        "chat_identities",
        ["platform", "external_id"],
        unique=True,
        postgresql_where=sa.text("unlinked_at IS NULL"),
    )


def create_link_codes() -> None:
    op.create_table(
        "link_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("identity_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("purpose IN ('link', 'invitation')", name=op.f("ck_link_codes_purpose")),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["chat_identities.id"], name=op.f("fk_link_codes_identity_id_chat_identities")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_link_codes_made_by_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_link_codes_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_link_codes_code_hash")),
    )
    op.create_index("ix_link_codes_made_by", "link_codes", ["made_by", "made_at"], unique=False)


def create_link_tries() -> None:
    op.create_table(
        "link_tries",
        sa.Column("platform", sa.String(length=10), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.Column("tried_at", postgresql.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.PrimaryKeyConstraint("platform", "external_id", name=op.f("pk_link_tries")),
    )


def create_refresh_tokens() -> None:
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_refresh_tokens_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
    )
    op.create_index("ix_refresh_tokens_family", "refresh_tokens", ["family"], unique=False)
    op.create_index("ix_refresh_tokens_person", "refresh_tokens", ["person_id"], unique=False)


def create_exchange_rates() -> None:
    op.create_table(
        "exchange_rates",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=24, scale=12), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.CheckConstraint("rate > 0", name=op.f("ck_exchange_rates_positive")),
        sa.PrimaryKeyConstraint("currency", "day", name=op.f("pk_exchange_rates")),
    )


def create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("attached_kind", sa.String(length=20), nullable=True),
        sa.Column("attached_id", sa.Uuid(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('clean', 'quarantined')", name=op.f("ck_documents_state")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_documents_owner_id_people")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_documents_vendor_id_vendors")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index("ix_documents_attached", "documents", ["attached_id"], unique=False)
    op.create_index("ix_documents_vendor", "documents", ["vendor_id"], unique=False)


def downgrade() -> None:
    op.drop_constraint("fk_vendors_created_by_people", "vendors")
    op.drop_table("documents")
    op.drop_table("exchange_rates")
    op.drop_table("refresh_tokens")
    op.drop_table("link_tries")
    op.drop_table("link_codes")
    op.drop_table("chat_identities")
    op.drop_table("cost_centres")
    op.drop_table("departments")
    op.drop_table("person_roles")
    op.drop_table("people")
    op.drop_table("vendors")
    op.drop_table("organisation")
