"""The directory: look-ups of people, roles, departments and cost centres for other slices.

One rule: a look-up never grants a right.

Deciders are active people whose roles may decide approvals.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, any_, bindparam, exists, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from core.access.permissions import Permission
from core.access.roles import ROLE_PERMISSIONS, Role
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.kernel.ids import PersonId
from core.people.errors import OrganisationMissing
from core.people.model import Candidate, CostCentre, Organisation
from core.people.tables import cost_centres, departments, organisation, people, person_roles

_P = people.c
_DECIDING = [role.value for role, rights in ROLE_PERMISSIONS.items() if Permission.approvals_decide in rights]


_ORGANISATION = Prebuilt(select(organisation))
_NAMES = Prebuilt(select(_P.id, _P.name).where(_P.id == any_(bindparam("ids", type_=ARRAY(Id)))))


async def read_organisation(connection: Connection) -> Organisation:
    """The organisation of this installation."""
    found = await find_organisation(connection)
    if found is None:
        raise OrganisationMissing()
    return found


async def find_organisation(connection: Connection) -> Organisation | None:
    """The same, or None before it is named."""
    row = (await connection.execute(_ORGANISATION)).one_or_none()
    if row is None:
        return None
    return Organisation(
        row.name,
        row.base_currency,
        row.locale,
        row.zone,
        row.vendors_need_approval,
        row.duplicate_days,
        row.country,
    )


async def cost_centre(connection: Connection, code: str) -> CostCentre | None:
    """An active cost centre by its code."""
    centre = cost_centres.c
    row = (
        await connection.execute(select(cost_centres).where(centre.code == code, centre.active))
    ).one_or_none()
    return CostCentre(row.code, row.name, row.department, row.head_id) if row else None


async def department_of(connection: Connection, code: str) -> str:
    """The department of a cost centre, deactivated or not; empty when there is none."""
    found = select(cost_centres.c.department).where(cost_centres.c.code == code)
    return await connection.scalar(found) or ""


async def department_codes(connection: Connection) -> Sequence[str]:
    """The codes of all departments, for checks and the examples in refusals."""
    return list(await connection.scalars(select(departments.c.code).order_by(departments.c.code)))


async def cost_centre_codes(connection: Connection) -> Sequence[str]:
    """The active codes, for the example in a refusal."""
    centre = cost_centres.c
    return list(await connection.scalars(select(centre.code).where(centre.active).order_by(centre.code)))


async def names(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by id."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row.name for row in await connection.execute(_NAMES, {"ids": list(wanted)})}


def _deciders() -> Select[tuple[UUID, str]]:
    return select(_P.id, _P.name).where(_P.id.in_(decider_ids())).order_by(_P.id)


def decider_ids() -> Select[tuple[UUID]]:
    """Active people who may decide, as a condition for another slice's query."""
    deciding = select(person_roles.c.person_id).where(person_roles.c.role.in_(_DECIDING))
    return select(_P.id).where(_P.active, _P.id.in_(deciding))


def is_decider(person_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """The same about one person in another slice's statement; it has no values, so that it may be prebuilt."""
    one, role = people.alias(), person_roles.alias()
    deciding = [literal_column(f"'{name}'", String) for name in _DECIDING]
    return exists().where(
        one.c.id == person_id, one.c.active, role.c.person_id == one.c.id, role.c.role.in_(deciding)
    )


async def deciders(connection: Connection) -> list[Candidate]:
    """Active people who may decide, by name."""
    return await _candidates(connection, _deciders().order_by(None).order_by(_P.name, _P.id))


async def decider(connection: Connection, person_id: UUID) -> Candidate | None:
    """This person, if they may decide."""
    return next(iter(await _candidates(connection, _deciders().where(_P.id == person_id))), None)


async def count_deciders(connection: Connection, person_ids: Iterable[UUID]) -> int:
    """How many of these people are active and may decide."""
    wanted = set(person_ids)
    return len(await _candidates(connection, _deciders().where(_P.id.in_(wanted)))) if wanted else 0


async def deciders_with_role(connection: Connection, role: str) -> list[Candidate]:
    """Active people with a role that may decide."""
    having = select(person_roles.c.person_id).where(person_roles.c.role == role)
    return await _candidates(connection, _deciders().where(_P.id.in_(having)))


async def decider_by_email(connection: Connection, email: str) -> Candidate | None:
    """The person with this address, if they may decide."""
    return next(iter(await _candidates(connection, _deciders().where(_P.email == email.lower()))), None)


async def head_of_cost_centre(connection: Connection, code: str) -> Candidate | None:
    """The head of a cost centre, if they may decide."""
    head = select(cost_centres.c.head_id).where(cost_centres.c.code == code)
    return next(iter(await _candidates(connection, _deciders().where(_P.id.in_(head)))), None)


async def head_of_department(connection: Connection, cost_centre_code: str) -> Candidate | None:
    """The head of a cost centre's department, if they may decide."""
    department = select(cost_centres.c.department).where(cost_centres.c.code == cost_centre_code)
    head = select(departments.c.head_id).where(departments.c.code.in_(department))
    return next(iter(await _candidates(connection, _deciders().where(_P.id.in_(head)))), None)


async def _candidates(connection: Connection, query: Select[tuple[UUID, str]]) -> list[Candidate]:
    return [Candidate(PersonId(row.id), row.name) for row in await connection.execute(query)]


async def people_with_role(connection: Connection, role: Role) -> list[Candidate]:
    """Active people with a role: officers for a task, administrators for an alarm."""
    having = select(person_roles.c.person_id).where(person_roles.c.role == role.value)
    rows = await connection.execute(
        select(_P.id, _P.name).where(_P.active, _P.id.in_(having)).order_by(_P.id)
    )
    return [Candidate(PersonId(row.id), row.name) for row in rows]


async def names_with_roles(connection: Connection, roles: Iterable[Role]) -> tuple[str, ...]:
    """The names of active people who have one of these roles, in alphabetical order."""
    having = select(person_roles.c.person_id).where(person_roles.c.role.in_([role.value for role in roles]))
    query = select(_P.name).where(_P.active, _P.id.in_(having)).order_by(_P.name, _P.id)
    return tuple(await connection.scalars(query))


async def vendor_contacts(connection: Connection, vendor_ids: Iterable[UUID]) -> list[Candidate]:
    """Active contacts of these vendors."""
    rows = await connection.execute(
        select(_P.id, _P.name).where(_P.active, _P.vendor_id.in_(list(vendor_ids))).order_by(_P.name)
    )
    return [Candidate(PersonId(row.id), row.name) for row in rows]
