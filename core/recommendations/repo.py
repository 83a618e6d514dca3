"""What was bought, found by the trigrams of its words; and the vendors in the order of names and categories.

One rule: of the most similar texts the newest lines that count are read and no more, so it costs the same after years.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Double,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.db.pending import Write
from core.orders.states import OrderState
from core.orders.tables import purchase_order_lines, purchase_orders
from core.quotes.tables import vendor_quotes
from core.recommendations.method import (
    ALIKE,
    ALIKE_OF_MANY,
    FEW_ORDERS,
    HALF_LIFE_DAYS,
    MANY_TEXTS,
    MOST_LINES,
    MOST_TEXTS,
    NEW_DAYS,
    PLACE_HALF_LIFE_DAYS,
)
from core.recommendations.model import BoughtBefore, Newcomer, OrderedLine, PastOrders, VendorLines
from core.recommendations.tables import bought_texts
from core.rfqs.tables import rfq_lines
from core.uow import Uow
from core.vendors import repo as vendor_repo
from core.vendors.tables import vendors

PLACE_ORDERS = 500
"""How many of a cost centre's newest orders say who sells there."""
SAME = 0.6
"""From which share of common trigrams on a text is told of as bought before."""
MOST_SUGGESTED = 50
MOST_NEWCOMERS = 200
RECENT_LINES = 2000
"""How far back the order of names and categories looks, so that it costs the same after years."""

_V, _O, _L, _T = vendors.c, purchase_orders.c, purchase_order_lines.c, bought_texts.c
_R = rfq_lines.c
_NEVER_ORDERED = (OrderState.generated.value, OrderState.cancelled.value)
_FIRST_ID, _LAST_ID = UUID(int=0), UUID(int=2**128 - 1)
_THRESHOLD = "pg_trgm.similarity_threshold"
_TEXTS: ColumnElement[float] = literal_column(
    "(SELECT reltuples FROM pg_class WHERE oid = 'bought_texts'::regclass)"
)
"""How many texts there are, as the planner estimates it: to count them would cost more than to look them up."""
_NOW = bindparam("now", type_=Moment)
_ASKED = select(func.unnest(bindparam("asked", type_=ARRAY(Text))).label("text")).cte("asked")
_NEW_TEXTS = select(func.lower(func.unnest(bindparam("texts", type_=ARRAY(Text)))).label("words")).subquery(
    "new"
)
_NOTE = Prebuilt(
    insert(bought_texts)
    .from_select(["words"], select(_NEW_TEXTS.c.words).distinct().order_by(_NEW_TEXTS.c.words))
    .on_conflict_do_nothing()
)
"""In the order of the texts: two orders for the same new things do not wait for each other in a circle."""


async def note(uow: Uow, texts: Sequence[str]) -> None:
    """From now on these are texts of order lines."""
    await uow.connection.later(Write(_NOTE, {"texts": list(texts)}, "bought_texts"))


async def note_all(connection: Connection) -> None:
    """All texts of all order lines, for rows that no use case wrote."""
    texts = select(func.lower(_L.description)).distinct()
    await connection.execute(insert(bought_texts).from_select(["words"], texts).on_conflict_do_nothing())


async def newest_lines(connection: Connection, most: int) -> list[OrderedLine]:
    """The newest lines that were ordered, by day."""
    newest = (
        select(cast(_O.created_at, Date), func.lower(_L.description), _O.vendor_id, _O.cost_centre, _O.id)
        .join_from(purchase_order_lines, purchase_orders, _O.id == _L.order_id)
        .where(_O.state.not_in(_NEVER_ORDERED))
        .order_by(_L.id.desc())
        .limit(most)
    )
    found = [OrderedLine(*row) for row in await connection.execute(newest)]
    return sorted(found, key=lambda each: each.day)


async def count_lines(connection: Connection) -> int:
    """How many lines were ever ordered."""
    return await connection.scalar(select(func.count()).select_from(purchase_order_lines)) or 0


async def past_orders(uow: Uow, asked: Sequence[str], *, cost_centre: str, request_id: UUID) -> PastOrders:
    """The lines most like each text from all vendors, and who sells to the cost centre; not what was ordered for it."""
    await _be_alike(uow, case((_TEXTS > MANY_TEXTS, str(ALIKE_OF_MANY)), else_=str(ALIKE)))
    values = {"asked": list(asked), "place": cost_centre, "besides": request_id, "now": uow.now}
    found: dict[str, list[VendorLines]] = {text: [] for text in asked}
    for row in await uow.connection.execute(_PAST, values):
        found[row.text].append(
            VendorLines(
                words=row.words,
                vendor=row.vendor_id,
                here=row.here,
                lines=row.lines,
                weight=row.weight,
                place_weight=row.place_weight,
                first_on=row.first_on,
                last_on=row.last_on,
            )
        )
    place = await uow.connection.execute(_AT_PLACE, values)
    return PastOrders(found, {row.vendor_id: row.weight for row in place})


