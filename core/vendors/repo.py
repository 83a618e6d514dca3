"""Every SELECT and INSERT of vendors and their contacts.

One rule: a vendor sees itself and nobody else.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select, true

from core.access.actor import Actor
from core.accounts.tables import chat_identities
from core.db.pages import PageQuery, read_page
from core.kernel.errors import first_or_not_found
from core.kernel.ids import PersonId, VendorId
from core.kernel.pagination import Page
from core.people.tables import people
from core.uow import Uow
from core.vendors.model import Vendor, VendorContact
from core.vendors.tables import vendors

_V = vendors.c
_P = people.c


def _visible(actor: Actor) -> ColumnElement[bool]:
    return _V.id == actor.vendor_id if actor.vendor_id is not None else true()


async def visible_to(uow: Uow, actor: Actor, vendor_id: VendorId) -> Vendor:
    """The vendor, or NotFound."""
    found = await _load(uow, and_(_V.id == vendor_id, _visible(actor)), limit=1)
    return first_or_not_found(found, what="vendor")


async def by_ids(uow: Uow, ids: Sequence[VendorId]) -> list[Vendor]:
    """These vendors, in this order."""
    found = {vendor.id: vendor for vendor in await _load(uow, _V.id.in_(ids), limit=len(ids))}
    return [found[vendor_id] for vendor_id in ids if vendor_id in found]


async def page(uow: Uow, actor: Actor, q: str | None, category: str | None, query: PageQuery) -> Page[Vendor]:
    """One page of vendors, newest first; ``q`` searches names and categories."""
    listed = and_(
        _visible(actor),
        has_text(q or ""),
        func.lower(_V.category) == category.lower() if category else true(),
    )

    async def load(condition: ColumnElement[bool], limit: int) -> list[Vendor]:
        return await _load(uow, condition, limit=limit)

    return await read_page(uow.connection, query, _V.id, listed, load, lambda vendor: vendor.id)


def has_text(text: str) -> ColumnElement[bool]:
    """In the name or the category, upper or lower case; every vendor without a text."""
    if not text:
        return true()
    return or_(*(func.lower(each).contains(text.lower(), autoescape=True) for each in (_V.name, _V.category)))


async def _load(uow: Uow, condition: ColumnElement[bool], *, limit: int) -> list[Vendor]:
    found = (
        await uow.connection.execute(select(vendors).where(condition).order_by(_V.id.desc()).limit(limit))
    ).all()
    if not found:
        return []
    contacts: dict[UUID, list[VendorContact]] = {row.id: [] for row in found}
    linked = exists().where(chat_identities.c.person_id == _P.id, chat_identities.c.unlinked_at.is_(None))
    for row in await uow.connection.execute(
        select(_P.id, _P.vendor_id, _P.name, _P.email, linked.label("linked"))
        .where(_P.vendor_id.in_(list(contacts)), _P.active)
        .order_by(_P.created_at, _P.id)
    ):
        contacts[row.vendor_id].append(VendorContact(PersonId(row.id), row.name, row.email, row.linked))
    return [
        Vendor(
            VendorId(row.id),
            row.name,
            row.category,
            row.currency,
            row.country,
            row.state,
            tuple(contacts[row.id]),
        )
        for row in found
    ]


async def add(uow: Uow, vendor: Vendor, created_by: UUID | None, now: dt.datetime) -> None:
    await uow.connection.execute(
        insert(vendors).values(
            id=vendor.id,
            name=vendor.name,
            category=vendor.category,
            currency=vendor.currency,
            country=vendor.country,
            created_by=created_by,
            created_at=now,
        )
    )


async def name_exists(uow: Uow, name: str) -> bool:
    """Whether a vendor with this name exists, in upper or lower case."""
    return bool(await uow.connection.scalar(select(exists().where(func.lower(_V.name) == name.lower()))))
