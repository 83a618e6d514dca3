"""Every SELECT and UPDATE of RFQs and invitations.

One rule: a person's reads go through ``visible_to`` and ``page`` only; a vendor sees only its own invitation.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, bindparam, exists, false, or_, select, true, update
from sqlalchemy.dialects.postgresql import ARRAY

from core.access.actor import Actor
from core.access.permissions import Permission
from core.db.base import Id
from core.db.batches import RowPart, add_many, add_one, added_many, added_one, nested
from core.db.compiled import Prebuilt
from core.db.connection import Row
from core.db.counters import rfq_numbers
from core.db.keyset import NewestFirst, as_number, constant, equal
from core.db.pages import read_page
from core.db.swap import swap_row
from core.kernel.errors import NotFound, first_or_not_found
from core.kernel.ids import RfqId, VendorId
from core.kernel.pagination import Page, page_of
from core.people.tables import organisation
from core.requests import repo as requests
from core.requests.model import Request
from core.requests.tables import procurement_requests
from core.rfqs import policy, rows
from core.rfqs.actions import actions_of
from core.rfqs.model import Invitation, Rfq, RfqDetails, RfqFilter
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
    where=rfq_lines.c.rfq_id == _R.id,
    order_by=rfq_lines.c.position,
).label("lines")
_VENDOR = bindparam("vendor", type_=Id)
_NAME = select(vendors.c.name).where(vendors.c.id == _I.vendor_id).scalar_subquery()
_INVITATIONS = nested(
    _I.id,
    _I.vendor_id,
    _NAME,
    _I.state,
    _I.reason,
    where=and_(_I.rfq_id == _R.id, or_(_VENDOR.is_(None), _I.vendor_id == _VENDOR)),
    order_by=_I.id,
).label("invitations")
WHOLE = select(rfqs, _LINES, _INVITATIONS)
"""An RFQ with its lines and the invitations of one ``vendor``, or with all when that is None."""
_LOAD = Prebuilt(WHOLE.where(_R.id == bindparam("id")))
_BY_IDS = Prebuilt(WHOLE.where(_R.id == any_(bindparam("ids", type_=ARRAY(Id)))))
_OF_REQUEST = Prebuilt(WHOLE.where(_R.request_id == bindparam("request")).order_by(_R.id.desc()).limit(1))
_BUYER = select(organisation.c.name).scalar_subquery()
_NAMES = Prebuilt(
    select(_P.id, _P.number, _P.cost_centre, _BUYER.label("buyer")).where(
        _P.id == any_(bindparam("requests", type_=ARRAY(Id)))
    )
)
_EARLIER = (
    select(_R.number)
    .where(
        _R.request_id == bindparam("request"),
        _R.state.in_([RfqState.open.value, RfqState.closed.value]),
    )
    .order_by(_R.id.desc())
    .limit(1)
    .scalar_subquery()
)
_ASKED = nested(
    vendors.c.id,
    vendors.c.name,
    vendors.c.state,
    where=vendors.c.id == any_(bindparam("vendors", type_=ARRAY(Id))),
    order_by=vendors.c.id,
)
_NUMBER = select(rfq_numbers.next_value()).scalar_subquery()
_PREPARE = {
    all_of_them: Prebuilt(
        query.add_columns(
            _ASKED.label("vendors"),
            _BUYER.label("buyer"),
            _NUMBER.label("next_number"),
            _EARLIER.label("earlier"),
        )
    )
    for all_of_them, query in requests.VISIBLE_BY_ID.items()
}
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


@dataclass(frozen=True)
class AskedVendors:
    """What a new RFQ needs from the database: its number, the buyer's name, and the vendors with their state.

    ``earlier`` is the number of an RFQ of the same request that is not decided yet.
    """

    number: str
    buyer: str
    earlier: str | None
    vendors: Mapping[UUID, tuple[str, str]]


async def prepare(
    uow: Uow, actor: Actor, request_id: UUID, vendor_ids: Sequence[VendorId]
) -> tuple[Request, AskedVendors]:
    """The request, as this person may see it, the next number, and those of these vendors that exist."""
    statement = _PREPARE[actor.may(Permission.requests_read_all)]
    facts = {"id": request_id, "person": actor.person_id, "request": request_id, "vendors": list(vendor_ids)}
    found = (await uow.connection.execute(statement, facts)).all()
    row = first_or_not_found(found, what="request")
    known = {vendor_id: (name, state) for vendor_id, name, state in row.vendors}
    asked = AskedVendors(f"RFQ-{row.next_number}", row.buyer, row.earlier, known)
    return requests.kept(uow, row), asked


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
    matching = equal(wanted)
    vendor_id = actor.vendor_id or filters.vendor_id
    if filters.bounds.by_place:
        invited_too = [_invited(vendor_id)] if vendor_id is not None else []
        listed = and_(_visible(actor), *invited_too, *matching, *_NEWEST.between(filters.bounds))
        return await _page_by_place(uow, actor, listed, filters)
    if vendor_id is None:
        statement = _NEWEST.page(WHOLE.where(_visible(actor), *matching), filters.bounds)
    else:
        asked = rfq_invitations.alias("asked")
        shown_to = WHOLE.join(asked, and_(asked.c.rfq_id == _R.id, asked.c.vendor_id == vendor_id))
        shown = true() if actor.vendor_id is not None else _visible(actor)
        statement = NewestFirst(asked.c.rfq_id, _R.created_at).page(
            shown_to.where(shown, *matching), filters.bounds
        )
    found = [rows.rfq_of(row) for row in await uow.connection.execute(statement, {"vendor": actor.vendor_id})]
    return page_of(found, filters.page.limit, lambda rfq: rfq.id)


async def _page_by_place(
    uow: Uow, actor: Actor, listed: ColumnElement[bool], filters: RfqFilter
) -> Page[Rfq]:
    async def load(condition: ColumnElement[bool], limit: int) -> list[Rfq]:
        return await _load(uow, condition, actor.vendor_id, limit=limit)

    return await read_page(uow.connection, filters.page, _R.id, listed, load, lambda rfq: rfq.id)


async def by_ids(uow: Uow, ids: Collection[UUID]) -> dict[UUID, Rfq]:
    """These RFQs whole, for Parley itself."""
    found = await uow.connection.execute(_BY_IDS, {"ids": list(ids), "vendor": None})
    return {rfq.id: rfq for rfq in map(rows.rfq_of, found)}


async def _load(uow: Uow, condition: ColumnElement[bool], vendor_id: UUID | None, *, limit: int) -> list[Rfq]:
    found = await uow.connection.execute(
        WHOLE.where(condition).order_by(_R.id.desc()).limit(limit), {"vendor": vendor_id}
    )
    return [rows.rfq_of(row) for row in found]


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


async def due_for_reminder(uow: Uow, now: dt.datetime) -> Sequence[RfqId]:
    """Open RFQs with vendors to remind."""
    found = await uow.connection.scalars(
        select(_R.id).where(_R.state == constant(RfqState.open), _R.remind_at <= now).limit(100)
    )
    return [RfqId(rfq_id) for rfq_id in found]


async def past_deadline(uow: Uow, now: dt.datetime) -> Sequence[RfqId]:
    """Open RFQs whose deadline has passed."""
    found = await uow.connection.scalars(
        select(_R.id)
        .where(_R.state == constant(RfqState.open), _R.quote_by <= now)
        .order_by(_R.quote_by)
        .limit(100)
    )
    return [RfqId(rfq_id) for rfq_id in found]


async def lock_rfq(uow: Uow, rfq: Rfq) -> Rfq:
    """Read the RFQ again, after the purchase is locked."""
    await uow.lock_purchase(rfq.request_id)
    return await load(uow, rfq.id)


async def details_of_all(uow: Uow, actor: Actor, found: Sequence[Rfq]) -> list[RfqDetails]:
    """RFQs with names, in one statement; what a vendor must not see is removed here."""
    if not found:
        return []
    asked = await uow.connection.execute(_NAMES, {"requests": [rfq.request_id for rfq in found]})
    names = {request_id: (number, centre, buyer) for request_id, number, centre, buyer in asked}
    return [
        policy.details_for(actor, rfq, *names[rfq.request_id], actions_of(actor, rfq, uow.now))
        for rfq in found
    ]
