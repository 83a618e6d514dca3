"""Reads who belongs to which cost centre, and whom somebody may ask for."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from core.access.permissions import Permission
from core.access.roles import ROLE_PERMISSIONS
from core.kernel.ids import PersonId
from core.people.model import Candidate
from core.people.tables import cost_centre_members, people, person_roles
from core.uow import Uow

MOST_COLLEAGUES = 50

_P, _M = people.c, cost_centre_members.c
_ASKING = [role.value for role, rights in ROLE_PERMISSIONS.items() if Permission.requests_create in rights]


async def cost_centres_of(uow: Uow, person_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """The cost centre of each of these people who belong to one."""
    found = await uow.connection.execute(
        select(_M.person_id, _M.cost_centre).where(_M.person_id.in_(list(person_ids)))
    )
    return {row.person_id: row.cost_centre for row in found}


async def colleagues(uow: Uow, person_id: UUID, text: str, *, everybody: bool) -> list[Candidate]:
    """Active colleagues by name, without oneself: those of one's cost centre, or ``everybody``."""
    asking = select(person_roles.c.person_id).where(person_roles.c.role.in_(_ASKING))
    query = select(_P.id, _P.name).where(
        _P.active, _P.vendor_id.is_(None), _P.id != person_id, _P.id.in_(asking)
    )
    if not everybody:
        own = select(_M.cost_centre).where(_M.person_id == person_id)
        query = query.where(_P.id.in_(select(_M.person_id).where(_M.cost_centre.in_(own))))
    for word in text.split():
        name_or_address = (_P.name.icontains(word, autoescape=True), _is_address(word))
        query = query.where(or_(*name_or_address))
    found = await uow.connection.execute(query.order_by(_P.name, _P.id).limit(MOST_COLLEAGUES))
    return [Candidate(PersonId(row.id), row.name) for row in found]


def _is_address(word: str) -> ColumnElement[bool]:
    """The whole address, or what stands before its @."""
    return or_(_P.email == word.lower(), func.split_part(_P.email, "@", 1) == word.lower())
