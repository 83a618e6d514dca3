"""Every SELECT and UPDATE of vendors' quotes.

One rule: staff read a quote only when its RFQ is no longer open; a vendor reads its own.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, false, insert, or_, select, true

from core.access.actor import Actor
from core.access.permissions import Permission
from core.db.counters import quote_numbers
from core.db.keyset import NewestFirst, as_number, constant, equal, in_ids
from core.db.swap import swap_row
from core.documents import service as documents
from core.kernel.errors import first_or_not_found
from core.kernel.ids import QuoteId
from core.kernel.pagination import Page, page_of
from core.log.events import as_json
from core.quotes import policy, rows
from core.quotes.actions import actions_of
from core.quotes.model import AttachedDocument, Quote, QuoteDetails, QuoteFilter
from core.quotes.states import LIVE_QUOTE, QuoteState
from core.quotes.tables import quote_lines, quote_revisions, vendor_quotes
from core.rfqs.model import Rfq
from core.rfqs.states import RfqState
from core.rfqs.tables import rfqs
from core.uow import Uow
from core.vendors.tables import vendors

_Q = vendor_quotes.c
_NEWEST = NewestFirst(_Q.id, _Q.submitted_at)
_SELECTED = select(vendor_quotes, vendors.c.name.label("vendor_name")).join(
    vendors, vendors.c.id == _Q.vendor_id
)


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.vendor_id is not None:
        return _Q.vendor_id == actor.vendor_id
    if not actor.may(Permission.requests_read_all):
        return false()
    return exists().where(rfqs.c.id == _Q.rfq_id, rfqs.c.state != RfqState.open.value)


async def next_number(uow: Uow) -> str:
    value = await uow.connection.scalar(quote_numbers.next_value().select())
    return f"Q-{value}"


async def visible_to(uow: Uow, actor: Actor, quote_id: UUID) -> Quote:
    """The quote, or NotFound when it is unknown, sealed, or another vendor's."""
    found = await _load(uow, and_(_Q.id == quote_id, _visible(actor)), limit=1)
    return first_or_not_found(found, what="quote")


async def load(uow: Uow, quote_id: UUID) -> Quote:
    """The quote, for Parley itself."""
    found = await _load(uow, _Q.id == quote_id, limit=1)
    return first_or_not_found(found, what="quote")


async def live_of(uow: Uow, rfq_id: UUID, vendor_id: UUID) -> Quote | None:
    """This vendor's one live quote."""
    live = [state.value for state in LIVE_QUOTE]
    condition = and_(_Q.rfq_id == rfq_id, _Q.vendor_id == vendor_id, _Q.state.in_(live))
    return next(iter(await _load(uow, condition, limit=1)), None)


async def of_rfq(uow: Uow, rfq_id: UUID) -> list[Quote]:
    """All quotes of an RFQ, in the order in which they arrived."""
    return sorted(await _load(uow, _Q.rfq_id == rfq_id, limit=1000), key=lambda quote: quote.submitted_at)


async def live_of_rfqs(uow: Uow, rfq_ids: Sequence[UUID], vendor_id: UUID) -> dict[UUID, Quote]:
    """This vendor's one live quote to each of these RFQs."""
    live = [state.value for state in LIVE_QUOTE]
    condition = and_(in_ids(_Q.rfq_id, rfq_ids), _Q.vendor_id == vendor_id, _Q.state.in_(live))
    found = await _load(uow, condition, limit=len(rfq_ids)) if rfq_ids else []
    return {quote.rfq_id: quote for quote in found}


async def page(uow: Uow, actor: Actor, filters: QuoteFilter) -> Page[Quote]:
    """One page of visible quotes, newest first."""
    wanted = {
        _Q.number: as_number(filters.number),
        _Q.vendor_id: filters.vendor_id,
        _Q.rfq_id: filters.rfq_id,
        _Q.request_id: filters.request_id,
    }
    matching = equal(wanted)
    statement = _SELECTED.where(_visible(actor), _in_state(actor, filters.state), *matching)
    found = await _with_lines(uow, _NEWEST.page(statement, filters.bounds))
    return page_of(found, filters.page.limit, lambda quote: quote.id)


def _in_state(actor: Actor, state: QuoteState | None) -> ColumnElement[bool]:
    """The state as a filter; for a vendor it reveals no more than the quote's own page."""
    if state is None:
        return true()
    if actor.vendor_id is None:
        return _Q.state == constant(state)
    awarded = exists().where(rfqs.c.id == _Q.rfq_id, rfqs.c.state == RfqState.awarded.value)
    quiet = or_(_Q.state == QuoteState.selected.value, and_(_Q.state == QuoteState.approved.value, ~awarded))
    match state:
        case QuoteState.submitted:
            return or_(_Q.state == state.value, quiet)
        case QuoteState.selected:
            return false()
        case QuoteState.approved:
            return and_(_Q.state == state.value, awarded)
        case _:
            return _Q.state == constant(state)


