"""Finds the earlier requests that a request resembles: one more column of a statement that is made anyway.

One rule: the same words in the same quantity, of the same cost centre or person, in as many days as the organisation
says.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    bindparam,
    column,
    func,
    or_,
    select,
    table,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from core.db.base import Amount, Id, Moment
from core.db.compiled import Prebuilt
from core.db.keyset import in_array_of
from core.db.pending import Write
from core.people.tables import organisation, people
from core.uow import Uow

MOST_SHOWN = 5
MOST_LOOKED_AT = 200
"""Of what everybody asks for all the time only the newest lines are looked at."""

_R = table(
    "procurement_requests",
    column("id", Id),
    column("number", Text),
    column("state", Text),
    column("requested_by", Id),
    column("cost_centre", Text),
    column("created_at", Moment),
).alias("earlier_request")
_lines = table(
    "request_lines",
    column("request_id", Id),
    column("words", Text),
    column("quantity", Amount),
    column("unit", Text),
    column("asked_at", Moment),
    column("dropped_at", Moment),
)
_L = _lines.alias("earlier_line")
"""Requests are a higher slice; only what they ask for is read here."""
_DAYS = select(organisation.c.duplicate_days).correlate(None).scalar_subquery()
_SINCE = bindparam("now", type_=Moment) - func.make_interval(0, 0, 0, _DAYS)
_ASK = Prebuilt(
    update(_lines)
    .where(_lines.c.request_id == bindparam("asking", type_=Id))
    .values(asked_at=bindparam("now", type_=Moment))
)


async def ask(uow: Uow, request_id: UUID) -> None:
    """From now on, and not since they were drafted, its lines are what somebody asks for."""
    await uow.connection.later(Write(_ASK, {"asking": request_id, "now": uow.now}, "request_lines"))


def written_lines() -> FromClause:
    """Lines that are not stored yet: the parameters ``words``, ``quantities`` and ``units``."""
    arrays = {"words": ("words", Text), "quantity": ("quantities", Amount), "unit": ("units", Text)}
    return select(
        *(
            func.unnest(bindparam(name, type_=ARRAY(kind))).label(column_name)  # type: ignore[arg-type]
            for column_name, (name, kind) in arrays.items()
        )
    ).subquery("wanted")


def earlier(
    wanted: FromClause,
    *own: ColumnElement[bool],
    person: ColumnElement[Any],
    centre: ColumnElement[Any],
    unlike: Collection[str],
    inside: FromClause | None = None,
) -> ColumnElement[Any]:
    """The newest of them as an array of what ``EarlierRequest`` holds, but for those in a state of ``unlike``.

    ``inside`` is the table of the request itself, and ``own`` says which lines are its own.
    """
    line, request = _L.c, _R.c
    newest = (
        select(line.request_id)
        .where(
            line.words == wanted.c.words,
            line.quantity == wanted.c.quantity,
            line.asked_at > _SINCE,
            _DAYS > 0,  # what somebody asked for while this was being submitted is later than "now"
            func.lower(line.unit) == func.lower(wanted.c.unit),
            line.dropped_at.is_(None),
        )
        .order_by(line.asked_at.desc())
        .limit(MOST_LOOKED_AT)
        .correlate(wanted)
        .lateral("newest")
    )
    same = select(newest.c.request_id).select_from(wanted.join(newest, true())).where(*own)
    facts = func.row(request.id, request.number, request.state, people.c.name, request.created_at)
    found = (
        select(facts)
        .select_from(_R)
        .join(people, people.c.id == request.requested_by)
        .where(
            in_array_of(request.id, same.correlate(inside) if inside is not None else same.correlate(None)),
            request.state.not_in(sorted(unlike)),
            or_(request.cost_centre == centre, request.requested_by == person),
        )
        .order_by(request.id.desc())
        .limit(MOST_SHOWN)
    )
    if inside is not None:
        found = found.where(request.id != inside.c.id)
    return func.array(found.correlate(inside).scalar_subquery())
