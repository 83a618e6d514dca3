"""Every SELECT and UPDATE of vendors' links, their codes and named colleagues.

One rule: only hashes are compared, and every attempt at a code is counted before it is looked at.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, select, true, update

from core.access.actor import Actor
from core.db.connection import Connection, Row
from core.db.used_once import use_up
from core.kernel.ids import LinkId, OrderId, PersonId, RfqId, VendorId
from core.log.tables import audit_events
from core.orders import repo as orders_repo
from core.orders.tables import purchase_orders
from core.people.tables import people
from core.rfqs import repo as rfqs_repo
from core.rfqs.tables import rfqs
from core.uow import Uow
from core.vendor_links import policy
from core.vendor_links.events import VendorLinkWanted
from core.vendor_links.model import (
    CodeAttempt,
    ContactDevice,
    KnownLink,
    LinkKind,
    LinkSubject,
    NamedColleague,
    VendorLink,
)
from core.vendor_links.tables import vendor_colleagues, vendor_link_codes, vendor_links
from core.web_sessions.tables import web_sessions

MOST_KNOWN = 200
"""How many links are listed; the newest ones."""

_L, _C, _N, _E = vendor_links.c, vendor_link_codes.c, vendor_colleagues.c, audit_events.c
_LINK = (_L.id, _L.person_id, _L.about_kind, _L.about_id, _L.expires_at, _L.replaced_at, _L.revoked_at)


async def add(
    connection: Connection, link: VendorLink, secret_hash: bytes, made_by: UUID | None, now: dt.datetime
) -> None:
    await connection.execute(
        insert(vendor_links).values(
            id=link.id,
            secret_hash=secret_hash,
            person_id=link.person_id,
            about_kind=link.about.kind.value,
            about_id=link.about.id,
            made_by=made_by,
            made_at=now,
            expires_at=link.expires_at,
        )
    )


def _link(row: Row) -> VendorLink:
    about = LinkSubject(LinkKind(row.about_kind), row.about_id)
    return VendorLink(
        LinkId(row.id), PersonId(row.person_id), about, row.expires_at, row.replaced_at, row.revoked_at
    )


async def by_secret(connection: Connection, secret_hash: bytes) -> VendorLink | None:
    row = (await connection.execute(select(*_LINK).where(_L.secret_hash == secret_hash))).one_or_none()
    return _link(row) if row else None


async def by_id(connection: Connection, link_id: UUID) -> VendorLink | None:
    row = (await connection.execute(select(*_LINK).where(_L.id == link_id))).one_or_none()
    return _link(row) if row else None


async def newest_by_email(connection: Connection, email: str) -> VendorLink | None:
    """The link that the contact with this address got last, whether it still opens anything or not."""
    found = (
        select(*_LINK)
        .join(people, people.c.id == _L.person_id)
        .where(people.c.email == email, people.c.active, _L.revoked_at.is_(None))
        .order_by(_L.id.desc())
        .limit(1)
    )
    row = (await connection.execute(found)).one_or_none()
    return _link(row) if row else None


async def replace_earlier(
    connection: Connection, person_id: UUID, about: LinkSubject, now: dt.datetime
) -> None:
    """The contact's earlier links to the same that were handed over open nothing any more; mailed ones stay good."""
    await connection.execute(
        update(vendor_links)
        .where(
            _L.person_id == person_id,
            _L.about_kind == about.kind.value,
            _L.about_id == about.id,
            _L.made_by.is_not(None),
            _L.replaced_at.is_(None),
        )
        .values(replaced_at=now)
    )


async def vendors_of(uow: Uow, actor: Actor, about: LinkSubject) -> tuple[VendorId, ...]:
    """The vendors who have a part in it; NotFound when this person may not see it."""
    if about.kind is LinkKind.order:
        return (VendorId((await orders_repo.visible_to(uow, actor, OrderId(about.id))).vendor_id),)
    rfq = await rfqs_repo.visible_to(uow, actor, RfqId(about.id))
    return tuple(each.vendor_id for each in rfq.invitations)


