"""Every SELECT and UPDATE of people, roles, links, chat identities and refresh tokens."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.access.actor import Actor
from core.access.roles import Role
from core.identity.model import CostCentreName, Person, StoredLink
from core.identity.tables import (
    chat_identities,
    cost_centres,
    link_codes,
    people,
    person_roles,
    refresh_tokens,
)
from core.kernel.ids import LinkId, PersonId, VendorId, new_id
from core.vendors.tables import vendors

_P = people.c
_T = refresh_tokens.c
_K = link_codes.c
_C = chat_identities.c


async def person(connection: AsyncConnection, person_id: UUID) -> Person | None:
    """A person by id, active or not."""
    return await _one(connection, _P.id == person_id)


async def person_by_email(connection: AsyncConnection, email: str) -> tuple[Person, str | None] | None:
    """A person by address, with the stored password hash."""
    found = await _one(connection, _P.email == email.strip().lower())
    if found is None:
        return None
    stored: str | None = await connection.scalar(select(_P.password_hash).where(_P.id == found.id))
    return found, stored


async def person_of_chat(connection: AsyncConnection, platform: str, external_id: str) -> Person | None:
    """Whom a chat account belongs to."""
    linked = select(_C.person_id).where(
        _C.platform == platform, _C.external_id == external_id, _C.unlinked_at.is_(None)
    )
    return await _one(connection, _P.id.in_(linked))


async def _one(connection: AsyncConnection, wanted: ColumnElement[bool]) -> Person | None:
    roles = (
        select(func.array_agg(person_roles.c.role)).where(person_roles.c.person_id == _P.id).scalar_subquery()
    )
    row = (
        await connection.execute(
            select(people, vendors.c.name.label("vendor_name"), roles.label("roles"))
            .outerjoin(vendors, vendors.c.id == _P.vendor_id)
            .where(wanted)
        )
    ).one_or_none()
    if row is None:
        return None
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
    """The person as an actor, with the roles of this moment."""
    return Actor.person(
        found.id,
        found.name,
        found.roles,
        vendor_id=found.vendor_id,
        epoch=found.epoch,
        locale=found.locale,
    )


async def actor_of(connection: AsyncConnection, person_id: UUID) -> Actor | None:
    """The person as an actor; None when unknown or disabled."""
    found = await person(connection, person_id)
    return as_actor(found) if found is not None and found.active else None


async def epoch_of(connection: AsyncConnection, person_id: UUID) -> int | None:
    """The epoch of an active person; None when unknown or disabled."""
    epoch: int | None = await connection.scalar(select(_P.epoch).where(_P.id == person_id, _P.active))
    return epoch


async def epochs(connection: AsyncConnection, ids: Iterable[UUID]) -> Mapping[UUID, int]:
    """The epochs of these people, the active ones only."""
    rows = await connection.execute(select(_P.id, _P.epoch).where(_P.id.in_(list(ids)), _P.active))
    return {row.id: row.epoch for row in rows}


async def add_person(
    connection: AsyncConnection, new: Person, password_hash: str | None, now: dt.datetime
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


async def set_roles(connection: AsyncConnection, person_id: UUID, roles: Iterable[Role]) -> None:
    await connection.execute(delete(person_roles).where(person_roles.c.person_id == person_id))
    rows = [{"person_id": person_id, "role": role.value} for role in sorted(roles)]
    if rows:
        await connection.execute(insert(person_roles), rows)


async def end_sessions(
    connection: AsyncConnection, person_id: UUID, now: dt.datetime, *, active: bool
) -> int:
    """A new epoch: every token of before ends, refresh tokens too."""
    epoch: int | None = await connection.scalar(
        update(people).where(_P.id == person_id).values(epoch=_P.epoch + 1, active=active).returning(_P.epoch)
    )
    await connection.execute(
        update(refresh_tokens)
        .where(_T.person_id == person_id, _T.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return epoch or 0


async def active_cost_centres(connection: AsyncConnection) -> tuple[CostCentreName, ...]:
    centre = cost_centres.c
    rows = await connection.execute(
        select(centre.code, centre.name).where(centre.active).order_by(centre.code)
    )
    return tuple(CostCentreName(row.code, row.name) for row in rows)


async def add_refresh_token(
    connection: AsyncConnection,
    family: UUID,
    token_hash: bytes,
    person_id: UUID,
    now: dt.datetime,
    life: dt.timedelta,
) -> None:
    await connection.execute(
        insert(refresh_tokens).values(
            id=new_id(),
            family=family,
            token_hash=token_hash,
            person_id=person_id,
            made_at=now,
            expires_at=now + life,
        )
    )


async def add_link(
    connection: AsyncConnection, link: StoredLink, code_hash: bytes, made_at: dt.datetime
) -> None:
    await connection.execute(
        insert(link_codes).values(
            id=link.id,
            code_hash=code_hash,
            purpose=link.purpose,
            person_id=link.person_id,
            made_by=link.made_by,
            made_at=made_at,
            expires_at=link.expires_at,
        )
    )


async def link_by_code(connection: AsyncConnection, code_hash: bytes) -> StoredLink | None:
    row = (await connection.execute(select(link_codes).where(_K.code_hash == code_hash))).one_or_none()
    if row is None:
        return None
    return StoredLink(
        LinkId(row.id), row.purpose, row.person_id, row.made_by, row.expires_at, row.used_at, row.revoked_at
    )


async def links_made(connection: AsyncConnection, made_by: UUID, since: dt.datetime) -> int:
    count: int | None = await connection.scalar(
        select(func.count()).select_from(link_codes).where(_K.made_by == made_by, _K.made_at > since)
    )
    return count or 0


async def use_link(connection: AsyncConnection, link_id: UUID, now: dt.datetime) -> bool:
    """Use the code up, once."""
    done = await connection.execute(
        update(link_codes)
        .where(_K.id == link_id, _K.used_at.is_(None), _K.revoked_at.is_(None))
        .values(used_at=now)
    )
    return done.rowcount == 1


async def revoke_link(connection: AsyncConnection, link_id: UUID, person_id: UUID, now: dt.datetime) -> bool:
    """Take back a code that one made or that is for oneself."""
    done = await connection.execute(
        update(link_codes)
        .where(
            _K.id == link_id,
            (_K.made_by == person_id) | (_K.person_id == person_id),
            _K.used_at.is_(None),
            _K.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    return done.rowcount == 1


async def add_chat(
    connection: AsyncConnection,
    platform: str,
    external_id: str,
    person_id: UUID,
    display_name: str,
    now: dt.datetime,
) -> UUID:
    """Join a chat account to a person; the unique index keeps one chat from having two owners."""
    identity_id = new_id()
    await connection.execute(
        insert(chat_identities).values(
            id=identity_id,
            platform=platform,
            external_id=external_id,
            person_id=person_id,
            display_name=display_name,
            linked_at=now,
        )
    )
    return identity_id


async def mark_unreachable(connection: AsyncConnection, platform: str, external_ids: Sequence[str]) -> None:
    """The person blocked the bot or is gone there."""
    await connection.execute(
        update(chat_identities)
        .where(_C.platform == platform, _C.external_id.in_(external_ids))
        .values(reachable=False)
    )


async def mark_reachable(connection: AsyncConnection, platform: str, external_id: str) -> None:
    await connection.execute(
        update(chat_identities)
        .where(_C.platform == platform, _C.external_id == external_id, _C.unlinked_at.is_(None))
        .values(reachable=True)
    )
