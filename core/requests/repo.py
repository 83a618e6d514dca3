"""Every SELECT and UPDATE of procurement requests.

One rule: a person reads one through ``visible_to`` and ``to_submit`` only, and both apply the same filter; lists are in
``core.purchases.request_pages``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, bindparam, delete, exists, or_, select
from sqlalchemy.dialects.postgresql import array

from core.access.actor import Actor
from core.access.permissions import Permission
from core.approvals.tables import approval_steps, approvals
from core.db.base import Id
from core.db.batches import RowPart, add_many, add_one, added_many, added_one, nested
from core.db.compiled import Prebuilt
from core.db.connection import Row
from core.db.counters import request_numbers
from core.db.swap import swap_row
from core.duplicates import repo as duplicates
from core.kernel.errors import first_or_not_found
from core.kernel.ids import PersonId, RequestId
from core.kernel.words import normalised
from core.people.tables import cost_centres, people
from core.requests import rows
from core.requests.commands import CreateRequest
from core.requests.model import Request, RequestDetails, RequestLine
from core.requests.states import NOT_BOUGHT, RequestState
from core.requests.tables import procurement_requests, request_lines
from core.uow import Uow

_R = procurement_requests.c
_L = request_lines.c
_S = approval_steps.c


_WHO = bindparam("person", type_=Id)
_OWN = or_(_R.requested_by == _WHO, _R.entered_by == _WHO)
_ASKED = exists().where(
    approvals.c.request_id == _R.id,
    _S.approval_id == approvals.c.id,
    _S.candidates.contains(array([bindparam("person", type_=Id)])),
)
_VISIBLE = {True: or_(_OWN, _R.state != RequestState.draft.value), False: or_(_OWN, _ASKED)}
"""One's own, those one entered or is asked to approve; with the right to read all, all except drafts."""
_LINES = nested(
    *(_L[field.name] for field in fields(RequestLine)),
    where=and_(_L.request_id == _R.id, _L.dropped_at.is_(None)),
    order_by=_L.position,
).label("lines")
WHOLE = select(procurement_requests, _LINES)
"""A request with its lines; ``kept`` takes its row, also from other slices' statements."""
_BY_ID = _R.id == bindparam("id")
_LOAD = Prebuilt(WHOLE.where(_BY_ID))
VISIBLE_BY_ID = {all_of_them: WHOLE.where(_BY_ID, rule) for all_of_them, rule in _VISIBLE.items()}
"""A request by ``id`` for a ``person``, with the right to read all requests or without."""
_LOAD_VISIBLE = {all_of_them: Prebuilt(query) for all_of_them, query in VISIBLE_BY_ID.items()}
_own_lines = request_lines.alias("own_line")
_EARLIER = duplicates.earlier(
    _own_lines,
    _own_lines.c.request_id == _R.id,
    _own_lines.c.dropped_at.is_(None),
    person=_R.requested_by,
    centre=_R.cost_centre,
    unlike=NOT_BOUGHT,
    inside=procurement_requests,
).label("earlier")
_LOAD_TO_SUBMIT = {
    all_of_them: Prebuilt(query.add_columns(_EARLIER)) for all_of_them, query in VISIBLE_BY_ID.items()
}
_NAMES = (people.c.name.label("requested_by_name"), cost_centres.c.name.label("cost_centre_name"))
_ENTERED = select(people.c.name).where(people.c.id == bindparam("entered", type_=Id)).correlate(None)
_DETAILS = Prebuilt(
    select(*_NAMES, _ENTERED.scalar_subquery().label("entered_by_name")).where(
        people.c.id == bindparam("person"), cost_centres.c.code == bindparam("centre")
    )
)
_NEW = select(request_numbers.next_value().label("number"), *_NAMES).where(
    people.c.id == bindparam("person"), cost_centres.c.code == bindparam("centre"), cost_centres.c.active
)
_PREPARE = Prebuilt(_NEW)
_PREPARE_TO_SUBMIT = Prebuilt(
    _NEW.add_columns(
        duplicates.earlier(
            duplicates.written_lines(),
            person=bindparam("person", type_=Id),
            centre=bindparam("centre", type_=String),
            unlike=NOT_BOUGHT,
        ).label("earlier")
    )
)
_COLUMNS = tuple(column.name for column in procurement_requests.columns)
_LINE_COLUMNS = tuple(column.name for column in request_lines.columns)
_ADD = add_one(procurement_requests, *_COLUMNS)
_ADD_LINES = add_many(request_lines, *_LINE_COLUMNS)


