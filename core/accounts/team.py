"""The staff as an administrator sees them: who has which roles, and in which chats they can be reached.

One rule: a vendor's contacts are not staff; they stand in the vendor file.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.access.roles import Role
from core.accounts.tables import chat_identities
from core.db.connection import Row
from core.db.keyset import Bounds, NewestFirst, equal
from core.db.pages import PageQuery, read_page
from core.kernel.ids import PersonId
from core.kernel.pagination import Page, UnreadableRow, read_rows
from core.people.tables import people, person_roles
from core.uow import Uow

_P = people.c
_C = chat_identities.c
_NEWEST = NewestFirst(_P.id, _P.created_at)
_roles = select(func.array_agg(person_roles.c.role)).where(person_roles.c.person_id == _P.id)
_reached = select(func.array_agg(_C.platform.distinct())).where(
    _C.person_id == _P.id, _C.unlinked_at.is_(None), _C.reachable
)
_MEMBERS = select(_P.id, _P.name, _P.email, _P.active, _roles.scalar_subquery(), _reached.scalar_subquery())


@dataclass(frozen=True)
class StaffMember:
    """A member of the staff; ``chats`` are the platforms where they can be reached."""

    id: PersonId
    name: str
    email: str | None
    active: bool
    roles: frozenset[Role]
    chats: tuple[str, ...]


@dataclass(frozen=True)
class StaffFilter:
    """``q`` is a part of a name or address."""

    q: str | None
    role: Role | None
    page: PageQuery
    active: bool | None = None


@requires(Permission.people_manage)
async def listing(uow: Uow, actor: Actor, filters: StaffFilter) -> Page[StaffMember]:
    """Staff, newest first."""

    async def load(condition: ColumnElement[bool], limit: int) -> list[StaffMember | UnreadableRow]:
        wanted = _MEMBERS.where(condition).order_by(_P.id.desc()).limit(limit)
        return read_rows(await uow.connection.execute(wanted), _member, StaffMember)

    bounds = Bounds(filters.page)
    if filters.page.sort:
        statement = _NEWEST.page(_MEMBERS.add_columns(*_NEWEST.ended(bounds)), bounds)
        found = (await uow.connection.execute(statement.where(_listed(filters)))).all()
        return _NEWEST.shown(bounds, found, read_rows(found, _member, StaffMember), lambda each: each.id)
    return await read_page(
        uow.connection, filters.page, _P.id, _listed(filters), load, lambda member: member.id
    )


def _listed(filters: StaffFilter) -> ColumnElement[bool]:
    search = (filters.q or "").lower()
    holding = select(person_roles.c.person_id).where(person_roles.c.role == filters.role)
    return and_(
        _P.vendor_id.is_(None),
        or_(
            func.lower(_P.name).contains(search, autoescape=True),
            _P.email.contains(search, autoescape=True),
        ),
        _P.id.in_(holding) if filters.role else true(),
        *equal({_P.active: filters.active}),
    )


def _member(row: Row) -> StaffMember:
    person_id, name, email, active, roles, chats = row[:6]
    held = frozenset(Role(role) for role in roles or ())
    return StaffMember(PersonId(person_id), name, email, active, held, tuple(sorted(chats or ())))
