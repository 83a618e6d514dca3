"""Every SELECT and UPDATE of groups: what they are bound to, and their ids on the platform."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.groups.commands import BindGroup, GroupChat, MoveGroup
from core.groups.model import Group, Place
from core.groups.states import GroupKind, PlaceKind
from core.groups.tables import chat_groups, group_topics
from core.kernel.ids import new_id
from core.messages.tables import chat_drafts, chat_messages
from core.people.tables import cost_centres, departments
from core.requests.tables import procurement_requests

_G = chat_groups.c
_BOUND = _G.unbound_at.is_(None)


async def bind_group(connection: Connection, command: BindGroup, by: UUID, now: dt.datetime) -> UUID:
    """Write the binding; a group that was bound before keeps its row and its messages."""
    chat = command.chat
    values = {
        "title": command.title,
        "kind": command.kind.value,
        "department": command.code if command.place is PlaceKind.department else None,
        "cost_centre": command.code if command.place is PlaceKind.cost_centre else None,
        "bound_by": by,
        "bound_at": now,
        "unbound_at": None,
        "reachable": True,
    }
    known = select(_G.id).where(_is_chat(chat)).order_by(_BOUND.desc(), _G.bound_at.desc()).limit(1)
    again = update(chat_groups).where(_G.id == known.scalar_subquery()).values(**values).returning(_G.id)
    group_id: UUID | None = await connection.scalar(again)
    if group_id is not None:
        return group_id
    row = await connection.execute(
        insert(chat_groups)
        .values(id=new_id(), platform=chat.platform, chat_id=chat.chat_id, **values)
        .returning(_G.id)
    )
    made: UUID = row.one()[0]
    return made


async def unbind_group(connection: Connection, group_id: UUID, now: dt.datetime) -> Group | None:
    """The group as it was; None when it was not bound."""
    group = await group_by_id(connection, group_id)
    result = await connection.execute(
        update(chat_groups).where(_G.id == group_id, _BOUND).values(unbound_at=now)
    )
    return group if result.rowcount == 1 else None


async def group_by_id(connection: Connection, group_id: UUID) -> Group | None:
    """A group, bound or not."""
    row = (await connection.execute(_groups().where(_G.id == group_id))).one_or_none()
    return _group(row) if row else None


async def bound_groups(connection: Connection) -> Sequence[Group]:
    """Every bound group, by title."""
    rows = await connection.execute(_groups().where(_BOUND).order_by(_G.title, _G.id))
    return [_group(row) for row in rows]


def _shows(cost_centre: Any) -> ColumnElement[bool]:
    """A reachable group that is bound to this cost centre or to its department."""
    centre = cost_centres.c
    department = select(centre.department).where(centre.code == cost_centre).scalar_subquery()
    return and_(_BOUND, _G.reachable, or_(_G.cost_centre == cost_centre, _G.department == department))


async def groups_showing(connection: Connection, cost_centre: str) -> Sequence[Group]:
    """The reachable groups that show the requests of this cost centre, or of its department."""
    rows = await connection.execute(_groups().where(_shows(cost_centre)).order_by(_G.id))
    return [_group(row) for row in rows]


_REQUEST = bindparam("request_id", type_=Id)
_CENTRE = select(procurement_requests.c.cost_centre).where(procurement_requests.c.id == _REQUEST)
_IN_A_GROUP = Prebuilt(
    select(
        or_(
            exists(select(_G.id).where(_shows(_CENTRE.scalar_subquery()))),
            exists(select(group_topics.c.id).where(group_topics.c.request_id == _REQUEST)),
        )
    )
)


async def is_in_a_group(connection: Connection, request_id: UUID) -> bool:
    """Whether a group shows this request, or should show it."""
    return bool(await connection.scalar(_IN_A_GROUP, {"request_id": request_id}))


async def groups_of_workspace(connection: Connection, platform: str, team_id: str) -> Sequence[Group]:
    """The bound groups of a workspace that the bot is in."""
    there = _G.chat_id.startswith(f"{team_id}:", autoescape=True)
    rows = await connection.execute(
        _groups().where(_BOUND, _G.reachable, _G.platform == platform, there).order_by(_G.id)
    )
    return [_group(row) for row in rows]


async def set_reachable(connection: Connection, chat: GroupChat, *, reachable: bool) -> Sequence[Group]:
    """Record whether the bot is in the group; returns the rows for which that changed."""
    rows = await connection.scalars(
        update(chat_groups)
        .where(_is_chat(chat), _G.reachable.is_not(reachable))
        .values(reachable=reachable)
        .returning(_G.id)
    )
    return [group for group_id in rows if (group := await group_by_id(connection, group_id))]


async def move_chat(connection: Connection, command: MoveGroup, now: dt.datetime) -> Sequence[UUID]:
    """Move the groups to another id; a binding that the new chat already has wins over the old one.

    Messages of the old chat that cannot be edited in the new one are sent again there, unless their request
    has ended.
    """
    chat, moved_to = command.chat, command.moved_to
    there = chat_groups.alias("there")
    report_id = exists(
        select(there.c.id).where(
            there.c.platform == chat.platform, there.c.chat_id == moved_to, there.c.unbound_at.is_(None)
        )
    )
    moved = await connection.scalars(
        update(chat_groups)
        .where(_is_chat(chat))
        .values(chat_id=moved_to, unbound_at=case((and_(report_id, _BOUND), now), else_=_G.unbound_at))
        .returning(_G.id)
    )
    await _move_drafts(connection, chat, moved_to)
    await _move_cards(connection, command)
    if not command.kept:
        await _repost_topics(connection, moved)
    return moved


async def _repost_topics(connection: Connection, group_ids: Sequence[UUID]) -> None:
    topic = group_topics.c
    await connection.execute(
        update(group_topics)
        .where(topic.group_id.in_(group_ids), topic.state != "gone", topic.closed.is_(False))
        .values(thread_id=None, message_id=None, content_hash=None, pinned=False, state="sending")
    )


async def _move_drafts(connection: Connection, chat: GroupChat, moved_to: str) -> None:
    """Move the drafts, unless the new chat has a newer one."""
    draft, newer = chat_drafts.c, chat_drafts.alias("newer")
    begun_there = exists(
        select(newer.c.chat_id).where(
            newer.c.platform == draft.platform,
            newer.c.chat_id == moved_to,
            newer.c.thread_id == draft.thread_id,
            newer.c.external_id == draft.external_id,
        )
    )
    await connection.execute(
        update(chat_drafts)
        .where(draft.platform == chat.platform, draft.chat_id == chat.chat_id, ~begun_there)
        .values(chat_id=moved_to)
    )


async def _move_cards(connection: Connection, command: MoveGroup) -> None:
    ref, to_repost = chat_messages.c, {"message_id": None, "content_hash": None, "state": "sending"}
    await connection.execute(
        update(chat_messages)
        .where(
            ref.platform == command.chat.platform,
            ref.chat_id == command.chat.chat_id,
            ref.state != "gone",
        )
        .values(chat_id=command.moved_to, **({} if command.kept else to_repost))
    )


async def all_places(connection: Connection) -> Sequence[Place]:
    """What a group can be bound to: departments, then cost centres, by code."""
    found = [
        Place(PlaceKind.department, row.code, row.name)
        for row in await connection.execute(select(departments).order_by(departments.c.code))
    ]
    active = select(cost_centres).where(cost_centres.c.active).order_by(cost_centres.c.code)
    return [
        *found,
        *(Place(PlaceKind.cost_centre, row.code, row.name) for row in await connection.execute(active)),
    ]


def _is_chat(chat: GroupChat) -> ColumnElement[bool]:
    return and_(_G.platform == chat.platform, _G.chat_id == chat.chat_id)


def _groups() -> Select[Any]:
    name = func.coalesce(departments.c.name, cost_centres.c.name).label("place_name")
    return (
        select(chat_groups, name)
        .outerjoin(departments, departments.c.code == _G.department)
        .outerjoin(cost_centres, cost_centres.c.code == _G.cost_centre)
    )


def _group(row: Row) -> Group:
    kind = PlaceKind.department if row.department is not None else PlaceKind.cost_centre
    return Group(
        id=row.id,
        platform=row.platform,
        chat_id=row.chat_id,
        title=row.title,
        kind=GroupKind(row.kind),
        place=Place(kind, row.department or row.cost_centre, row.place_name),
        bound_by=row.bound_by,
        bound_at=row.bound_at,
        unbound_at=row.unbound_at,
        reachable=row.reachable,
    )
