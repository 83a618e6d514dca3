"""Every SELECT and UPDATE of delegations.

One rule: ``of_givers`` and ``of_deputy`` return only active delegations between two people who may decide.

Active means that it has begun and not ended, and that both people are active. A second hop is never followed.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.db.keyset import in_array_of
from core.delegations import rows
from core.delegations.model import Delegation
from core.delegations.tables import delegations
from core.kernel.errors import first_or_not_found
from core.kernel.ids import DelegationId
from core.people import directory
from core.people.tables import people
from core.uow import Uow

_D = delegations.c
_giver, _deputy = people.alias("giver"), people.alias("deputy")


def in_force(now: dt.datetime | ColumnElement[dt.datetime]) -> ColumnElement[bool]:
    """Active at this moment, for this slice's queries and for higher slices' statements."""
    return and_(
        _D.ended_at.is_(None),
        _D.until > now,
        directory.is_decider(_D.giver),
        directory.is_decider(_D.deputy),
    )


_WHOLE = (
    select(delegations, _giver.c.name.label("giver_name"), _deputy.c.name.label("deputy_name"))
    .join(_giver, _giver.c.id == _D.giver)
    .join(_deputy, _deputy.c.id == _D.deputy)
    .order_by(_D.id.desc())
)
_OF_GIVERS = Prebuilt(
    _WHOLE.where(
        _D.giver == any_(bindparam("givers", type_=ARRAY(Id))), in_force(bindparam("now", type_=Moment))
    )
)

_NESTED = (
    _D.id,
    _D.giver,
    _giver.c.name,
    _D.deputy,
    _deputy.c.name,
    _D.made_at,
    _D.until,
    _D.limit_amount,
    _D.limit_currency,
    _D.reason,
    _D.ended_at,
)


def nested_of(givers: Select[Any]) -> ColumnElement[Any]:
    """The deputies of these people at the moment ``now``, as a column of another slice's statement."""
    found = (
        select(func.row(*_NESTED))
        .join_from(delegations, _giver, _giver.c.id == _D.giver)
        .join(_deputy, _deputy.c.id == _D.deputy)
        .where(in_array_of(_D.giver, givers), in_force(bindparam("now", type_=Moment)))
        .order_by(_D.id.desc())
    )
    return func.array(found.scalar_subquery())


def of_nested(found: Sequence[Sequence[Any]]) -> list[Delegation]:
    """The delegations that such a column carries."""
    return [rows.delegation_of_values(values) for values in found]


async def of_givers(uow: Uow, givers: Iterable[UUID]) -> Sequence[Delegation]:
    """Who is a deputy of any of these people now."""
    wanted = list(set(givers))
    if not wanted:
        return ()
    return [
        rows.delegation_of(row)
        for row in await uow.connection.execute(_OF_GIVERS, {"givers": wanted, "now": uow.now})
    ]


async def of_deputy(uow: Uow, deputy: UUID) -> Sequence[Delegation]:
    """For whom this person is a deputy now."""
    return await _load(uow, and_(_D.deputy == deputy, in_force(uow.now)))


async def open_of_giver(uow: Uow, giver: UUID) -> Delegation | None:
    """The delegation of this person that has not been ended; it may have expired."""
    found = await _load(uow, and_(_D.giver == giver, _D.ended_at.is_(None)))
    return found[0] if found else None


async def delegations_of(uow: Uow, person_id: UUID) -> Sequence[Delegation]:
    """Given and received delegations that are active, newest first."""
    both = or_(_D.giver == person_id, _D.deputy == person_id)
    return await _load(uow, and_(both, _D.ended_at.is_(None), _D.until > uow.now))


async def load(uow: Uow, delegation_id: UUID) -> Delegation:
    found = await _load(uow, _D.id == delegation_id)
    return first_or_not_found(found, what="delegation")


async def past_until(uow: Uow, now: dt.datetime) -> Sequence[DelegationId]:
    """Delegations that have expired and whose end is not recorded yet."""
    found = await uow.connection.scalars(
        select(_D.id).where(_D.ended_at.is_(None), _D.until <= now).order_by(_D.until).limit(100)
    )
    return [DelegationId(delegation_id) for delegation_id in found]


async def add(uow: Uow, made: Delegation, made_by: str) -> None:
    """Insert it; the database refuses a second open one of the same giver."""
    await uow.connection.execute(
        insert(delegations).values(
            id=made.id,
            giver=made.giver,
            deputy=made.deputy,
            made_by=made_by,
            made_at=made.made_at,
            until=made.until,
            limit_amount=made.limit.amount if made.limit else None,
            limit_currency=made.limit.currency if made.limit else None,
            reason=made.reason,
        )
    )


async def end(uow: Uow, delegation_id: DelegationId) -> bool:
    """Record the end, once."""
    result = await uow.connection.execute(
        update(delegations).where(_D.id == delegation_id, _D.ended_at.is_(None)).values(ended_at=uow.now)
    )
    return result.rowcount == 1


async def _load(uow: Uow, condition: ColumnElement[bool]) -> list[Delegation]:
    return [rows.delegation_of(row) for row in await uow.connection.execute(_WHOLE.where(condition))]
