"""People, roles, departments, cost centres, chat identities, link codes and refresh tokens.

One rule: a person is never deleted, only disabled; secrets (codes, tokens) are stored as hashes.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from core.db.base import Id, Moment, id_column, metadata

organisation = Table(
    "organisation",
    metadata,
    Column("single", Boolean, primary_key=True, server_default=text("true")),
    Column("name", String(200), nullable=False),
    Column("base_currency", String(3), nullable=False),
    Column("locale", String(20), nullable=False, server_default="en"),
    Column("zone", String(60), nullable=False, server_default="UTC"),
    CheckConstraint("single", name="one_row"),
)

people = Table(
    "people",
    metadata,
    id_column(),
    Column("name", String(300), nullable=False),
    Column("email", String(254), unique=True),
    Column("locale", String(20), nullable=False, server_default="en"),
    Column("zone", String(60), nullable=False, server_default="UTC"),
    Column("vendor_id", Id, ForeignKey("vendors.id")),
    Column("password_hash", Text),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("epoch", Integer, nullable=False, server_default="1"),
    Column("created_at", Moment, nullable=False),
    Index("ix_people_vendor", "vendor_id"),
)

person_roles = Table(
    "person_roles",
    metadata,
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("role", String(20), primary_key=True),
    Index("ix_person_roles_role", "role"),
)

departments = Table(
    "departments",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("head_id", Id, ForeignKey("people.id")),
)

cost_centres = Table(
    "cost_centres",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("department", String(40), ForeignKey("departments.code"), nullable=False),
    Column("head_id", Id, ForeignKey("people.id")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
)

chat_identities = Table(
    "chat_identities",
    metadata,
    id_column(),
    Column("platform", String(10), nullable=False),
    Column("external_id", String(80), nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("display_name", String(300), nullable=False),
    Column("reachable", Boolean, nullable=False, server_default=text("true")),
    Column("linked_at", Moment, nullable=False),
    Column("unlinked_at", Moment),
    Index(
        "uq_chat_identities_live",
        "platform",
        "external_id",
        unique=True,
        postgresql_where=text("unlinked_at IS NULL"),
    ),
    Index("ix_chat_identities_person", "person_id"),
)

link_codes = Table(
    "link_codes",
    metadata,
    id_column(),
    Column("code_hash", LargeBinary, nullable=False, unique=True),
    Column("purpose", String(10), nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("made_by", Id, ForeignKey("people.id")),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("revoked_at", Moment),
    Column("identity_id", Id, ForeignKey("chat_identities.id")),
    Index("ix_link_codes_made_by", "made_by", "made_at"),
    CheckConstraint("purpose IN ('link', 'invitation')", name="purpose"),
)

link_tries = Table(
    "link_tries",
    metadata,
    Column("platform", String(10), primary_key=True),
    Column("external_id", String(80), primary_key=True),
    Column("tried_at", ARRAY(Moment), nullable=False),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    id_column(),
    Column("family", Id, nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("revoked_at", Moment),
    Index("ix_refresh_tokens_family", "family"),
    Index("ix_refresh_tokens_person", "person_id"),
)
