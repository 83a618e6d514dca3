"""Every SELECT and UPDATE of vendors' quotes.

One rule: staff read a quote only when its RFQ is no longer open; a vendor reads its own.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    any_,
    bindparam,
    delete,
    exists,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from core.access.actor import Actor
from core.access.permissions import Permission
from core.db.base import Id
from core.db.batches import (
    add_many,
    add_one,
    added_many,
    added_one,
    beside,
    insert_one,
    nested,
    one_row,
    part,
)
from core.db.compiled import Prebuilt
from core.db.keyset import NewestFirst, as_number, constant, equal
from core.db.searching import SearchedList
from core.db.swap import swap_row
from core.documents import service as documents
from core.kernel.errors import NotFound, first_or_not_found
from core.kernel.ids import QuoteId
from core.kernel.pagination import Page, read_rows
from core.log.events import as_json
from core.offers import rows as offer_rows
from core.offers.tables import quote_lines
from core.quotes import policy, rows
from core.quotes.actions import actions_of
from core.quotes.model import AttachedDocument, Quote, QuoteDetails, QuoteFilter
from core.quotes.states import LIVE_QUOTE, QuoteState
from core.quotes.tables import quote_revisions, vendor_quotes
from core.requests import repo as requests
from core.requests.tables import procurement_requests
from core.rfqs import repo as rfq_repo
from core.rfqs.model import Invitation, Rfq
from core.rfqs.repo import ANSWER_INVITATION, answer_of, has_line, narrowed
from core.rfqs.states import InvitationState, RfqState
from core.rfqs.tables import rfqs
from core.uow import Uow
from core.vendors.repo import state_for_orders
from core.vendors.tables import vendors

_Q = vendor_quotes.c
_NEWEST = NewestFirst(_Q.id, _Q.submitted_at)
_LINES = nested(*offer_rows.COLUMNS, where=quote_lines.c.quote_id == _Q.id, order_by=quote_lines.c.id).label(
    "lines"
)
WHOLE = select(
    vendor_quotes, vendors.c.name.label("vendor_name"), state_for_orders().label("vendor_state"), _LINES
).join(vendors, vendors.c.id == _Q.vendor_id)
_LIVE = and_(_Q.vendor_id == bindparam("vendor"), _Q.state.in_([state.value for state in LIVE_QUOTE]))
_OF_RFQS = _Q.rfq_id == any_(bindparam("rfqs", type_=ARRAY(Id)))
_LOAD = Prebuilt(WHOLE.where(_Q.id == bindparam("id")))
_LOAD_LIVE = Prebuilt(WHOLE.where(_Q.rfq_id == bindparam("rfq"), _LIVE))
_DECIDED = Prebuilt(select(_Q.rfq_id).where(_OF_RFQS, _Q.state == QuoteState.approved.value))
_OF_RFQ = Prebuilt(WHOLE.where(_Q.rfq_id == bindparam("rfq")).order_by(_Q.id.desc()).limit(1000))
_TO_ANSWER = Prebuilt(
    beside(
        rfq=rfq_repo.WHOLE.where(rfqs.c.id == bindparam("rfq")),
        live=WHOLE.where(_Q.rfq_id == bindparam("rfq"), _LIVE),
    )
)
_the_quote = select(_Q.rfq_id, _Q.request_id).where(_Q.id == bindparam("id")).cte("the_quote")
_WITH_PURCHASE = Prebuilt(
    beside(
        quote=WHOLE.where(_Q.id == bindparam("id")),
        rfq=rfq_repo.WHOLE.where(rfqs.c.id == select(_the_quote.c.rfq_id).scalar_subquery()),
        request=requests.WHOLE.where(
            procurement_requests.c.id == select(_the_quote.c.request_id).scalar_subquery()
        ),
    )
)
_ADD = Prebuilt(
    insert_one(vendor_quotes, *(column.name for column in vendor_quotes.columns)).add_cte(
        ANSWER_INVITATION.cte("answered")
    )
)
_ADD_LINES = add_many(quote_lines, *(column.name for column in quote_lines.columns))
_ADD_REVISION = add_one(quote_revisions, *(column.name for column in quote_revisions.columns))


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.vendor_id is not None:
        return _Q.vendor_id == actor.vendor_id
    if not actor.may(Permission.requests_read_all):
        return false()
    return exists().where(rfqs.c.id == _Q.rfq_id, rfqs.c.closed_at.is_not(None))


async def visible_to(uow: Uow, actor: Actor, quote_id: UUID) -> Quote:
    """The quote, or NotFound when it is unknown, sealed, or another vendor's."""
    found = (await uow.connection.execute(WHOLE.where(_Q.id == quote_id, _visible(actor)))).all()
    return rows.quote_of(first_or_not_found(found, what="quote"))


