"""Every SELECT and UPDATE of people, their roles, departments and cost centres."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    any_,
    bindparam,
    column,
    delete,
    func,
    insert,
    select,
    table,
    update,
)

from core.access.actor import Actor
from core.access.roles import Role
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.kernel.ids import PersonId, VendorId
from core.people.model import CostCentreName, Person
from core.people.tables import cost_centres, organisation, people, person_roles

_P = people.c
_vendors = table("vendors", column("id"), column("name"))
"""The vendor file is a higher slice; only a name is read here, through the foreign key."""
locale_column: ColumnElement[str] = func.coalesce(
    func.nullif(_P.locale, ""), select(organisation.c.locale).scalar_subquery(), "en"
).label("locale")
"""The language for a person: their own choice, else the organisation's, else English. An account that never
chose one takes the chat platform's language when it is linked.
"""
_SHOWN = (_P.id, _P.name, _P.email, locale_column, _P.zone, _P.vendor_id, _P.active, _P.epoch)
"""Without the password hash: a vendor's database role may not even read that column."""


async def lock_person(connection: Connection, person_id: UUID) -> Person | None:
    """A person, locked until the transaction ends, so that two changes of roles never mix."""
    await connection.execute(select(_P.id).where(_P.id == person_id).with_for_update())
    return await person(connection, person_id)


async def person_by_email(connection: Connection, email: str) -> tuple[Person, str | None] | None:
    """A person by address, with the stored password hash; an unknown address runs the same two queries."""
    address = email.strip().lower()
    stored: str | None = await connection.scalar(select(_P.password_hash).where(_P.email == address))
    found = await person_where(connection, _P.email == address)
    return None if found is None else (found, stored)


_roles = (
    select(func.array_agg(person_roles.c.role)).where(person_roles.c.person_id == _P.id).scalar_subquery()
)
PEOPLE = select(*_SHOWN, _vendors.c.name.label("vendor_name"), _roles.label("roles")).outerjoin(
    _vendors, _vendors.c.id == _P.vendor_id
)
"""Everything that ``person_of`` makes a person of."""
_BY_ID = Prebuilt(PEOPLE.where(_P.id == bindparam("person", type_=Id)))
_BY_IDS = Prebuilt(PEOPLE.where(_P.id == any_(bindparam("people", type_=ARRAY(Id)))))


async def person(connection: Connection, person_id: UUID) -> Person | None:
    """A person by id, active or not."""
    row = (await connection.execute(_BY_ID, {"person": person_id})).one_or_none()
    return person_of(row) if row else None


async def people_by_ids(connection: Connection, person_ids: Iterable[UUID]) -> Mapping[UUID, Person]:
    """These people, active or not."""
    rows = await connection.execute(_BY_IDS, {"people": list(person_ids)})
    return {row.id: person_of(row) for row in rows}


async def person_where(connection: Connection, condition: ColumnElement[bool]) -> Person | None:
    row = (await connection.execute(PEOPLE.where(condition))).one_or_none()
    return person_of(row) if row else None


def person_of(row: Row) -> Person:
    return Person(
        id=PersonId(row.id),
        name=row.name,
        email=row.email,
        locale=row.locale,
        zone=row.zone,
        vendor_id=VendorId(row.vendor_id) if row.vendor_id else None,
        vendor_name=row.vendor_name,
        active=row.active,
        epoch=row.epoch,
        roles=frozenset(Role(role) for role in row.roles or ()),
    )


def as_actor(found: Person) -> Actor:
    """The person as an actor, with their current roles."""
    return Actor.person(
        found.id,
        found.name,
        found.roles,
        vendor_id=found.vendor_id,
        epoch=found.epoch,
        locale=found.locale,
    )


async def actor_of(connection: Connection, person_id: UUID) -> Actor | None:
    """The person as an actor; None when unknown or disabled."""
    found = await person(connection, person_id)
    return as_actor(found) if found is not None and found.active else None


async def epochs(connection: Connection, ids: Iterable[UUID]) -> Mapping[UUID, int]:
    """The epochs of these people, active ones only."""
    rows = await connection.execute(select(_P.id, _P.epoch).where(_P.id.in_(list(ids)), _P.active))
    return {row.id: row.epoch for row in rows}


async def add_person(
    connection: Connection, new: Person, password_hash: str | None, now: dt.datetime
) -> None:
    await connection.execute(
        insert(people).values(
            id=new.id,
            name=new.name,
            email=new.email,
            locale=new.locale,
            zone=new.zone,
            vendor_id=new.vendor_id,
            password_hash=password_hash,
            created_at=now,
        )
    )
    await set_roles(connection, new.id, new.roles)


async def set_roles(connection: Connection, person_id: UUID, roles: Iterable[Role]) -> None:
    await connection.execute(delete(person_roles).where(person_roles.c.person_id == person_id))
    rows = [{"person_id": person_id, "role": role.value} for role in sorted(roles)]
    if rows:
        await connection.execute(insert(person_roles), rows)


async def next_epoch(connection: Connection, person_id: UUID) -> int:
    """Raise the epoch, which ends every earlier token."""
    epoch: int | None = await connection.scalar(
        update(people).where(_P.id == person_id).values(epoch=_P.epoch + 1).returning(_P.epoch)
    )
    return epoch or 0


async def set_active(connection: Connection, person_id: UUID, *, active: bool) -> None:
    await connection.execute(update(people).where(_P.id == person_id).values(active=active))


async def is_erased(connection: Connection, person_id: UUID) -> bool:
    return bool(await connection.scalar(select(_P.erased_at.is_not(None)).where(_P.id == person_id)))


async def erase(connection: Connection, person_id: UUID, alias: str, now: dt.datetime) -> None:
    """Leave only a name that says nothing; the key to the person's values in the log is destroyed."""
    nothing = {"email": None, "password_hash": None, "personal_key": None, "locale": "en", "zone": "UTC"}
    await connection.execute(
        update(people).where(_P.id == person_id).values(name=alias, erased_at=now, **nothing)
    )


async def edit(connection: Connection, person_id: UUID, changed: Mapping[str, str | None]) -> None:
    """Write these columns of a person."""
    await connection.execute(update(people).where(_P.id == person_id).values(**changed))


async def administrators(connection: Connection) -> Sequence[UUID]:
    """The active administrators, locked until the transaction ends, so that two never end each other."""
    holding = select(person_roles.c.person_id).where(person_roles.c.role == Role.admin.value)
    found = select(_P.id).where(_P.active, _P.id.in_(holding)).order_by(_P.id).with_for_update()
    return await connection.scalars(found)


async def set_password(connection: Connection, person_id: UUID, password_hash: str) -> None:
    await connection.execute(update(people).where(_P.id == person_id).values(password_hash=password_hash))


async def set_locale(connection: Connection, person_id: UUID, locale: str, zone: str) -> None:
    await connection.execute(update(people).where(_P.id == person_id).values(locale=locale, zone=zone))


async def set_initial_locale(connection: Connection, person_id: UUID, locale: str) -> None:
    """Set the chat platform's language for a person who never chose one."""
    unset = (_P.id == person_id) & (_P.locale == "")
    await connection.execute(update(people).where(unset).values(locale=locale))


async def active_cost_centres(connection: Connection) -> tuple[CostCentreName, ...]:
    centre = cost_centres.c
    rows = await connection.execute(
        select(centre.code, centre.name).where(centre.active).order_by(centre.code)
    )
    return tuple(CostCentreName(row.code, row.name) for row in rows)
