"""Every SELECT and UPDATE of vendors' quotes.

One rule: staff read a quote only when its RFQ is no longer open; a vendor reads its own.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, false, insert, or_, select, true

from core.access.actor import Actor
from core.access.permissions import Permission
from core.db.counters import quote_numbers
from core.db.swap import swap_row
from core.documents import service as documents
from core.kernel.errors import first_or_not_found
from core.kernel.ids import QuoteId
from core.kernel.pagination import Page, decode_id_cursor, page_of
from core.log.events import as_json
from core.quotes import rows
from core.quotes.model import AttachedDocument, Quote
from core.quotes.states import LIVE_QUOTE, QuoteState
from core.quotes.tables import quote_lines, quote_revisions, vendor_quotes
from core.rfqs.states import RfqState
from core.rfqs.tables import rfqs
from core.uow import Uow
from core.vendors.tables import vendors

_Q = vendor_quotes.c


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.vendor_id is not None:
        return _Q.vendor_id == actor.vendor_id
    if not actor.may(Permission.requests_read_all):
        return false()
    return _Q.rfq_id.in_(select(rfqs.c.id).where(rfqs.c.state != RfqState.open.value))


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


async def page(
    uow: Uow, actor: Actor, state: QuoteState | None, cursor: str | None, limit: int
) -> Page[Quote]:
    """One page of visible quotes, newest first."""
    after = decode_id_cursor(cursor)
    condition = and_(
        _visible(actor),
        _in_state(actor, state),
        _Q.id < after if after else true(),
    )
    return page_of(await _load(uow, condition, limit=limit + 1), limit, lambda quote: quote.id)


def _in_state(actor: Actor, state: QuoteState | None) -> ColumnElement[bool]:
    """The state as a filter; for a vendor it reveals no more than the quote's own page."""
    if state is None:
        return true()
    if actor.vendor_id is None:
        return _Q.state == state.value
    awarded = _Q.rfq_id.in_(select(rfqs.c.id).where(rfqs.c.state == RfqState.awarded.value))
    quiet = or_(_Q.state == QuoteState.selected.value, and_(_Q.state == QuoteState.approved.value, ~awarded))
    match state:
        case QuoteState.submitted:
            return or_(_Q.state == state.value, quiet)
        case QuoteState.selected:
            return false()
        case QuoteState.approved:
            return and_(_Q.state == state.value, awarded)
        case _:
            return _Q.state == state.value


async def _load(uow: Uow, condition: ColumnElement[bool], *, limit: int) -> list[Quote]:
    found = (
        await uow.connection.execute(
            select(vendor_quotes, vendors.c.name.label("vendor_name"))
            .join(vendors, vendors.c.id == _Q.vendor_id)
            .where(condition)
            .order_by(_Q.id.desc())
            .limit(limit)
        )
    ).all()
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
    waiting = [QuoteState.submitted.value, QuoteState.selected.value]
    undecided = select(rfqs.c.id).where(rfqs.c.state.in_([RfqState.open.value, RfqState.closed.value]))
    found = await uow.connection.scalars(
        select(_Q.id)
        .where(_Q.state.in_(waiting), _Q.valid_until < today, _Q.rfq_id.in_(undecided))
        .limit(100)
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
