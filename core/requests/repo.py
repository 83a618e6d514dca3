"""Every SELECT and UPDATE of procurement requests.

One rule: a person's reads go through ``visible_to`` and ``page`` only, and both apply the same filter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    column,
    delete,
    exists,
    or_,
    select,
    table,
    union,
)
from sqlalchemy.dialects.postgresql import array

from core.access.actor import Actor
from core.access.permissions import Permission
from core.approvals.states import StepState
from core.approvals.tables import approval_steps, approvals
from core.db.base import Id
from core.db.batches import RowPart, add_many, add_one, added_many, added_one, nested
from core.db.compiled import Prebuilt
from core.db.connection import Row
from core.db.counters import request_numbers
from core.db.keyset import Bounds, NewestFirst, as_number, constant, equal, in_array_of, in_ids
from core.db.pages import PageQuery, read_page
from core.db.swap import swap_row
from core.kernel.errors import first_or_not_found
from core.kernel.ids import PersonId, RequestId
from core.kernel.pagination import Page, UnreadableRow, encode_cursor, page_of, read_rows
from core.people.tables import cost_centres, people
from core.requests import rows
from core.requests.model import Request, RequestDetails, RequestFilter, RequestLine
from core.requests.states import RequestState
from core.requests.tables import procurement_requests, request_lines
from core.uow import Uow

SEARCHED = 1000
"""How many requests one page of a search for a text looks at."""

_R = procurement_requests.c
_L = request_lines.c
_S = approval_steps.c
_NEWEST = NewestFirst(_R.id, _R.created_at)
_asked_of = table("rfqs", column("id"), column("request_id"))
_asked_vendors = table("rfq_invitations", column("rfq_id"), column("vendor_id", Id))
"""RFQs are a higher slice; only who was asked is read here."""


_OWN = _R.requested_by == bindparam("person", type_=Id)
_ASKED = exists().where(
    approvals.c.request_id == _R.id,
    _S.approval_id == approvals.c.id,
    _S.candidates.contains(array([bindparam("person", type_=Id)])),
)
_VISIBLE = {True: or_(_OWN, _R.state != RequestState.draft.value), False: or_(_OWN, _ASKED)}
"""One's own requests and those one is asked to approve; with the right to read all, all except drafts."""
_LINES = nested(
    *(_L[field.name] for field in fields(RequestLine)), where=_L.request_id == _R.id, order_by=_L.position
).label("lines")
WHOLE = select(procurement_requests, _LINES)
"""A request with its lines; ``kept`` takes its row, also from other slices' statements."""
_BY_ID = _R.id == bindparam("id")
_LOAD = Prebuilt(WHOLE.where(_BY_ID))
VISIBLE_BY_ID = {all_of_them: WHOLE.where(_BY_ID, rule) for all_of_them, rule in _VISIBLE.items()}
"""A request by ``id`` for a ``person``, with the right to read all requests or without."""
_LOAD_VISIBLE = {all_of_them: Prebuilt(query) for all_of_them, query in VISIBLE_BY_ID.items()}
_NAMES = (people.c.name.label("requested_by_name"), cost_centres.c.name.label("cost_centre_name"))
_DETAILS = Prebuilt(
    select(*_NAMES).where(people.c.id == bindparam("person"), cost_centres.c.code == bindparam("centre"))
)
_PREPARE = Prebuilt(
    select(request_numbers.next_value().label("number"), *_NAMES).where(
        people.c.id == bindparam("person"), cost_centres.c.code == bindparam("centre"), cost_centres.c.active
    )
)
_COLUMNS = tuple(column.name for column in procurement_requests.columns)
_LINE_COLUMNS = tuple(column.name for column in request_lines.columns)
_ADD = add_one(procurement_requests, *_COLUMNS)
_ADD_LINES = add_many(request_lines, *_LINE_COLUMNS)


def _listed(actor: Actor) -> ColumnElement[bool]:
    """In a list, of those one was asked to approve only what waits now or what one decided oneself."""
    own = _R.requested_by == actor.person_id
    if actor.may(Permission.requests_read_all):
        return or_(own, _R.state != RequestState.draft.value)
    return or_(own, in_array_of(_R.id, _asked(actor)))


def _asked(actor: Actor) -> CompoundSelect[Any]:
    """The requests that this person is asked to decide now, or decided."""
    request = select(approvals.c.request_id).join(approval_steps, _S.approval_id == approvals.c.id)
    return union(
        request.where(_S.state == constant(StepState.open), _S.candidates.contains([actor.person_id])),
        request.where(_S.state == constant(StepState.done), _S.decided_by == actor.person_id),
    )


def _visible(actor: Actor) -> ColumnElement[bool]:
    rule: ColumnElement[bool] = _VISIBLE[actor.may(Permission.requests_read_all)]
    return rule.params(person=actor.person_id)


@dataclass(frozen=True)
class NewRequest:
    """What a new request needs from the database: its number, and the names that its card shows."""

    number: str
    requested_by_name: str
    cost_centre_name: str


async def prepare(uow: Uow, person_id: PersonId, cost_centre: str) -> NewRequest | None:
    """The next number, with the names; None when there is no such active cost centre."""
    row = (await uow.connection.execute(_PREPARE, {"person": person_id, "centre": cost_centre})).one_or_none()
    return (
        None if row is None else NewRequest(f"REQ-{row.number}", row.requested_by_name, row.cost_centre_name)
    )


async def add(uow: Uow, request: Request) -> None:
    """Insert the request and its lines."""
    lines = [rows.line_columns(request.id, line) for line in request.lines]
    await uow.connection.later(
        added_one(_ADD, procurement_requests, rows.request_columns(request)),
        added_many(_ADD_LINES, request_lines, lines),
    )


