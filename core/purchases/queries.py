"""A whole purchase as one reader sees it, found by its number: what the purchase's page shows.

One rule: it is read once, and every part of it is the view that the slice's own query would give this reader.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.approvals.model import ApprovalDetails
from core.comments import repo as comments
from core.comments.model import Comment
from core.db.compiled import Prebuilt
from core.invitations.model import RfqView
from core.kernel.errors import NotFound
from core.orders.model import OrderDetails
from core.purchases import repo, views
from core.purchases.model import Purchase
from core.rates.errors import RatesMissing
from core.receipts.model import ReceiptDetails
from core.requests.model import RequestDetails
from core.requests.tables import procurement_requests
from core.split_awards.model import ComparedWithSplits
from core.uow import Uow

MOST_COMMENTS = 200
_R = procurement_requests.c
_BY_NUMBER = Prebuilt(select(_R.id).where(_R.number == bindparam("number")))


@dataclass(frozen=True)
class PurchaseSeen:
    """One purchase, with what its reader may see of each part; None or empty where that is nothing."""

    request: RequestDetails
    rfqs: tuple[RfqView, ...]
    comparison: ComparedWithSplits | None
    rates_missing: bool
    approvals: tuple[ApprovalDetails, ...]
    orders: tuple[OrderDetails, ...]
    receipts: dict[UUID, tuple[ReceiptDetails, ...]]
    comments: tuple[Comment, ...]


@requires(Permission.requests_read)
async def show(uow: Uow, actor: Actor, number: str) -> PurchaseSeen:
    """The purchase of a request's number, if this person may see the request."""
    request_id = await uow.connection.scalar(_BY_NUMBER, {"number": number})
    purchase = await repo.load(uow, request_id) if request_id is not None else None
    request = views.request_details(purchase, actor, uow.now) if purchase is not None else None
    if purchase is None or request is None:
        raise NotFound(what="request")
    rates_missing = False
    try:
        comparison = views.comparison(purchase, actor, uow.now)
    except RatesMissing:
        comparison, rates_missing = None, True
    orders = tuple(
        seen for each in purchase.orders if (seen := views.order_details(purchase, actor, each.id))
    )
    approvals = (views.approval_details(purchase, actor, each.id, uow.now) for each in purchase.approvals)
    rfqs = (views.rfq_view(purchase, actor, each.id, uow.now) for each in purchase.rfqs)
    return PurchaseSeen(
        request=request,
        rfqs=tuple(each for each in rfqs if each is not None),
        comparison=comparison,
        rates_missing=rates_missing,
        approvals=tuple(each for each in approvals if each is not None),
        orders=orders,
        receipts={each.order.id: _receipts(purchase, each.order.id) for each in orders},
        comments=(await comments.page(uow, request.request.id, None, MOST_COMMENTS)).items,
    )


def _receipts(purchase: Purchase, order_id: UUID) -> tuple[ReceiptDetails, ...]:
    """What arrived of an order; files of receipts are read with the order itself."""
    return tuple(
        ReceiptDetails(each, purchase.names.get(each.received_by, "?"), ())
        for each in purchase.receipts
        if each.order_id == order_id
    )