async def known(
    connection: Connection,
    vendor_ids: Collection[UUID],
    now: dt.datetime,
    about: Sequence[LinkSubject] | None = None,
) -> tuple[KnownLink, ...]:
    """The newest links of these vendors' contacts, to these subjects or to any."""
    maker = people.alias("maker")
    used = select(func.max(_C.used_at)).where(_C.link_id == _L.id).scalar_subquery()
    found = (
        select(
            *_LINK,
            _L.made_at,
            people.c.name.label("person_name"),
            people.c.vendor_id,
            maker.c.name.label("maker"),
            func.coalesce(rfqs.c.number, purchase_orders.c.number).label("number"),
            used.label("used_at"),
        )
        .join(people, people.c.id == _L.person_id)
        .outerjoin(maker, maker.c.id == _L.made_by)
        .outerjoin(rfqs, and_(_L.about_kind == LinkKind.rfq.value, rfqs.c.id == _L.about_id))
        .outerjoin(
            purchase_orders,
            and_(_L.about_kind == LinkKind.order.value, purchase_orders.c.id == _L.about_id),
        )
        .where(people.c.vendor_id.in_(vendor_ids))
        .order_by(_L.id.desc())
        .limit(MOST_KNOWN)
    )
    if about is None:
        found = found.where(_L.id.in_(_newest_of(vendor_ids)))
    else:
        kinds = {each.kind.value for each in about}
        found = found.where(_L.about_id.in_([each.id for each in about]), _L.about_kind.in_(kinds))
    rows = (await connection.execute(found)).all()
    devices = await _devices(connection, {row.person_id for row in rows}, now)
    return tuple(_known(row, now, devices.get(row.person_id, ())) for row in rows)


def _newest_of(vendor_ids: Collection[UUID]) -> Select[tuple[UUID]]:
    """The newest links of each contact by an index: a vendor that is asked every day has many thousands."""
    link = vendor_links.alias("link")
    newest = select(link.c.id).where(link.c.person_id == people.c.id).order_by(link.c.id.desc())
    of_contact = newest.limit(MOST_KNOWN).lateral("newest")
    of_vendors = select(of_contact.c.id).select_from(people.join(of_contact, true()))
    return (
        of_vendors.where(people.c.vendor_id.in_(vendor_ids))
        .order_by(of_contact.c.id.desc())
        .limit(MOST_KNOWN)
    )


def _known(row: Row, now: dt.datetime, devices: Sequence[ContactDevice]) -> KnownLink:
    link = _link(row)
    return KnownLink(
        id=link.id,
        person_id=link.person_id,
        person_name=row.person_name,
        vendor_id=VendorId(row.vendor_id),
        about=link.about,
        number=row.number,
        state=policy.state_of(link, now),
        made_by_name=row.maker,
        made_at=row.made_at,
        expires_at=link.expires_at,
        used_at=row.used_at,
        devices=tuple(devices),
    )


async def _devices(
    connection: Connection, person_ids: Collection[UUID], now: dt.datetime
) -> dict[UUID, list[ContactDevice]]:
    """The browsers in which these contacts may act now, the one used last first."""
    session = web_sessions.c
    found = (
        select(session.person_id, session.device, session.made_at, session.seen_at)
        .join(people, and_(people.c.id == session.person_id, people.c.epoch == session.epoch))
        .where(session.person_id.in_(person_ids), session.ended_at.is_(None), session.expires_at > now)
        .order_by(session.seen_at.desc())
    )
    devices: dict[UUID, list[ContactDevice]] = {}
    for row in await connection.execute(found):
        devices.setdefault(row.person_id, []).append(ContactDevice(row.device, row.made_at, row.seen_at))
    return devices


def _of(person_id: UUID, about: LinkSubject) -> tuple[ColumnElement[bool], ...]:
    return _L.person_id == person_id, _L.about_kind == about.kind.value, _L.about_id == about.id