async def replace_lines(uow: Uow, request: Request) -> None:
    """Replace a draft's lines; nothing refers to them yet."""
    await uow.connection.execute(delete(request_lines).where(_L.request_id == request.id))
    lines = [rows.line_columns(request.id, line) for line in request.lines]
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


async def of_purchase(uow: Uow, request_id: UUID) -> Request:
    """The request for a reaction, which acts for Parley and not for a person."""
    seen = uow.seen(Request, request_id)
    if seen is not None:
        return seen
    found = (await uow.connection.execute(_LOAD, {"id": request_id})).all()
    return kept(uow, first_or_not_found(found, what="request"))


async def page(uow: Uow, actor: Actor, filters: RequestFilter) -> Page[Request]:
    """One page of visible requests, newest first."""
    if filters.text:
        return await _search(uow, actor, filters)
    if filters.bounds.by_place:
        return await _page_by_place(uow, actor, filters)
    bounds = filters.bounds
    on_page = in_array_of(_R.id, _page_ids(actor, filters, bounds).correlate(None))
    found = await uow.connection.execute(WHOLE.where(on_page).order_by(*_NEWEST.order(bounds)))
    return page_of(read_rows(found, _whole, Request), filters.page.limit, lambda request: request.id)


async def _page_by_place(uow: Uow, actor: Actor, filters: RequestFilter) -> Page[Request]:
    own = (_R.requested_by == actor.person_id,) if filters.mine else ()
    listed = and_(_listed(actor), *own, *_matching(filters), *_NEWEST.between(filters.bounds))

    async def load(condition: ColumnElement[bool], limit: int) -> list[Request | UnreadableRow]:
        return await _read(uow, condition, limit=limit)

    return await read_page(uow.connection, filters.page, _R.id, listed, load, lambda request: request.id)


def _page_ids(actor: Actor, filters: RequestFilter, bounds: Bounds) -> Select[Any]:
    """The ids of one page; what one owns and what one is asked about are found each by its own index."""
    own, matching = _R.requested_by == actor.person_id, _matching(filters)
    drafts = filters.state is RequestState.draft
    if filters.mine or drafts:
        return _NEWEST.page(select(_R.id).where(own, *matching), bounds)
    if actor.may(Permission.requests_read_all):
        shown = or_(own, _R.state != RequestState.draft.value)
        return _NEWEST.page(select(_R.id).where(shown, *matching), bounds)
    asked = in_array_of(_R.id, _asked(actor))
    return _NEWEST.either([own, asked], matching, bounds)


def _matching(filters: RequestFilter) -> list[ColumnElement[bool]]:
    wanted = {
        _R.number: as_number(filters.number),
        _R.state: filters.state,
        _R.cost_centre: filters.cost_centre,
        _R.requested_by: filters.person,
    }
    if filters.vendor_id is None:
        return equal(wanted)
    asked = select(_asked_of.c.request_id).join(_asked_vendors, _asked_vendors.c.rfq_id == _asked_of.c.id)
    return [*equal(wanted), _R.id.in_(asked.where(_asked_vendors.c.vendor_id == filters.vendor_id))]


async def _search(uow: Uow, actor: Actor, filters: RequestFilter) -> Page[Request]:
    """Those with the text among the next ``SEARCHED``: a page may be short and still lead to a next one."""
    bounds = replace(filters.bounds, page=PageQuery(filters.page.cursor, SEARCHED))
    looked_at = _page_ids(actor, filters, bounds).subquery()
    has_text = exists().where(
        _L.request_id == looked_at.c.id, _L.description.icontains(filters.text, autoescape=True)
    )
    found = (await uow.connection.execute(select(looked_at.c.id, has_text.label("fits")))).all()
    fitting = [row.id for row in found[:SEARCHED] if row.fits]
    shown = fitting[: filters.page.limit]
    last = (
        shown[-1] if len(fitting) > len(shown) else found[SEARCHED - 1].id if len(found) > SEARCHED else None
    )
    page = page_of(await _in_order(uow, shown), len(shown), lambda request: request.id)
    return replace(page, next_cursor=encode_cursor(last) if last else None)


async def _in_order(uow: Uow, ids: Sequence[UUID]) -> list[Request | UnreadableRow]:
    """These requests, in this order."""
    if not ids:
        return []
    found: dict[UUID, Request | UnreadableRow] = {
        row.id: row for row in await _read(uow, in_ids(_R.id, ids), limit=len(ids))
    }
    return [found[each] for each in ids]


async def _read(uow: Uow, condition: ColumnElement[bool], *, limit: int) -> list[Request | UnreadableRow]:
    found = await uow.connection.execute(WHOLE.where(condition).order_by(_R.id.desc()).limit(limit))
    return read_rows(found, _whole, Request)


async def details(uow: Uow, request: Request) -> RequestDetails:
    """The request with the names that a card shows."""
    facts = {"person": request.requested_by, "centre": request.cost_centre}
    row = (await uow.connection.execute(_DETAILS, facts)).one()
    return RequestDetails(request, row.requested_by_name, row.cost_centre_name)


def kept(uow: Uow, row: Row | RowPart) -> Request:
    """The aggregate from its row, which another slice's statement read too."""
    request = _whole(row)
    return uow.keep(request.id, request)


def _whole(row: Row | RowPart) -> Request:
    """The aggregate from its row, which carries the lines."""
    return rows.request_of(row, tuple(RequestLine(*line) for line in row.lines))
