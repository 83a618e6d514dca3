"""Every SELECT and UPDATE of RFQs and invitations.

One rule: a person's reads go through ``visible_to`` and ``page`` only; a vendor sees only its own invitation.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, bindparam, exists, false, or_, select, true, update
from sqlalchemy.dialects.postgresql import ARRAY

from core.access.actor import Actor
from core.access.permissions import Permission
from core.accounts.tables import chat_identities
from core.db.base import Id
from core.db.batches import RowPart, add_many, add_one, added_many, added_one, nested
from core.db.compiled import Prebuilt
from core.db.connection import Row
from core.db.keyset import ListFilter, NewestFirst, as_number, constant, equal
from core.db.pages import read_page
from core.db.searching import SearchedList
from core.db.swap import swap_row
from core.kernel.errors import NotFound, Stale, first_or_not_found
from core.kernel.ids import RfqId
from core.kernel.pagination import Page, UnreadableRow, read_rows
from core.people.tables import people
from core.requests.tables import procurement_requests
from core.rfqs import rows
from core.rfqs.model import Invitation, Rfq, RfqFilter
from core.rfqs.states import InvitationState, RfqState
from core.rfqs.tables import rfq_invitations, rfq_lines, rfqs
from core.uow import Uow
from core.vendors.tables import vendors

_R = rfqs.c
_I = rfq_invitations.c
_P = procurement_requests.c
_NEWEST = NewestFirst(_R.id, _R.created_at)


_LINES = nested(
    rfq_lines.c.id,
    rfq_lines.c.request_line_id,
    rfq_lines.c.position,
    rfq_lines.c.description,
    rfq_lines.c.quantity,
    rfq_lines.c.unit,
    where=and_(rfq_lines.c.rfq_id == _R.id, rfq_lines.c.dropped_at.is_(None)),
    order_by=rfq_lines.c.position,
).label("lines")
_VENDOR = bindparam("vendor", type_=Id)
_NAME = select(vendors.c.name).where(vendors.c.id == _I.vendor_id).scalar_subquery()


def has_chat(vendor_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a contact of this vendor can be written to."""
    identity = chat_identities.c
    reached = people.join(chat_identities, identity.person_id == people.c.id)
    return exists(
        select(people.c.id)
        .select_from(reached)
        .where(
            people.c.vendor_id == vendor_id,
            people.c.active,
            identity.unlinked_at.is_(None),
            identity.reachable,
        )
    )


_INVITATIONS = nested(
    _I.id,
    _I.vendor_id,
    _NAME,
    _I.state,
    _I.reason,
    has_chat(_I.vendor_id),
    where=and_(_I.rfq_id == _R.id, or_(_VENDOR.is_(None), _I.vendor_id == _VENDOR)),
    order_by=_I.id,
).label("invitations")
WHOLE = select(rfqs, _LINES, _INVITATIONS)
"""An RFQ with its lines and the invitations of one ``vendor``, or with all when that is None."""
_LOAD = Prebuilt(WHOLE.where(_R.id == bindparam("id")))
_BY_IDS = Prebuilt(WHOLE.where(_R.id == any_(bindparam("ids", type_=ARRAY(Id)))))
_OF_REQUEST = Prebuilt(WHOLE.where(_R.request_id == bindparam("request")).order_by(_R.id.desc()).limit(1))


def is_undecided() -> ColumnElement[bool]:
    """The same as ``Rfq.undecided``."""
    chosen = or_(_R.selected_quote_id.is_not(None), _R.split_award_id.is_not(None))
    return or_(_R.state == constant(RfqState.open), and_(_R.state == constant(RfqState.closed), chosen))


def is_without_choice() -> ColumnElement[bool]:
    """Closed, and neither a quote is selected nor the lines are split."""
    nothing = and_(_R.selected_quote_id.is_(None), _R.split_award_id.is_(None))
    return and_(_R.state == constant(RfqState.closed), nothing)


_ADD = add_one(rfqs, *(column.name for column in rfqs.columns))
_ADD_LINES = add_many(rfq_lines, *(column.name for column in rfq_lines.columns))
_ADD_INVITATIONS = add_many(rfq_invitations, "id", "rfq_id", "vendor_id", "state", "sent_at")
ANSWER_INVITATION = (
    update(rfq_invitations)
    .where(_I.id == bindparam("invitation"))
    .values(
        state=bindparam("new_state"), reason=bindparam("new_reason"), answered_at=bindparam("new_answered_at")
    )
)
"""Changes one invitation; the parameters are those of ``answer_of``."""
_ANSWER = Prebuilt(ANSWER_INVITATION)


