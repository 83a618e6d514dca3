"""Every SELECT and UPDATE of the organisation, its departments and its cost centres."""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, null, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert

from core.db.connection import Connection
from core.db.keyset import equal
from core.organisation.commands import SetOrganisation
from core.organisation.model import Unit, UnitFilter
from core.people.tables import cost_centre_members, cost_centres, departments, organisation, people

_P = people.c


async def set_organisation(connection: Connection, command: SetOrganisation) -> bool:
    """Write the one row; False when it already has another base currency."""
    changed: dict[str, object] = {"name": command.name, "locale": command.locale, "zone": command.zone}
    if command.vendors_need_approval is not None:
        changed["vendors_need_approval"] = command.vendors_need_approval
    if command.duplicate_days is not None:
        changed["duplicate_days"] = command.duplicate_days
    if command.country is not None:
        changed["country"] = command.country
    done = await connection.execute(
        upsert(organisation)
        .values(base_currency=command.base_currency, **changed)
        .on_conflict_do_update(
            index_elements=["single"],
            set_=changed,
            where=organisation.c.base_currency == command.base_currency,
        )
    )
    return done.rowcount == 1


async def set_department(connection: Connection, code: str, name: str, head_id: UUID | None) -> None:
    """Add a department, or change its name and head."""
    values = {"name": name, "head_id": head_id}
    await connection.execute(
        upsert(departments)
        .values(code=code, **values)
        .on_conflict_do_update(index_elements=["code"], set_=values)
    )


async def set_cost_centre(
    connection: Connection, code: str, name: str, department: str, head_id: UUID | None
) -> bool:
    """Add a cost centre, or change it; False when there is no such department."""
    known = await connection.scalar(select(departments.c.code).where(departments.c.code == department))
    if known is None:
        return False
    values = {"name": name, "department": department, "head_id": head_id}
    await connection.execute(
        upsert(cost_centres)
        .values(code=code, **values)
        .on_conflict_do_update(index_elements=["code"], set_=values)
    )
    return True


async def set_cost_centre_active(connection: Connection, code: str, *, active: bool) -> bool | None:
    """Whether that changed something; None when there is no such cost centre."""
    centre = cost_centres.c
    before = await connection.scalar(select(centre.active).where(centre.code == code).with_for_update())
    if before is None:
        return None
    await connection.execute(update(cost_centres).where(centre.code == code).values(active=active))
    return bool(before) is not active


async def cost_centre_of(connection: Connection, person_id: UUID) -> str | None:
    """The code of the cost centre that a person belongs to."""
    member = cost_centre_members.c
    code: str | None = await connection.scalar(
        select(member.cost_centre).where(member.person_id == person_id)
    )
    return code


async def assign_cost_centre(connection: Connection, person_id: UUID, code: str | None) -> bool:
    """Say to which cost centre a person belongs, or to none; False when there is no such active one."""
    if code is None:
        await connection.execute(
            delete(cost_centre_members).where(cost_centre_members.c.person_id == person_id)
        )
        return True
    centre = cost_centres.c
    if await connection.scalar(select(centre.code).where(centre.code == code, centre.active)) is None:
        return False
    await connection.execute(
        upsert(cost_centre_members)
        .values(person_id=person_id, cost_centre=code)
        .on_conflict_do_update(index_elements=["person_id"], set_={"cost_centre": code})
    )
    return True


_D = departments.c
_C = cost_centres.c
_DEPARTMENTS = (
    select(_D.code, _D.name, null().label("department"), _D.head_id, _P.name, true())
    .select_from(departments)
    .outerjoin(people, _P.id == _D.head_id)
    .order_by(_D.code)
)
_COST_CENTRES = (
    select(_C.code, _C.name, _C.department, _C.head_id, _P.name, _C.active)
    .select_from(cost_centres)
    .outerjoin(people, _P.id == _C.head_id)
    .order_by(_C.code)
)


async def departments_where(connection: Connection, wanted: UnitFilter) -> tuple[Unit, ...]:
    """Departments by code."""
    narrowed = _in_unit(_D.code, _D.name, wanted.text)
    narrowed += equal({_D.code: wanted.code, _D.head_id: wanted.head})
    return tuple(Unit(*row) for row in await connection.execute(_DEPARTMENTS.where(*narrowed)))


async def cost_centres_where(connection: Connection, wanted: UnitFilter) -> tuple[Unit, ...]:
    """Cost centres by code."""
    values = {
        _C.code: wanted.code,
        _C.head_id: wanted.head,
        _C.department: wanted.department,
        _C.active: wanted.active,
    }
    narrowed = _in_unit(_C.code, _C.name, wanted.text) + equal(values)
    return tuple(Unit(*row) for row in await connection.execute(_COST_CENTRES.where(*narrowed)))


def _in_unit(code: ColumnElement[str], name: ColumnElement[str], text: str) -> list[ColumnElement[bool]]:
    return [or_(*(each.icontains(text, autoescape=True) for each in (code, name)))] if text else []
