"""The staff as an administrator sees them: who has which roles, and in which chats they can be reached.

One rule: a vendor's contacts are not staff; they stand in the vendor file.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, or_, select, true

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.access.roles import Role
from core.accounts.tables import chat_identities
from core.kernel.ids import PersonId
from core.kernel.pagination import Page, decode_id_cursor, page_of
from core.people.tables import people, person_roles
from core.uow import Uow

_P = people.c
_C = chat_identities.c
StaffRow = tuple[UUID, str, str | None, bool, list[str] | None, list[str] | None]


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
    cursor: str | None
    limit: int


@requires(Permission.people_manage)
async def listing(uow: Uow, actor: Actor, filters: StaffFilter) -> Page[StaffMember]:
    """Staff, newest first."""
    rows = await uow.connection.execute(_select_staff(filters))
    return page_of([_member(row) for row in rows], filters.limit, lambda member: member.id)


def _select_staff(
    filters: StaffFilter,
) -> Select[UUID, str, str | None, bool, list[str] | None, list[str] | None]:
    after = decode_id_cursor(filters.cursor)
    search = (filters.q or "").lower()
    roles = select(func.array_agg(person_roles.c.role)).where(person_roles.c.person_id == _P.id)
    reached = select(func.array_agg(_C.platform.distinct())).where(
        _C.person_id == _P.id, _C.unlinked_at.is_(None), _C.reachable
    )
    holding = select(person_roles.c.person_id).where(person_roles.c.role == filters.role)
    return (
        select(_P.id, _P.name, _P.email, _P.active, roles.scalar_subquery(), reached.scalar_subquery())
        .where(
            _P.vendor_id.is_(None),
            or_(
                func.lower(_P.name).contains(search, autoescape=True),
                _P.email.contains(search, autoescape=True),
            ),
            _P.id.in_(holding) if filters.role else true(),
            _P.id < after if after else true(),
        )
        .order_by(_P.id.desc())
        .limit(filters.limit + 1)
    )


def _member(row: StaffRow) -> StaffMember:
    person_id, name, email, active, roles, chats = row
    held = frozenset(Role(role) for role in roles or ())
    return StaffMember(PersonId(person_id), name, email, active, held, tuple(sorted(chats or ())))