def _visible(actor: Actor) -> ColumnElement[bool]:
    """A vendor: where it is invited. Oversight: all. Others see RFQs only through their request."""
    if actor.vendor_id is not None:
        return _invited(actor.vendor_id)
    return true() if actor.may(Permission.requests_read_all) else false()


def _invited(vendor_id: UUID) -> ColumnElement[bool]:
    """Tied to the one RFQ: the answer is one row of an index."""
    return exists().where(_I.rfq_id == _R.id, _I.vendor_id == vendor_id)


async def visible_to(uow: Uow, actor: Actor, rfq_id: RfqId) -> Rfq:
    """The RFQ as this person may see it, or NotFound."""
    if actor.vendor_id is None:
        if not actor.may(Permission.requests_read_all):
            raise NotFound(what="rfq")
        return await load(uow, rfq_id)
    found = (await uow.connection.execute(_LOAD, {"id": rfq_id, "vendor": actor.vendor_id})).all()
    return invited(first_or_not_found(found, what="rfq"))


def invited(row: Row | RowPart | None) -> Rfq:
    """The RFQ as its row shows it to one vendor; NotFound when that vendor was not asked."""
    if row is None or not row.invitations:
        raise NotFound(what="rfq")
    return rows.rfq_of(row)


async def load(uow: Uow, rfq_id: UUID) -> Rfq:
    """The whole RFQ, for Parley itself."""
    seen = uow.seen(Rfq, rfq_id)
    if seen is not None:
        return seen
    found = (await uow.connection.execute(_LOAD, {"id": rfq_id, "vendor": None})).all()
    return kept(uow, first_or_not_found(found, what="rfq"))


async def of_request(uow: Uow, request_id: UUID) -> Rfq | None:
    """The newest RFQ of a request."""
    found = await uow.connection.execute(_OF_REQUEST, {"request": request_id, "vendor": None})
    row = found.one_or_none()
    return None if row is None else kept(uow, row)


def kept(uow: Uow, row: Row | RowPart) -> Rfq:
    """The whole RFQ from its row, which another slice's statement read too."""
    rfq = rows.rfq_of(row)
    return uow.keep(rfq.request_id, rfq)


async def page(uow: Uow, actor: Actor, filters: RfqFilter) -> Page[Rfq]:
    """One page, newest first; ``mine``: sent by this officer."""
    wanted = {
        _R.number: as_number(filters.number),
        _R.state: filters.state,
        _R.request_id: filters.request_id,
        _R.sent_by: actor.person_id if filters.mine and actor.vendor_id is None else None,
    }
    matching = [*equal(wanted), *narrowed(actor, filters, _R.id, _R.request_id)]
    vendor_id = actor.vendor_id or filters.vendor_id
    if filters.text and vendor_id is None and not filters.bounds.by_place:
        return await _search(uow, select(_R.id).where(_visible(actor), *matching), filters)
    if filters.text:  # among what one vendor was asked, or in a list that is counted as a whole
        matching.append(has_line(_R.id, filters.text))
    if filters.bounds.by_place:
        invited_too = [_invited(vendor_id)] if vendor_id is not None else []
        listed = and_(_visible(actor), *invited_too, *matching, *_NEWEST.between(filters.bounds))
        return await _page_by_place(uow, actor, listed, filters)
    bounds = filters.bounds
    whole = WHOLE.add_columns(*_NEWEST.ended(bounds))
    if vendor_id is None:
        statement = _NEWEST.page(whole.where(_visible(actor), *matching), bounds)
    else:
        asked = rfq_invitations.alias("asked")
        shown_to = whole.join(asked, and_(asked.c.rfq_id == _R.id, asked.c.vendor_id == vendor_id))
        shown = true() if actor.vendor_id is not None else _visible(actor)
        statement = NewestFirst(asked.c.rfq_id, _R.created_at).page(shown_to.where(shown, *matching), bounds)
    found = (await uow.connection.execute(statement, {"vendor": actor.vendor_id})).all()
    return _NEWEST.shown(bounds, found, read_rows(found, rows.rfq_of, Rfq), lambda rfq: rfq.id)


async def _search(uow: Uow, listed: Select[Any], filters: RfqFilter) -> Page[Rfq]:
    read, has_text = partial(read_rows, read=rows.rfq_of, kind=Rfq), has_line(_R.id, filters.text or "")
    bounds, key = filters.bounds, attrgetter("id")
    found = SearchedList(_NEWEST, bounds, WHOLE, read, key, has_text, {"vendor": None})
    return await found.page(uow.connection, listed)


def narrowed(
    actor: Actor, filters: ListFilter, rfq_id: ColumnElement[UUID], request_id: ColumnElement[UUID]
) -> list[ColumnElement[bool]]:
    """The filters of what belongs to an RFQ and its request; a vendor is not told who asked for it."""
    if filters.person is not None and actor.is_vendor:
        return [false()]
    of_request = equal({_P.cost_centre: filters.cost_centre, _P.requested_by: filters.person})
    return [request_id.in_(select(_P.id).where(*of_request))] if of_request else []


