"""Every SELECT and UPDATE of RFQs and invitations.

One rule: a person's reads go through ``visible_to`` and ``page`` only; a vendor sees only its own invitation.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, insert, select, true, update

from core.access.actor import Actor
from core.access.permissions import Permission
from core.db.counters import rfq_numbers
from core.db.keyset import NewestFirst, as_number, constant, equal, in_ids
from core.db.locks import lock_purchase
from core.db.pages import read_page
from core.db.swap import swap_row
from core.kernel.errors import first_or_not_found
from core.kernel.ids import RfqId
from core.kernel.pagination import Page, page_of
from core.people import directory
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
_NEWEST, _INVITED = NewestFirst(_R.id, _R.created_at), NewestFirst(_I.rfq_id, _R.created_at)


def _visible(actor: Actor) -> ColumnElement[bool]:
    """A vendor: where it is invited. Oversight: all. Others see RFQs only through their request."""
    if actor.vendor_id is not None:
        return _invited(actor.vendor_id)
    return true() if actor.may(Permission.requests_read_all) else false()


def _invited(vendor_id: UUID) -> ColumnElement[bool]:
    """Tied to the one RFQ: the answer is one row of an index."""
    return exists().where(_I.rfq_id == _R.id, _I.vendor_id == vendor_id)


async def next_number(uow: Uow) -> str:
    value = await uow.connection.scalar(rfq_numbers.next_value().select())
    return f"RFQ-{value}"


async def visible_to(uow: Uow, actor: Actor, rfq_id: RfqId) -> Rfq:
    """The RFQ as this person may see it, or NotFound."""
    found = await _load(uow, and_(_R.id == rfq_id, _visible(actor)), actor.vendor_id, limit=1)
    return first_or_not_found(found, what="rfq")


async def load(uow: Uow, rfq_id: UUID) -> Rfq:
    """The whole RFQ, for Parley itself."""
    found = await _load(uow, _R.id == rfq_id, None, limit=1)
    return first_or_not_found(found, what="rfq")


async def of_request(uow: Uow, request_id: UUID) -> Rfq | None:
    """The newest RFQ of a request."""
    return next(iter(await _load(uow, _R.request_id == request_id, None, limit=1)), None)


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
        statement = _NEWEST.page(select(rfqs).where(_visible(actor), *matching), filters.bounds)
    else:
        invited = select(rfqs).join(rfq_invitations, and_(_I.rfq_id == _R.id, _I.vendor_id == vendor_id))
        shown = true() if actor.vendor_id is not None else _visible(actor)
        statement = _INVITED.page(invited.where(shown, *matching), filters.bounds)
    return page_of(await _whole(uow, statement, actor.vendor_id), filters.page.limit, lambda rfq: rfq.id)


async def _page_by_place(
    uow: Uow, actor: Actor, listed: ColumnElement[bool], filters: RfqFilter
) -> Page[Rfq]:
    async def load(condition: ColumnElement[bool], limit: int) -> list[Rfq]:
        return await _load(uow, condition, actor.vendor_id, limit=limit)

    return await read_page(uow.connection, filters.page, _R.id, listed, load, lambda rfq: rfq.id)


async def by_ids(uow: Uow, ids: Collection[UUID]) -> dict[UUID, Rfq]:
    """These RFQs whole, for Parley itself."""
    return {rfq.id: rfq for rfq in await _load(uow, in_ids(_R.id, ids), None, limit=len(ids))}


async def _load(uow: Uow, condition: ColumnElement[bool], vendor_id: UUID | None, *, limit: int) -> list[Rfq]:
    return await _whole(uow, select(rfqs).where(condition).order_by(_R.id.desc()).limit(limit), vendor_id)


async def _whole(uow: Uow, statement: Select[Any], vendor_id: UUID | None) -> list[Rfq]:
    """The RFQs of a statement with their lines and invitations; of a vendor only its own invitation."""
    found = (await uow.connection.execute(statement)).all()
    if not found:
        return []
    ids = [row.id for row in found]
    lines = await uow.connection.execute(
        select(rfq_lines).where(rfq_lines.c.rfq_id.in_(ids)).order_by(rfq_lines.c.position)
    )
    invitations = await uow.connection.execute(
        select(rfq_invitations, vendors.c.name.label("vendor_name"))
        .join(vendors, vendors.c.id == _I.vendor_id)
        .where(_I.rfq_id.in_(ids), _I.vendor_id == vendor_id if vendor_id else true())
        .order_by(_I.id)
    )
    return rows.rfqs_of(found, lines.all(), invitations.all())


async def add(uow: Uow, rfq: Rfq) -> None:
    """Insert the RFQ, its lines and its invitations."""
    await uow.connection.execute(insert(rfqs).values(**rows.rfq_columns(rfq)))
    await uow.connection.execute(
        insert(rfq_lines),
        [
            {
                "id": line.id,
                "rfq_id": rfq.id,
                "request_line_id": line.request_line_id,
                "position": line.position,
                "description": line.description,
                "quantity": line.quantity,
                "unit": line.unit,
            }
            for line in rfq.lines
        ],
    )
    await uow.connection.execute(
        insert(rfq_invitations),
        [
            {
                "id": invitation.id,
                "rfq_id": rfq.id,
                "vendor_id": invitation.vendor_id,
                "state": invitation.state.value,
                "sent_at": uow.now,
            }
            for invitation in rfq.invitations
        ],
    )


async def swap(uow: Uow, before: Rfq, after: Rfq) -> Rfq:
    """Write the new version over the one that was read, or raise Stale when another call was faster."""
    written = replace(after, version=before.version + 1)
    await swap_row(uow.connection, rfqs, before, rows.rfq_columns(written), what="rfq")
    return written


async def update_invitation(
    uow: Uow, invitation: Invitation, state: InvitationState, reason: str | None
) -> None:
    """Change the state of a vendor's invitation."""
    await uow.connection.execute(
        update(rfq_invitations)
        .where(_I.id == invitation.id)
        .values(state=state.value, reason=reason, answered_at=uow.now)
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
    await lock_purchase(uow.connection, rfq.request_id)
    return await load(uow, rfq.id)


async def details_of_all(uow: Uow, actor: Actor, found: Sequence[Rfq]) -> list[RfqDetails]:
    """RFQs with names, in two statements; what a vendor must not see is removed here."""
    if not found:
        return []
    asked = await uow.connection.execute(
        select(_P.id, _P.number, _P.cost_centre).where(in_ids(_P.id, [rfq.request_id for rfq in found]))
    )
    requests = {row.id: row for row in asked}
    organisation = await directory.read_organisation(uow.connection)
    return [
        policy.details_for(
            actor,
            rfq,
            requests[rfq.request_id].number,
            requests[rfq.request_id].cost_centre,
            organisation.name,
            actions_of(actor, rfq, uow.now),
        )
        for rfq in found
    ]