async def _be_alike(uow: Uow, share: ColumnElement[str]) -> None:
    """From here on, in this transaction, ``%`` means at least this share of common trigrams."""
    await uow.connection.execute(select(func.set_config(_THRESHOLD, share, true())))


def _faded(moment: ColumnElement[dt.datetime], half_life: float) -> ColumnElement[float]:
    """``method.faded`` of the days since then."""
    seconds = cast(func.extract("epoch", _NOW - moment), Double)
    none: ColumnElement[float] = literal_column("0.0::double precision")
    half: ColumnElement[float] = literal_column("0.5::double precision")
    return func.power(half, func.greatest(seconds, none) / literal_column(str(half_life * 86_400)))


def _near() -> CTE:
    """The texts most like each one asked for."""
    likest = (
        select(_T.words, func.similarity(_T.words, _ASKED.c.text).label("similarity"))
        .where(_T.words.op("%")(_ASKED.c.text))
        .order_by(func.similarity(_T.words, _ASKED.c.text).desc(), _T.words)
        .limit(MOST_TEXTS)
        .correlate(_ASKED)
        .lateral("likest")
    )
    return select(_ASKED.c.text, likest.c.words).select_from(_ASKED.join(likest, true())).cte("near")


_NEAR = _near()


def _newest_lines(*may_see: ColumnElement[bool]) -> Any:
    """The newest lines of a near text with their orders; what may not be told of does not take the place of what may.

    A range of the index on both, read from its end until there are enough, and each line's order looked up by itself:
    joined, the planner reads all orders instead.
    """
    place = tuple_(func.lower(_L.description), _L.id)
    first: ColumnElement[UUID] = literal_column(f"'{_FIRST_ID}'::uuid")
    last: ColumnElement[UUID] = literal_column(f"'{_LAST_ID}'::uuid")
    ordered = (
        select(_O.vendor_id, _O.cost_centre, _O.created_at, _O.currency, _O.number)
        .where(_O.id == _L.order_id, *_ordered_before(), *may_see)
        .limit(1)
        .correlate(purchase_order_lines)
        .lateral("ordered")
    )
    return (
        select(_L.description, _L.unit, _L.unit_price, _L.id, *ordered.c)
        .select_from(purchase_order_lines.join(ordered, true()))
        .where(place >= tuple_(_NEAR.c.words, first), place <= tuple_(_NEAR.c.words, last))
        .order_by(func.lower(_L.description).desc(), _L.id.desc())
        .limit(MOST_LINES)
        .correlate(_NEAR)
        .lateral("newest")
    )


def _ordered_before() -> tuple[ColumnElement[bool], ...]:
    besides = bindparam("besides", type_=Id)
    return _O.state.not_in(_NEVER_ORDERED), or_(besides.is_(None), _O.request_id != besides)


def _past() -> Select[Any]:
    newest = _newest_lines()
    here = (newest.c.cost_centre == bindparam("place")).label("here")
    at = newest.c.created_at
    return (
        select(
            _NEAR.c.text,
            _NEAR.c.words,
            newest.c.vendor_id,
            here,
            func.count().label("lines"),
            cast(func.min(at), Date).label("first_on"),
            cast(func.max(at), Date).label("last_on"),
            func.sum(_faded(at, HALF_LIFE_DAYS)).label("weight"),
            func.sum(_faded(at, PLACE_HALF_LIFE_DAYS)).label("place_weight"),
        )
        .select_from(_NEAR.join(newest, true()))
        .group_by(_NEAR.c.text, _NEAR.c.words, newest.c.vendor_id, here)
    )


def _at_place() -> Select[Any]:
    newest = (
        select(_O.vendor_id, _O.created_at)
        .where(_O.cost_centre == bindparam("place"), *_ordered_before())
        .order_by(_O.id.desc())
        .limit(PLACE_ORDERS)
        .subquery("newest")
    )
    weight = func.sum(_faded(newest.c.created_at, PLACE_HALF_LIFE_DAYS)).label("weight")
    return select(newest.c.vendor_id, weight).group_by(newest.c.vendor_id)


_PAST, _AT_PLACE = Prebuilt(_past()), Prebuilt(_at_place())