def has_line(rfq_id: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Whether a text is in what one of its lines says."""
    named = rfq_lines.c.description.icontains(text, autoescape=True)
    return exists().where(rfq_lines.c.rfq_id == rfq_id, named)


async def _page_by_place(
    uow: Uow, actor: Actor, listed: ColumnElement[bool], filters: RfqFilter
) -> Page[Rfq]:
    async def load(condition: ColumnElement[bool], limit: int) -> list[Rfq | UnreadableRow]:
        return read_rows(await _rows(uow, condition, actor.vendor_id, limit=limit), rows.rfq_of, Rfq)

    return await read_page(uow.connection, filters.page, _R.id, listed, load, lambda rfq: rfq.id)


async def by_ids(uow: Uow, ids: Collection[UUID]) -> dict[UUID, Rfq]:
    """These RFQs whole, for Parley itself."""
    found = await uow.connection.execute(_BY_IDS, {"ids": list(ids), "vendor": None})
    return {rfq.id: rfq for rfq in map(rows.rfq_of, found)}


async def _rows(
    uow: Uow, condition: ColumnElement[bool], vendor_id: UUID | None, *, limit: int
) -> Sequence[Row]:
    statement = WHOLE.where(condition).order_by(_R.id.desc()).limit(limit)
    return (await uow.connection.execute(statement, {"vendor": vendor_id})).all()


async def _load(uow: Uow, condition: ColumnElement[bool], vendor_id: UUID | None, *, limit: int) -> list[Rfq]:
    return [rows.rfq_of(row) for row in await _rows(uow, condition, vendor_id, limit=limit)]


async def add(uow: Uow, rfq: Rfq) -> None:
    """Insert the RFQ, its lines and its invitations."""
    invitations = [
        {
            "id": invitation.id,
            "rfq_id": rfq.id,
            "vendor_id": invitation.vendor_id,
            "state": invitation.state.value,
            "sent_at": uow.now,
        }
        for invitation in rfq.invitations
    ]
    await uow.connection.later(
        added_one(_ADD, rfqs, rows.rfq_columns(rfq)),
        added_many(_ADD_LINES, rfq_lines, rows.rfq_line_columns(rfq)),
        added_many(_ADD_INVITATIONS, rfq_invitations, invitations),
    )
    uow.keep(rfq.request_id, rfq)


async def swap(uow: Uow, before: Rfq, after: Rfq) -> Rfq:
    """Write the new version over the one that was read, or raise Stale when another call was faster."""
    written = replace(after, version=before.version + 1)
    await swap_row(uow.connection, rfqs, before, rows.rfq_columns(written), what="rfq")
    return uow.keep(written.request_id, written)


async def update_invitation(
    uow: Uow, rfq: Rfq, invitation: Invitation, state: InvitationState, reason: str | None
) -> Rfq:
    """Change the state of a vendor's invitation; the RFQ as the caller saw it, with that change."""
    await uow.connection.execute(_ANSWER, answer_of(uow, invitation, state, reason))
    answered = replace(invitation, state=state, reason=reason)
    whole = uow.seen(Rfq, rfq.id)
    if whole is not None:
        uow.keep(rfq.request_id, _with_invitation(whole, answered))
    return _with_invitation(rfq, answered)


def answer_of(
    uow: Uow, invitation: Invitation, state: InvitationState, reason: str | None
) -> dict[str, object]:
    return {
        "invitation": invitation.id,
        "new_state": state.value,
        "new_reason": reason,
        "new_answered_at": uow.now,
    }


def _with_invitation(rfq: Rfq, answered: Invitation) -> Rfq:
    return replace(
        rfq, invitations=tuple(answered if each.id == answered.id else each for each in rfq.invitations)
    )


async def past_deadline(uow: Uow, now: dt.datetime) -> Sequence[RfqId]:
    """Open RFQs whose deadline has passed."""
    found = await uow.connection.scalars(
        select(_R.id)
        .where(_R.state == constant(RfqState.open), _R.quote_by <= now)
        .order_by(_R.quote_by)
        .limit(100)
    )
    return [RfqId(rfq_id) for rfq_id in found]


async def lock_rfq(uow: Uow, rfq: Rfq, expected_version: int | None = None) -> Rfq:
    """Read the RFQ again, after the purchase is locked; Stale when it is another version than the caller saw."""
    await uow.lock_purchase(rfq.request_id)
    locked = await load(uow, rfq.id)
    if expected_version not in (None, locked.version):
        raise Stale(what="rfq", expected=expected_version, current=locked.version)
    return locked