async def _load(uow: Uow, condition: ColumnElement[bool], *, limit: int) -> list[Quote]:
    return await _with_lines(uow, _SELECTED.where(condition).order_by(_Q.id.desc()).limit(limit))


async def _with_lines(uow: Uow, statement: Select[Any]) -> list[Quote]:
    found = (await uow.connection.execute(statement)).all()
    if not found:
        return []
    lines = await uow.connection.execute(
        select(quote_lines)
        .where(quote_lines.c.quote_id.in_([row.id for row in found]))
        .order_by(quote_lines.c.id)
    )
    return rows.quotes_of(found, lines.all())


async def add(uow: Uow, quote: Quote) -> None:
    """Insert a vendor's first answer."""
    await uow.connection.execute(insert(vendor_quotes).values(**rows.quote_columns(quote)))
    await uow.connection.execute(insert(quote_lines), rows.quote_line_columns(quote))
    await _keep_revision(uow, quote)


async def revise(uow: Uow, before: Quote, after: Quote) -> Quote:
    """Replace the current revision by the next; the earlier one stays readable."""
    revised = await swap(uow, before, after)
    await uow.connection.execute(delete(quote_lines).where(quote_lines.c.quote_id == before.id))
    await uow.connection.execute(insert(quote_lines), rows.quote_line_columns(revised))
    await _keep_revision(uow, revised)
    return revised


async def _keep_revision(uow: Uow, quote: Quote) -> None:
    await uow.connection.execute(
        insert(quote_revisions).values(
            quote_id=quote.id,
            revision=quote.revision,
            content=as_json(quote),
            submitted_at=quote.submitted_at,
        )
    )


async def swap(uow: Uow, before: Quote, after: Quote) -> Quote:
    """Write the new version over the one that was read, or raise Stale when another call was faster."""
    written = replace(after, version=before.version + 1)
    await swap_row(uow.connection, vendor_quotes, before, rows.quote_columns(written), what="quote")
    return written


async def decided_rfqs(uow: Uow, rfq_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these RFQs of which a quote is approved."""
    found = await uow.connection.scalars(
        select(_Q.rfq_id).where(_Q.rfq_id.in_(rfq_ids), _Q.state == QuoteState.approved.value)
    )
    return frozenset(found)


async def past_validity(uow: Uow, today: dt.date) -> Sequence[QuoteId]:
    """Live quotes whose validity ended before today, of RFQs that are undecided."""
    waiting = or_(*(_Q.state == constant(each) for each in (QuoteState.submitted, QuoteState.selected)))
    undecided = exists().where(
        rfqs.c.id == _Q.rfq_id, rfqs.c.state.in_([RfqState.open.value, RfqState.closed.value])
    )
    found = await uow.connection.scalars(
        select(_Q.id).where(waiting, _Q.valid_until < today, undecided).limit(100)
    )
    return [QuoteId(quote_id) for quote_id in found]


async def attach_documents(uow: Uow, actor: Actor, quote: Quote, document_ids: Sequence[UUID]) -> None:
    """The files that belong to this quote, as sealed as its price."""
    await documents.attach(uow, actor, document_ids, quote.id)


async def documents_of(
    uow: Uow, actor: Actor, quote_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[AttachedDocument, ...]]:
    """The files of each of these quotes that this person may read."""
    found = await documents.attached_to(uow, actor, quote_ids)
    return {
        quote_id: tuple(
            AttachedDocument(item.id, item.name, item.media_type, item.size, item.sha256) for item in items
        )
        for quote_id, items in found.items()
    }


async def details_of_all(
    uow: Uow,
    actor: Actor,
    quotes: Sequence[Quote],
    asked: Mapping[UUID, Rfq],
    decided: Collection[UUID] = (),
) -> tuple[QuoteDetails, ...]:
    """Quotes with their documents, in one statement; ``asked`` are their RFQs.

    ``decided`` is for staff: RFQs of which a quote is approved.
    """
    if not quotes:
        return ()
    files = await documents_of(uow, actor, [quote.id for quote in quotes])
    found = []
    for quote in quotes:
        rfq = asked[quote.rfq_id]
        actions = actions_of(actor, quote, rfq, decided=rfq.id in decided, now=uow.now)
        found.append(policy.details_for(actor, quote, rfq, files[quote.id], actions))
    return tuple(found)
