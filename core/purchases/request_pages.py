"""The pages of requests that somebody may see: newest first, or those with a text in their lines.

One rule: whatever is filtered, an index leads to the rows of the page.
"""

from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, column, exists, or_, select, table, union

from core.access.actor import Actor
from core.access.permissions import Permission
from core.approvals.states import StepState
from core.approvals.tables import approval_steps, approvals
from core.db.base import Id
from core.db.keyset import Bounds, NewestFirst, as_number, constant, equal, in_array_of
from core.db.pages import read_page
from core.db.searching import SearchedList, stretch
from core.kernel.pagination import Page, UnreadableRow, read_rows
from core.requests.model import Request, RequestFilter
from core.requests.repo import WHOLE, whole
from core.requests.states import RequestState
from core.requests.tables import procurement_requests, request_lines
from core.uow import Uow

_R = procurement_requests.c
_L = request_lines.c
_S = approval_steps.c
_NEWEST = NewestFirst(_R.id, _R.created_at)
_asked_of = table("rfqs", column("id"), column("request_id"))
_asked_vendors = table("rfq_invitations", column("rfq_id"), column("vendor_id", Id))
"""RFQs are a higher slice; only who was asked is read here."""


def _listed(actor: Actor) -> ColumnElement[bool]:
    """In a list, of those one was asked to approve only what waits now or what one decided oneself."""
    own = _R.requested_by == actor.person_id, _R.entered_by == actor.person_id
    if actor.may(Permission.requests_read_all):
        return or_(*own, _R.state != RequestState.draft.value)
    return or_(*own, in_array_of(_R.id, _asked(actor)))


def _asked(actor: Actor) -> CompoundSelect[Any]:
    """The requests that this person is asked to decide now, or decided."""
    request = select(approvals.c.request_id).join(approval_steps, _S.approval_id == approvals.c.id)
    return union(
        request.where(_S.state == constant(StepState.open), _S.candidates.contains([actor.person_id])),
        request.where(_S.state == constant(StepState.done), _S.decided_by == actor.person_id),
    )


async def page(uow: Uow, actor: Actor, filters: RequestFilter) -> Page[Request]:
    """One page of visible requests, newest first."""
    if filters.text:
        return await _search(uow, actor, filters)
    if filters.bounds.by_place:
        return await _page_by_place(uow, actor, filters)
    bounds = filters.bounds
    on_page = in_array_of(_R.id, _page_ids(actor, filters, bounds).correlate(None))
    statement = WHOLE.add_columns(*_NEWEST.ended(bounds)).where(on_page).order_by(*_NEWEST.order(bounds))
    found = (await uow.connection.execute(statement)).all()
    return _NEWEST.shown(bounds, found, read_rows(found, whole, Request), lambda request: request.id)


async def _page_by_place(uow: Uow, actor: Actor, filters: RequestFilter) -> Page[Request]:
    own = (_R.requested_by == actor.person_id,) if filters.mine else ()
    listed = and_(_listed(actor), *own, *_matching(filters), *_NEWEST.between(filters.bounds))

    async def load(condition: ColumnElement[bool], limit: int) -> list[Request | UnreadableRow]:
        return await _read(uow, condition, limit=limit)

    return await read_page(uow.connection, filters.page, _R.id, listed, load, lambda request: request.id)


def _page_ids(actor: Actor, filters: RequestFilter, bounds: Bounds) -> Select[Any]:
    """The ids of one page; what one owns and what one is asked about are found each by its own index."""
    own, matching = _R.requested_by == actor.person_id, _matching(filters)
    entered = _R.entered_by == actor.person_id
    if filters.mine:
        return _NEWEST.page(select(_R.id).where(own, *matching), bounds)
    if filters.state is RequestState.draft:
        return _NEWEST.either([own, entered], matching, bounds)
    if actor.may(Permission.requests_read_all):
        shown = or_(own, entered, _R.state != RequestState.draft.value)
        return _NEWEST.page(select(_R.id).where(shown, *matching), bounds)
    asked = in_array_of(_R.id, _asked(actor))
    return _NEWEST.either([own, entered, asked], matching, bounds)


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
    named = _L.description.icontains(filters.text, autoescape=True)
    has_text = exists().where(_L.request_id == _R.id, _L.dropped_at.is_(None), named)
    read, bounds = partial(read_rows, read=whole, kind=Request), filters.bounds
    found = SearchedList(_NEWEST, bounds, WHOLE, read, lambda request: request.id, has_text)
    return await found.among(uow.connection, _page_ids(actor, filters, stretch(bounds)))


async def _read(uow: Uow, condition: ColumnElement[bool], *, limit: int) -> list[Request | UnreadableRow]:
    found = await uow.connection.execute(WHOLE.where(condition).order_by(_R.id.desc()).limit(limit))
    return read_rows(found, whole, Request)
