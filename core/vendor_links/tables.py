"""Links of vendors' contacts, the codes that let a new browser act, and colleagues whom a contact named.

One rule: secrets and codes are stored as hashes.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from core.db.base import Id, Moment, id_column, metadata

vendor_links = Table(
    "vendor_links",
    metadata,
    id_column(),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("about_kind", String(10), nullable=False),
    Column("about_id", Id, nullable=False),
    Column("made_by", Id, ForeignKey("people.id")),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("replaced_at", Moment),
    Column("revoked_at", Moment),
    CheckConstraint("about_kind IN ('rfq', 'order')", name="about_kind"),
    Index("ix_vendor_links_person", "person_id", "id"),
    Index("ix_vendor_links_about", "about_id", "id"),
)

vendor_link_codes = Table(
    "vendor_link_codes",
    metadata,
    id_column(),
    Column("link_id", Id, ForeignKey("vendor_links.id"), nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("ticket_hash", LargeBinary, nullable=False, unique=True),
    Column("code_hash", LargeBinary),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index("ix_vendor_link_codes_person", "person_id", "id"),
    Index("ix_vendor_link_codes_link", "link_id"),
)

vendor_colleagues = Table(
    "vendor_colleagues",
    metadata,
    id_column(),
    Column("vendor_id", Id, ForeignKey("vendors.id"), nullable=False),
    Column("named_by", Id, ForeignKey("people.id"), nullable=False),
    Column("name", String(300), nullable=False),
    Column("email", String(254), nullable=False),
    Column("about_kind", String(10), nullable=False),
    Column("about_id", Id, nullable=False),
    Column("named_at", Moment, nullable=False),
    CheckConstraint("about_kind IN ('rfq', 'order')", name="about_kind"),
    Index("ix_vendor_colleagues_vendor", "vendor_id"),
)
