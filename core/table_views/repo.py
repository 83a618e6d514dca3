"""Every SELECT and UPDATE of saved views and of how lists are seen."""

import datetime as dt
from uuid import UUID

from sqlalchemy import and_, delete, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import insert

from core.db.connection import Connection
from core.people.tables import people
from core.table_views.commands import ArrangeTable, SaveView
from core.table_views.model import SavedView, TableArrangement, TableSettings
from core.table_views.tables import table_settings, table_views

_V, _S, _P = table_views.c, table_settings.c, people.c
MOST_SHOWN = 60


async def store_settings(connection: Connection, person_id: UUID, command: ArrangeTable) -> None:
    values = {"columns": list(command.columns), "dense": command.dense, "rows": command.rows}
    await connection.execute(
        insert(table_settings)
        .values(person_id=person_id, list=command.list, **values)
        .on_conflict_do_update(index_elements=[_S.person_id, _S.list], set_=values)
    )


async def arrangement_of(connection: Connection, person_id: UUID, name: str) -> TableArrangement:
    """How the person sees a list, with their own views of it and then those that others share, by name."""
    own = _V.person_id == person_id
    seen = and_(_V.list == name, or_(own, _V.shared))
    one = select(literal_column("1").label("one")).subquery("one")
    with_owner = table_views.join(people, _P.id == _V.person_id)
    rows = await connection.execute(
        select(_S.columns, _S.dense, _S.rows, _V.id, _V.name, _V.query, _V.shared, own, _P.name)
        .select_from(
            one.outerjoin(table_settings, and_(_S.person_id == person_id, _S.list == name)).outerjoin(
                with_owner, seen
            )
        )
        .order_by(own.desc(), _V.name, _V.id)
        .limit(MOST_SHOWN)
    )
    found = rows.all()
    columns, dense, size = found[0][:3]
    settings = TableSettings(tuple(columns), dense, size) if columns is not None else TableSettings()
    return TableArrangement(settings, tuple(SavedView(*row[3:]) for row in found if row[3] is not None))


async def count_own(connection: Connection, person_id: UUID, command: SaveView) -> int:
    """How many views of this list the person has under other names."""
    wanted = (_V.person_id == person_id, _V.list == command.list, _V.name != command.name)
    return int(await connection.scalar(select(func.count()).select_from(table_views).where(*wanted)))


async def store_view(
    connection: Connection, view_id: UUID, person_id: UUID, command: SaveView, now: dt.datetime
) -> UUID:
    """The view's id: of one of the same name, that one's."""
    values = {"query": command.query, "shared": command.shared, "made_at": now}
    kept = (
        insert(table_views)
        .values(id=view_id, person_id=person_id, list=command.list, name=command.name, **values)
        .on_conflict_do_update(index_elements=[_V.person_id, _V.list, _V.name], set_=values)
        .returning(_V.id)
    )
    return UUID(str(await connection.scalar(kept)))


async def remove_view(connection: Connection, view_id: UUID, person_id: UUID) -> str | None:
    """Of which list it was; None when this person has none of this id."""
    gone = delete(table_views).where(_V.id == view_id, _V.person_id == person_id).returning(_V.list)
    found: str | None = await connection.scalar(gone)
    return found
