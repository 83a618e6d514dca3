"""Suggests vendors to ask: first those who quoted for similar items, then others of the category, then all.

One rule: suggestions sort vendors and never filter them; the officer may ask anybody.
"""

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, false, func, or_, select

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.ids import RequestId, VendorId
from core.kernel.pagination import Page
from core.quotes.tables import vendor_quotes
from core.requests import repo as requests
from core.rfqs.tables import rfq_lines
from core.uow import Uow
from core.vendors import repo as vendor_repo
from core.vendors.model import Vendor
from core.vendors.tables import vendors

MAX_SUGGESTIONS = 50
RECENT_LINES = 2000
"""How far back it looks for similar items, so that it costs the same after years."""
_WORD = re.compile(r"\w{4,}")
_V = vendors.c
_L = rfq_lines.c


@dataclass(frozen=True)
class SuggestVendors:
    """For this request; ``text`` is in the vendor's name or category."""

    request_id: RequestId
    text: str | None = None


@requires(Permission.vendors_read)
async def suggest(uow: Uow, actor: Actor, wanted: SuggestVendors) -> Page[Vendor]:
    """Those that may be asked, the best match for this request first; at most 50 of all, or of all with the text."""
    request = await requests.visible_to(uow, actor, wanted.request_id)
    asked = {word for line in request.lines for word in _WORD.findall(line.description.lower())}
    statement = _ranked(asked, wanted.text or "", uow.now.date())
    ranked = [VendorId(row.id) for row in await uow.connection.execute(statement)]
    return Page(tuple(await vendor_repo.by_ids(uow, ranked)), None)


def _ranked(asked: set[str], text: str, today: dt.date) -> Select[tuple[UUID]]:
    own = _quoted(asked)
    peers = own.alias("peers")
    of_category = (
        select(_V.category, func.sum(peers.c.quotes).label("quotes"))
        .join(peers, peers.c.vendor_id == _V.id)
        .group_by(_V.category)
        .subquery()
    )
    named = or_(false(), *(func.lower(_V.category).contains(word, autoescape=True) for word in asked))
    return (
        select(_V.id)
        .outerjoin(own, own.c.vendor_id == _V.id)
        .outerjoin(of_category, of_category.c.category == _V.category)
        .where(vendor_repo.askable(today), vendor_repo.has_text(text))
        .order_by(
            func.coalesce(own.c.quotes, 0).desc(),
            named.desc(),
            func.coalesce(of_category.c.quotes, 0).desc(),
            _V.name,
        )
        .limit(MAX_SUGGESTIONS)
    )


def _quoted(asked: set[str]) -> CTE:
    """How often each vendor quoted for recent lines that share a word with the request."""
    recent = select(_L.rfq_id, _L.description).order_by(_L.id.desc()).limit(RECENT_LINES).subquery()
    shares_word: ColumnElement[bool] = or_(
        false(), *(func.lower(recent.c.description).contains(word, autoescape=True) for word in asked)
    )
    return (
        select(vendor_quotes.c.vendor_id, func.count().label("quotes"))
        .join(recent, recent.c.rfq_id == vendor_quotes.c.rfq_id)
        .where(shares_word)
        .group_by(vendor_quotes.c.vendor_id)
        .cte("quoted")
    )
