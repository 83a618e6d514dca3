"""Chat identities, link codes and refresh tokens.

One rule: secrets (codes, tokens) are stored as hashes.
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
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from core.db.base import Id, Moment, id_column, metadata

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
    Index("ix_link_codes_identity", "identity_id"),
    CheckConstraint("purpose IN ('link', 'invitation', 'password')", name="purpose"),
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