@dataclass(frozen=True)
class NewRequest:
    """What a new request needs from the database: its number, and the names that its card shows."""

    number: str
    requested_by_name: str
    cost_centre_name: str
    earlier: Sequence[Sequence[Any]] = ()
    """Requests that it resembles, of a request that is submitted at once."""


async def prepare(uow: Uow, person_id: PersonId, command: CreateRequest) -> NewRequest | None:
    """The next number, with the names; None when there is no such active cost centre."""
    facts: dict[str, Any] = {"person": person_id, "centre": command.cost_centre}
    if command.submit:
        facts["now"] = uow.now
        facts["words"] = [normalised(line.description) for line in command.lines]
        facts["quantities"] = [line.quantity for line in command.lines]
        facts["units"] = [line.unit for line in command.lines]
    statement = _PREPARE_TO_SUBMIT if command.submit else _PREPARE
    row = (await uow.connection.execute(statement, facts)).one_or_none()
    if row is None:
        return None
    earlier = row.earlier if command.submit else ()
    return NewRequest(f"REQ-{row.number}", row.requested_by_name, row.cost_centre_name, earlier)


async def add(uow: Uow, request: Request) -> None:
    """Insert the request and its lines."""
    lines = [rows.line_columns(request, line) for line in request.lines]
    await uow.connection.later(
        added_one(_ADD, procurement_requests, rows.request_columns(request)),
        added_many(_ADD_LINES, request_lines, lines),
    )


async def replace_lines(uow: Uow, request: Request) -> None:
    """Replace a draft's lines; nothing refers to them yet."""
    await uow.connection.execute(delete(request_lines).where(_L.request_id == request.id))
    lines = [rows.line_columns(request, line) for line in request.lines]
    await uow.connection.later(added_many(_ADD_LINES, request_lines, lines))


async def swap(uow: Uow, before: Request, after: Request) -> Request:
    """Write the new version over the one that was read, or raise Stale when another call was faster."""
    written = replace(after, version=before.version + 1, updated_at=uow.now)
    await swap_row(
        uow.connection, procurement_requests, before, rows.request_columns(written), what="request"
    )
    return uow.keep(written.id, written)


async def visible_to(uow: Uow, actor: Actor, request_id: RequestId) -> Request:
    """The request, or NotFound when it is unknown or this person may not see it."""
    statement = _LOAD_VISIBLE[actor.may(Permission.requests_read_all)]
    found = (await uow.connection.execute(statement, {"id": request_id, "person": actor.person_id})).all()
    return kept(uow, first_or_not_found(found, what="request"))


async def to_submit(uow: Uow, actor: Actor, request_id: RequestId) -> tuple[Request, Sequence[Sequence[Any]]]:
    """The same, with the earlier requests that it resembles."""
    statement = _LOAD_TO_SUBMIT[actor.may(Permission.requests_read_all)]
    facts = {"id": request_id, "person": actor.person_id, "now": uow.now}
    row = first_or_not_found((await uow.connection.execute(statement, facts)).all(), what="request")
    return kept(uow, row), row.earlier


async def of_purchase(uow: Uow, request_id: UUID) -> Request:
    """The request for a reaction, which acts for Parley and not for a person."""
    seen = uow.seen(Request, request_id)
    if seen is not None:
        return seen
    found = (await uow.connection.execute(_LOAD, {"id": request_id})).all()
    return kept(uow, first_or_not_found(found, what="request"))


async def details(uow: Uow, request: Request) -> RequestDetails:
    """The request with the names that a card shows."""
    facts = {"person": request.requested_by, "centre": request.cost_centre, "entered": request.entered_by}
    row = (await uow.connection.execute(_DETAILS, facts)).one()
    names = row.requested_by_name, row.cost_centre_name
    return RequestDetails(request, *names, entered_by_name=row.entered_by_name)


def kept(uow: Uow, row: Row | RowPart) -> Request:
    """The aggregate from its row, which another slice's statement read too."""
    request = whole(row)
    return uow.keep(request.id, request)


def whole(row: Row | RowPart) -> Request:
    """The aggregate from its row, which carries the lines."""
    return rows.request_of(row, tuple(RequestLine(*line) for line in row.lines))