async def load(uow: Uow, quote_id: UUID) -> Quote:
    """The quote, for Parley itself."""
    seen = uow.seen(Quote, quote_id)
    if seen is not None:
        return seen
    found = (await uow.connection.execute(_LOAD, {"id": quote_id})).all()
    return _kept(uow, rows.quote_of(first_or_not_found(found, what="quote")))


async def to_answer(uow: Uow, actor: Actor, rfq_id: UUID) -> tuple[Rfq, Quote | None]:
    """The RFQ as this vendor may see it, with the vendor's one live quote; NotFound when it was not asked."""
    if actor.vendor_id is None:
        raise NotFound(what="rfq")
    row = (await uow.connection.execute(_TO_ANSWER, {"rfq": rfq_id, "vendor": actor.vendor_id})).one()
    live = part(row, "live")
    return rfq_repo.invited(part(row, "rfq")), None if live is None else _kept(uow, rows.quote_of(live))


async def read_purchase_of(uow: Uow, quote_id: UUID) -> None:
    """Read a quote, its RFQ and its request by one statement; under the purchase's lock they are known then."""
    row = (await uow.connection.execute(_WITH_PURCHASE, {"id": quote_id, "vendor": None})).one()
    quote, rfq, request = part(row, "quote"), part(row, "rfq"), part(row, "request")
    if quote is not None and rfq is not None and request is not None:
        _kept(uow, rows.quote_of(quote))
        rfq_repo.kept(uow, rfq)
        requests.kept(uow, request)


async def live_of(uow: Uow, rfq_id: UUID, vendor_id: UUID) -> Quote | None:
    """This vendor's one live quote."""
    row = (await uow.connection.execute(_LOAD_LIVE, {"rfq": rfq_id, "vendor": vendor_id})).one_or_none()
    return None if row is None else _kept(uow, rows.quote_of(row))


async def of_rfq(uow: Uow, rfq_id: UUID) -> list[Quote]:
    """All quotes of an RFQ, in the order in which they arrived."""
    found = await uow.connection.execute(_OF_RFQ, {"rfq": rfq_id})
    return sorted((_kept(uow, rows.quote_of(row)) for row in found), key=lambda quote: quote.submitted_at)


def _kept(uow: Uow, quote: Quote) -> Quote:
    return uow.keep(quote.request_id, quote)


async def page(uow: Uow, actor: Actor, filters: QuoteFilter) -> Page[Quote]:
    """One page of visible quotes, newest first."""
    wanted = {
        _Q.number: as_number(filters.number),
        _Q.vendor_id: filters.vendor_id,
        _Q.rfq_id: filters.rfq_id,
        _Q.request_id: filters.request_id,
    }
    matching = [*equal(wanted), *narrowed(actor, filters, _Q.rfq_id, _Q.request_id)]
    listed = select(_Q.id).where(_visible(actor), _in_state(actor, filters.state), *matching)
    has_text = has_line(_Q.rfq_id, filters.text) if filters.text else None
    read = partial(read_rows, read=rows.quote_of, kind=Quote)
    newest = _NEWEST.of_few(actor.vendor_id or filters.vendor_id)
    found = SearchedList(newest, filters.bounds, WHOLE, read, lambda quote: quote.id, has_text)
    return await found.page(uow.connection, listed)


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
        case QuoteState.selected | QuoteState.rejected:
            return false()
        case QuoteState.lost:
            return _Q.state.in_([state.value, QuoteState.rejected.value])
        case QuoteState.approved:
            return and_(_Q.state == state.value, awarded)
        case _:
            return _Q.state == constant(state)


async def add(uow: Uow, quote: Quote, invitation: Invitation, state: InvitationState) -> Quote:
    """Insert a vendor's first answer and change its invitation.

    Its lines are a second statement: the vendor may only write them for a quote that it can see.
    """
    answer = answer_of(uow, invitation, state, None)
    await uow.connection.execute(_ADD, one_row(vendor_quotes, rows.quote_columns(quote)) | answer)
    await _add_content(uow, quote)
    uow.forget(Rfq, quote.rfq_id)
    return _kept(uow, quote)


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
    await uow.connection.later(
        added_one(_ADD_REVISION, quote_revisions, revision),
        added_many(
            _ADD_LINES, quote_lines, [offer_rows.line_columns(quote.id, each) for each in quote.lines]
        ),
    )


async def swap(uow: Uow, before: Quote, after: Quote) -> Quote:
    """Write the new version over the one that was read, or raise Stale when another call was faster."""
    written = replace(after, version=before.version + 1)
    await swap_row(uow.connection, vendor_quotes, before, rows.quote_columns(written), what="quote")
    return _kept(uow, written)


async def decided_rfqs(uow: Uow, rfq_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these RFQs of which a quote is approved."""
    return frozenset(await uow.connection.scalars(_DECIDED, {"rfqs": list(rfq_ids)}))


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
