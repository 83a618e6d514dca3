"""Every SELECT and UPDATE of vendors' quotes.

One rule: staff read a quote only when its RFQ is no longer open; a vendor reads its own.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, delete, false, literal, or_, select, true

from core.access.actor import Actor
from core.access.permissions import Permission
from core.db.batches import insert_many, insert_one, many_rows, nested, one_row
from core.db.compiled import Prebuilt
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
from core.rfqs.model import Invitation
from core.rfqs.repo import ANSWER_INVITATION, answer_of
from core.rfqs.states import InvitationState, RfqState
from core.rfqs.tables import rfqs
from core.uow import Uow
from core.vendors.tables import vendors

_Q = vendor_quotes.c


_LINES = nested(
    quote_lines.c.id,
    quote_lines.c.rfq_line_id,
    quote_lines.c.unit_price,
    quote_lines.c.lead_time_days,
    quote_lines.c.no_bid,
    where=quote_lines.c.quote_id == _Q.id,
    order_by=quote_lines.c.id,
).label("lines")
_WHOLE = select(vendor_quotes, vendors.c.name.label("vendor_name"), _LINES).join(
    vendors, vendors.c.id == _Q.vendor_id
)
_LIVE = and_(
    _Q.rfq_id == bindparam("rfq"),
    _Q.vendor_id == bindparam("vendor"),
    _Q.state.in_([state.value for state in LIVE_QUOTE]),
)
_LOAD = Prebuilt(_WHOLE.where(_Q.id == bindparam("id")))
_LOAD_LIVE = Prebuilt(_WHOLE.where(_LIVE))
_OF_RFQ = Prebuilt(_WHOLE.where(_Q.rfq_id == bindparam("rfq")).order_by(_Q.id.desc()).limit(1000))
_LINE_COLUMNS = tuple(column.name for column in quote_lines.columns)
_ADD_LINES = insert_many(quote_lines, *_LINE_COLUMNS)
_ADD = Prebuilt(
    insert_one(vendor_quotes, *(column.name for column in vendor_quotes.columns if column.name != "number"))
    .values(number=literal("Q-").concat(cast(quote_numbers.next_value(), String)))
    .returning(_Q.number)
    .add_cte(ANSWER_INVITATION.cte("answered"))
)
_ADD_CONTENT = Prebuilt(
    _ADD_LINES.add_cte(
        insert_one(quote_revisions, *(column.name for column in quote_revisions.columns)).cte("revision")
    )
)


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.vendor_id is not None:
        return _Q.vendor_id == actor.vendor_id
    if not actor.may(Permission.requests_read_all):
        return false()
    return _Q.rfq_id.in_(select(rfqs.c.id).where(rfqs.c.state != RfqState.open.value))


async def visible_to(uow: Uow, actor: Actor, quote_id: UUID) -> Quote:
    """The quote, or NotFound when it is unknown, sealed, or another vendor's."""
    found = await _load(uow, and_(_Q.id == quote_id, _visible(actor)), limit=1)
    return first_or_not_found(found, what="quote")


async def load(uow: Uow, quote_id: UUID) -> Quote:
    """The quote, for Parley itself."""
    seen = uow.seen(Quote, quote_id)
    if seen is not None:
        return seen
    found = (await uow.connection.execute(_LOAD, {"id": quote_id})).all()
    return _kept(uow, rows.quote_of(first_or_not_found(found, what="quote")))


async def live_of(uow: Uow, rfq_id: UUID, vendor_id: UUID) -> Quote | None:
    """This vendor's one live quote."""
    found = await uow.connection.execute(_LOAD_LIVE, {"rfq": rfq_id, "vendor": vendor_id})
    row = found.one_or_none()
    return None if row is None else _kept(uow, rows.quote_of(row))


async def of_rfq(uow: Uow, rfq_id: UUID) -> list[Quote]:
    """All quotes of an RFQ, in the order in which they arrived."""
    found = await uow.connection.execute(_OF_RFQ, {"rfq": rfq_id})
    quotes = [_kept(uow, rows.quote_of(row)) for row in found]
    return sorted(quotes, key=lambda quote: quote.submitted_at)


def _kept(uow: Uow, quote: Quote) -> Quote:
    return uow.keep(quote.request_id, quote)


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
    found = await uow.connection.execute(_WHOLE.where(condition).order_by(_Q.id.desc()).limit(limit))
    return [rows.quote_of(row) for row in found]


async def add(uow: Uow, quote: Quote, invitation: Invitation, state: InvitationState) -> Quote:
    """Insert a vendor's first answer, which gets its number here, and change its invitation.

    Its lines are a second statement: the vendor may only write them for a quote that it can see.
    """
    columns = rows.quote_columns(quote)
    del columns["number"]
    answer = answer_of(uow, invitation, state, None)
    number: str = await uow.connection.scalar(_ADD, one_row(vendor_quotes, columns) | answer)
    numbered = replace(quote, number=number)
    await _add_content(uow, numbered)
    return _kept(uow, numbered)


async def revise(uow: Uow, before: Quote, after: Quote) -> Quote:
    """Replace the current revision by the next; the earlier one stays readable."""
    revised = await swap(uow, before, after)
    await uow.connection.execute(delete(quote_lines).where(quote_lines.c.quote_id == before.id))
    await _add_content(uow, revised)
    return revised


async def _add_content(uow: Uow, quote: Quote) -> None:
    """The lines of this revision, and the whole revision as it stays readable."""
    revision = {
        "quote_id": quote.id,
        "revision": quote.revision,
        "content": as_json(quote),
        "submitted_at": quote.submitted_at,
    }
    lines = many_rows(quote_lines, rows.quote_line_columns(quote))
    await uow.connection.execute(_ADD_CONTENT, one_row(quote_revisions, revision) | lines)


async def swap(uow: Uow, before: Quote, after: Quote) -> Quote:
    """Write the new version over the one that was read, or raise Stale when another call was faster."""
    written = replace(after, version=before.version + 1)
    await swap_row(uow.connection, vendor_quotes, before, rows.quote_columns(written), what="quote")
    return _kept(uow, written)


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