async def bought_before(
    uow: Uow, items: Sequence[str], *, besides: UUID | None, may_see: ColumnElement[bool]
) -> list[BoughtBefore]:
    """For each text that something like it was ordered: what is told of those orders that the reader may see.

    The last is the newest of the very same words; where there is none, of the like.
    """
    await _be_alike(uow, literal(str(SAME)))
    newest = _newest_lines(may_see)
    lines = (
        select(
            _NEAR.c.text,
            newest.c.description,
            newest.c.unit,
            newest.c.unit_price,
            newest.c.currency,
            newest.c.number,
            _V.name,
            cast(newest.c.created_at, Date).label("last_on"),
            func.count().over(partition_by=_NEAR.c.text).label("lines"),
            cast(func.min(newest.c.created_at).over(partition_by=_NEAR.c.text), Date).label("first_on"),
        )
        .select_from(_NEAR.join(newest, true()).join(vendors, _V.id == newest.c.vendor_id))
        .order_by(_NEAR.c.text, (_NEAR.c.words == func.lower(_NEAR.c.text)).desc(), newest.c.id.desc())
        .distinct(_NEAR.c.text)
    )
    found = await uow.connection.execute(lines, {"asked": list(items), "besides": besides})
    return [
        BoughtBefore(
            item=row.text,
            lines=row.lines,
            window_from=row.first_on,
            window_to=uow.now.date(),
            last_item=row.description,
            last_price=row.unit_price,
            last_currency=row.currency,
            last_unit=row.unit,
            last_vendor=row.name,
            last_order=row.number,
            last_on=row.last_on,
        )
        for row in found
    ]


async def askable_names(uow: Uow, ids: Collection[UUID], text: str) -> Mapping[UUID, tuple[str, str]]:
    """Name and category of those vendors that may be asked today and have the text."""
    chosen = _V.id == any_(bindparam("ids", list(ids), type_=ARRAY(Id)))
    wanted = select(_V.id, _V.name, _V.category).where(
        chosen, vendor_repo.askable(uow.now.date()), vendor_repo.has_text(text)
    )
    return {row.id: (row.name, row.category) for row in await uow.connection.execute(wanted)}


async def newcomers(uow: Uow, categories: Collection[str], text: str) -> list[Newcomer]:
    """Vendors of these categories that may be asked today and are new here."""
    few = (
        select(_O.id)
        .where(_O.vendor_id == _V.id, _O.state.not_in(_NEVER_ORDERED))
        .limit(FEW_ORDERS)
        .correlate(vendors)
        .subquery("few")
    )
    orders = select(func.count()).select_from(few).correlate(vendors).scalar_subquery()
    found = (
        select(_V.id, cast(_V.created_at, Date).label("known_since"), orders.label("orders"))
        .where(
            _V.category == any_(bindparam("categories", list(categories), type_=ARRAY(Text))),
            vendor_repo.askable(uow.now.date()),
            vendor_repo.has_text(text),
        )
        .order_by(_V.id.desc())
        .limit(MOST_NEWCOMERS)
        .subquery("found")
    )
    lately = uow.now.date() - dt.timedelta(days=NEW_DAYS)
    new = or_(found.c.orders == 0, and_(found.c.orders < FEW_ORDERS, found.c.known_since >= lately))
    rows = await uow.connection.execute(select(found).where(new))
    return [Newcomer(row.id, row.orders, row.known_since) for row in rows]


async def by_name_and_category(uow: Uow, words: Collection[str], text: str) -> list[UUID]:
    """First those who quoted for lines that share a word, then others of their category, then all; at most 50."""
    own = _quoted(words)
    peers = own.alias("peers")
    of_category = (
        select(_V.category, func.sum(peers.c.quotes).label("quotes"))
        .join(peers, peers.c.vendor_id == _V.id)
        .group_by(_V.category)
        .subquery()
    )
    named = or_(false(), *(func.lower(_V.category).contains(word, autoescape=True) for word in words))
    statement = (
        select(_V.id)
        .outerjoin(own, own.c.vendor_id == _V.id)
        .outerjoin(of_category, of_category.c.category == _V.category)
        .where(vendor_repo.askable(uow.now.date()), vendor_repo.has_text(text))
        .order_by(
            func.coalesce(own.c.quotes, 0).desc(),
            named.desc(),
            func.coalesce(of_category.c.quotes, 0).desc(),
            _V.name,
        )
        .limit(MOST_SUGGESTED)
    )
    return [row.id for row in await uow.connection.execute(statement)]


def _quoted(words: Collection[str]) -> CTE:
    """How often each vendor quoted for recent lines that share a word with the request."""
    recent = select(_R.rfq_id, _R.description).order_by(_R.id.desc()).limit(RECENT_LINES).subquery()
    shares_word = or_(
        false(), *(func.lower(recent.c.description).contains(word, autoescape=True) for word in words)
    )
    return (
        select(vendor_quotes.c.vendor_id, func.count().label("quotes"))
        .join(recent, recent.c.rfq_id == vendor_quotes.c.rfq_id)
        .where(shares_word)
        .group_by(vendor_quotes.c.vendor_id)
        .cte("quoted")
    )
