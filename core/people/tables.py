"""People, their roles, the organisation, departments and cost centres.

One rule: a person is never deleted, only disabled, or erased: then the row is left without anything personal.
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

from core.db.base import Id, Moment, id_column, metadata

organisation = Table(
    "organisation",
    metadata,
    Column("single", Boolean, primary_key=True, server_default=text("true")),
    Column("name", String(200), nullable=False),
    Column("base_currency", String(3), nullable=False),
    Column("locale", String(20), nullable=False, server_default="en"),
    Column("zone", String(60), nullable=False, server_default="UTC"),
    Column("vendors_need_approval", Boolean, nullable=False, server_default=text("false")),
    Column("duplicate_days", Integer, nullable=False, server_default="14"),
    Column("country", String(2)),
    CheckConstraint("single", name="one_row"),
    CheckConstraint("duplicate_days BETWEEN 0 AND 365", name="duplicate_days"),
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
    Column(
        "personal_key",
        LargeBinary,
        server_default=text("sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))"),
    ),
    Column("erased_at", Moment),
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

cost_centre_members = Table(
    "cost_centre_members",
    metadata,
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("cost_centre", String(40), ForeignKey("cost_centres.code"), nullable=False),
    Index("ix_cost_centre_members_cost_centre", "cost_centre"),
)