async def revoke(connection: Connection, link: VendorLink, now: dt.datetime) -> bool:
    """End all links of the contact to the same; False when this one was ended before."""
    ended = (
        update(vendor_links)
        .where(*_of(link.person_id, link.about), _L.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(_L.id)
    )
    return link.id in set(await connection.scalars(ended))


async def is_revoked(connection: Connection, person_id: UUID, about: LinkSubject) -> bool:
    """Whether procurement has ended the contact's links to this, and has made no new one since."""
    by_hand = and_(_L.made_by.is_not(None), _L.revoked_at.is_(None))
    found = select(func.max(_L.revoked_at), func.max(_L.made_at).filter(by_hand))
    revoked, made = (await connection.execute(found.where(*_of(person_id, about)))).one()
    return revoked is not None and (made is None or made < revoked)


async def wished_since(connection: Connection, person_id: UUID, since: dt.datetime) -> int:
    """How often a new link was asked for in this contact's name since then."""
    found = select(func.count()).where(
        _E.subject_id == person_id, _E.type == VendorLinkWanted.type, _E.occurred_at > since
    )
    return await connection.scalar(found) or 0


async def add_code(
    connection: Connection,
    code_id: UUID,
    link: VendorLink,
    ticket_hash: bytes,
    *,
    now: dt.datetime,
    life: dt.timedelta,
) -> None:
    """A code that is not made yet."""
    await connection.execute(
        insert(vendor_link_codes).values(
            id=code_id,
            link_id=link.id,
            person_id=link.person_id,
            ticket_hash=ticket_hash,
            made_at=now,
            expires_at=now + life,
        )
    )


async def codes_since(connection: Connection, person_id: UUID, since: dt.datetime) -> Sequence[dt.datetime]:
    """When codes were asked for in this contact's name since then, the newest first."""
    found = select(_C.made_at).where(_C.person_id == person_id, _C.made_at > since)
    return list(await connection.scalars(found.order_by(_C.made_at.desc())))


async def is_running(
    connection: Connection, ticket_hash: bytes, link_id: UUID, now: dt.datetime, *, most: int
) -> bool:
    """Whether this browser's code for the link can still be typed."""
    found = select(_C.id).where(
        _C.ticket_hash == ticket_hash,
        _C.link_id == link_id,
        _C.used_at.is_(None),
        _C.expires_at > now,
        _C.attempts < most,
    )
    return await connection.scalar(found) is not None


async def ticket_hash_of(connection: Connection, code_id: UUID, now: dt.datetime) -> bytes | None:
    """Of a code that may still be sent; None when it is too late."""
    found = select(_C.ticket_hash).where(_C.id == code_id, _C.used_at.is_(None), _C.expires_at > now)
    hashed: bytes | None = await connection.scalar(found)
    return hashed


async def set_code(connection: Connection, code_id: UUID, code_hash: bytes) -> None:
    await connection.execute(update(vendor_link_codes).where(_C.id == code_id).values(code_hash=code_hash))


async def count_attempt(
    connection: Connection, ticket_hash: bytes, now: dt.datetime, *, most: int
) -> CodeAttempt | None:
    """Count one attempt; None when there is no such code, it is over, or was tried as often as one may."""
    tried = (
        update(vendor_link_codes)
        .where(_C.ticket_hash == ticket_hash, _C.used_at.is_(None), _C.expires_at > now, _C.attempts < most)
        .values(attempts=_C.attempts + 1)
        .returning(_C.id, _C.link_id, _C.code_hash, _C.attempts)
    )
    row = (await connection.execute(tried)).one_or_none()
    return CodeAttempt(row.id, LinkId(row.link_id), row.code_hash, row.attempts) if row else None


async def use_code(connection: Connection, code_id: UUID, now: dt.datetime) -> bool:
    """Use the code up, once."""
    return await use_up(connection, vendor_link_codes, code_id, now)


async def add_colleague(
    connection: Connection, colleague: NamedColleague, vendor_id: VendorId, now: dt.datetime
) -> None:
    await connection.execute(
        insert(vendor_colleagues).values(
            id=colleague.id,
            vendor_id=vendor_id,
            named_by=colleague.named_by,
            name=colleague.name,
            email=colleague.email,
            about_kind=colleague.about.kind.value,
            about_id=colleague.about.id,
            named_at=now,
        )
    )


async def colleague(connection: Connection, colleague_id: UUID) -> NamedColleague | None:
    row = (await connection.execute(select(vendor_colleagues).where(_N.id == colleague_id))).one_or_none()
    if row is None:
        return None
    about = LinkSubject(LinkKind(row.about_kind), row.about_id)
    return NamedColleague(row.id, PersonId(row.named_by), row.name, row.email, about)


async def colleagues_since(connection: Connection, vendor_id: UUID, since: dt.datetime) -> int:
    """How many colleagues this vendor's contacts named since then."""
    return (
        await connection.scalar(select(func.count()).where(_N.vendor_id == vendor_id, _N.named_at > since))
        or 0
    )


async def delete_expired(connection: Connection, now: dt.datetime, kept: dt.timedelta) -> None:
    """What is long over; a link that is over stays a while, because its holder may ask for a new one."""
    await connection.execute(delete(vendor_link_codes).where(_C.expires_at < now - kept))
    gone = select(_C.link_id)
    await connection.execute(delete(vendor_links).where(_L.expires_at < now - kept, _L.id.not_in(gone)))


async def delete_old_colleagues(connection: Connection, before: dt.datetime) -> None:
    """Names and addresses that a contact gave away; whoever was admitted is a contact by then."""
    await connection.execute(delete(vendor_colleagues).where(_N.named_at < before))
