"""Every SELECT and UPDATE of vendors, their contacts, holds and categories.

One rule: a vendor sees itself and nobody else.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    not_,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from core.access.actor import Actor
from core.accounts.tables import chat_identities
from core.db.batches import nested
from core.db.connection import Connection, Row
from core.db.keyset import Bounds, NewestFirst, equal
from core.db.pages import read_page
from core.kernel.errors import first_or_not_found
from core.kernel.ids import PersonId, VendorId
from core.kernel.pagination import Page, UnreadableRow, read_rows, readable
from core.people.tables import organisation, people
from core.uow import Uow
from core.vendors.commands import HoldVendor
from core.vendors.model import Hold, HoldKind, Vendor, VendorContact, VendorFilter
from core.vendors.states import VendorState
from core.vendors.tables import vendor_categories, vendor_holds, vendors

_V = vendors.c
_H = vendor_holds.c
_K = vendor_categories.c
_P = people.c
_NEWEST = NewestFirst(_V.id, _V.created_at)
HOLDS = nested(
    _H.kind, _H.reason, _H.until, _H.by_score, where=_H.vendor_id == _V.id, order_by=_H.kind
).label("holds")
"""All holds inside the vendor's row, those too that are over."""
Day = dt.date | ColumnElement[dt.date]
TODAY: ColumnElement[dt.date] = cast(func.timezone("UTC", func.now()), Date)
"""For statements that are built once."""
_WHOLE = {False: select(vendors, HOLDS), True: select(vendors, null().label("holds"))}
"""By whether a vendor reads: it is not told what it is held from, nor why."""


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


async def lock(uow: Uow, vendor_id: VendorId) -> Vendor:
    """The vendor, locked until the transaction ends, or NotFound."""
    await uow.connection.execute(select(_V.id).where(_V.id == vendor_id).with_for_update())
    return first_or_not_found(await _load(uow, _V.id == vendor_id, limit=1), what="vendor")


async def page(uow: Uow, actor: Actor, filters: VendorFilter) -> Page[Vendor]:
    """One page of vendors, newest first; ``q`` searches names and categories."""
    today = uow.now.date()
    free = {None: true(), VendorState.active: ~held(today), VendorState.on_hold: held(today)}
    listed = and_(
        _visible(actor),
        has_text(filters.q or ""),
        func.lower(_V.category) == filters.category.lower() if filters.category else true(),
        free[filters.state],
        *equal({_V.country: filters.country, _V.currency: filters.currency}),
    )

    async def load(condition: ColumnElement[bool], limit: int) -> list[Vendor | UnreadableRow]:
        return await _read(uow, condition, limit=limit)

    bounds = Bounds(filters.page)
    if filters.page.sort:
        statement = _NEWEST.page(_WHOLE[uow.actor.is_vendor].add_columns(*_NEWEST.ended(bounds)), bounds)
        found = (await uow.connection.execute(statement.where(listed))).all()
        return _NEWEST.shown(bounds, found, await _with_contacts(uow, found), lambda vendor: vendor.id)
    return await read_page(uow.connection, filters.page, _V.id, listed, load, lambda vendor: vendor.id)


def held(today: Day, *kinds: HoldKind) -> ColumnElement[bool]:
    """The rule of ``policy`` as a condition: a hold of one of these kinds (none: of any) counts today."""
    of_kind = _H.kind.in_([each.value for each in kinds]) if kinds else true()
    counts = or_(_H.until.is_(None), _H.until >= today)
    return select(_H.vendor_id).where(_H.vendor_id == _V.id, of_kind, counts).correlate(vendors).exists()


def askable(today: Day) -> ColumnElement[bool]:
    """``policy.may_be_asked`` as a condition."""
    return and_(~held(today, HoldKind.rfq, HoldKind.everything), _approved(today))


def orderable(today: Day) -> ColumnElement[bool]:
    """``policy.may_get_orders`` as a condition; a vendor's own database role may read all that it needs."""
    return and_(~held(today, HoldKind.order, HoldKind.everything), _approved(today))


def state_for_orders() -> ColumnElement[str]:
    """A vendor's state as far as its quotes can become orders today, for other slices' statements."""
    return case((orderable(TODAY), VendorState.active.value), else_=VendorState.on_hold.value)


def _approved(today: Day) -> ColumnElement[bool]:
    needed = select(organisation.c.vendors_need_approval).scalar_subquery()
    return func.coalesce(_V.approved_until >= today, not_(needed))


