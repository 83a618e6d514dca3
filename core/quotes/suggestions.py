"""Suggests vendors to ask: first those who quoted for similar items, then others of the category, then all.

One rule: suggestions sort vendors and never filter them; the officer may ask anybody.
"""

import re
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, false, func, or_, select

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
_WORD = re.compile(r"\w{4,}")
_V = vendors.c


@requires(Permission.vendors_read)
async def suggest(uow: Uow, actor: Actor, request_id: RequestId) -> Page[Vendor]:
    """Active vendors, the best match for this request first; at most 50."""
    request = await requests.visible_to(uow, actor, request_id)
    asked = {word for line in request.lines for word in _WORD.findall(line.description.lower())}
    ranked = [VendorId(row.id) for row in await uow.connection.execute(_ranked(asked))]
    return Page(tuple(await vendor_repo.by_ids(uow, ranked)), None)


def _ranked(asked: set[str]) -> Select[tuple[UUID]]:
    own, peers = _quoted(asked), _quoted(asked)
    of_category = (
        select(_V.category, func.count().label("quotes"))
        .join(peers, peers.c.vendor_id == _V.id)
        .group_by(_V.category)
        .subquery()
    )
    named = or_(false(), *(func.lower(_V.category).contains(word, autoescape=True) for word in asked))
    return (
        select(_V.id)
        .outerjoin(own, own.c.vendor_id == _V.id)
        .outerjoin(of_category, of_category.c.category == _V.category)
        .where(_V.state == "active")
        .order_by(
            func.coalesce(own.c.quotes, 0).desc(),
            named.desc(),
            func.coalesce(of_category.c.quotes, 0).desc(),
            _V.name,
        )
        .limit(MAX_SUGGESTIONS)
    )


def _quoted(asked: set[str]) -> Subquery:
    """How often each vendor quoted for lines that share a word with the request."""
    shares_word: ColumnElement[bool] = or_(
        false(), *(func.lower(rfq_lines.c.description).contains(word, autoescape=True) for word in asked)
    )
    return (
        select(vendor_quotes.c.vendor_id, func.count().label("quotes"))
        .join(rfq_lines, rfq_lines.c.rfq_id == vendor_quotes.c.rfq_id)
        .where(shares_word)
        .group_by(vendor_quotes.c.vendor_id)
        .subquery()
    )