def has_text(text: str) -> ColumnElement[bool]:
    """In the name or the category, upper or lower case; every vendor without a text."""
    if not text:
        return true()
    return or_(*(func.lower(each).contains(text.lower(), autoescape=True) for each in (_V.name, _V.category)))


async def _load(uow: Uow, condition: ColumnElement[bool], *, limit: int) -> list[Vendor]:
    return [readable(each) for each in await _read(uow, condition, limit=limit)]


async def _read(uow: Uow, condition: ColumnElement[bool], *, limit: int) -> list[Vendor | UnreadableRow]:
    wanted = _WHOLE[uow.actor.is_vendor].where(condition).order_by(_V.id.desc()).limit(limit)
    return await _with_contacts(uow, (await uow.connection.execute(wanted)).all())


async def _with_contacts(uow: Uow, found: Sequence[Row]) -> list[Vendor | UnreadableRow]:
    """The vendors with their contacts; one that cannot be read takes no other with it."""
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
    today = uow.now.date()
    return read_rows(found, lambda row: _vendor(row, tuple(contacts[row.id]), today), Vendor)


def _vendor(row: Row, contacts: tuple[VendorContact, ...], today: dt.date) -> Vendor:
    holds = holds_of(row.holds or ())
    on_hold = any(each.counts_on(today) for each in holds)
    return Vendor(
        VendorId(row.id),
        row.name,
        row.category,
        row.currency,
        row.country,
        contacts,
        row.approved_until,
        holds,
        VendorState.on_hold if on_hold else VendorState.active,
        row.version,
    )


def holds_of(stored: Iterable[Sequence[Any]]) -> tuple[Hold, ...]:
    """The holds as ``HOLDS`` reads them inside the vendor's row."""
    return tuple(Hold(HoldKind(kind), reason, until, by_score) for kind, reason, until, by_score in stored)


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


async def edit(uow: Uow, vendor_id: VendorId, changed: Mapping[str, object]) -> None:
    """Write these columns, and the next version."""
    await uow.connection.execute(
        update(vendors).where(_V.id == vendor_id).values(**changed, version=_V.version + 1)
    )


async def hold(uow: Uow, command: HoldVendor) -> None:
    """Write the hold, over one of the same kind."""
    facts = {
        "reason": command.reason,
        "until": command.until,
        "held_by": uow.actor.person_id,
        "by_score": False,
    }
    await uow.connection.execute(
        upsert(vendor_holds)
        .values(vendor_id=command.vendor_id, kind=command.kind.value, held_at=uow.now, **facts)
        .on_conflict_do_update(index_elements=["vendor_id", "kind"], set_={**facts, "held_at": uow.now})
    )


async def hold_by_score(uow: Uow, vendor_id: VendorId, kind: HoldKind, reason: str) -> bool:
    """Write the hold unless a person's of the same kind counts; whether it was written."""
    facts = {"reason": reason, "until": None, "held_by": None, "held_at": uow.now, "by_score": True}
    written = await uow.connection.execute(
        upsert(vendor_holds)
        .values(vendor_id=vendor_id, kind=kind.value, **facts)
        .on_conflict_do_update(
            index_elements=["vendor_id", "kind"],
            set_=facts,
            where=or_(_H.by_score, _H.until < uow.now.date()),
        )
    )
    return written.rowcount == 1


async def release(uow: Uow, vendor_id: VendorId, kind: HoldKind) -> bool:
    """End the hold of this kind; False when there is none."""
    ended = await uow.connection.execute(
        delete(vendor_holds).where(_H.vendor_id == vendor_id, _H.kind == kind.value)
    )
    return ended.rowcount == 1


async def categories(connection: Connection) -> Sequence[str]:
    """The list that administrators keep, by name; empty as long as they keep none."""
    return list(await connection.scalars(select(_K.name).order_by(_K.name)))


async def set_categories(uow: Uow, names: Sequence[str]) -> None:
    """Write the whole list."""
    await uow.connection.execute(delete(vendor_categories))
    if names:
        await uow.connection.execute(insert(vendor_categories), [{"name": name} for name in names])


async def name_exists(uow: Uow, name: str, *, other_than: VendorId | None = None) -> bool:
    """Whether a vendor with this name exists, in upper or lower case."""
    taken = exists().where(func.lower(_V.name) == name.lower(), _V.id != other_than if other_than else true())
    return bool(await uow.connection.scalar(select(taken)))
