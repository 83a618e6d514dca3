"""The deck: every kind of card, and the contract model that it is drawn from.

request, officer_request    RequestOut         vendor_rfq    RfqOut      comparison    ComparisonOut
approval                    ApprovalOut        order, vendor_order        OrderOut
"""

from enum import StrEnum

from pydantic import BaseModel

from api.contract.approvals import ApprovalOut
from api.contract.orders import OrderOut
from api.contract.requests import RequestOut
from api.contract.sourcing import ComparisonOut, RfqOut
from bots.cards import approval, order, request, rfq
from bots.cards.model import Card, Viewer


class CardKind(StrEnum):
    request = "request"
    officer_request = "officer_request"
    vendor_rfq = "vendor_rfq"
    comparison = "comparison"
    approval = "approval"
    order = "order"
    vendor_order = "vendor_order"


def draw(kind: CardKind, model: BaseModel, viewer: Viewer) -> Card:
    """Draw a card for one reader."""
    match kind, model:
        case CardKind.request, RequestOut():
            return request.draw_for_requester(model, viewer)
        case CardKind.officer_request, RequestOut():
            return request.draw_for_officer(model, viewer)
        case CardKind.vendor_rfq, RfqOut():
            return rfq.draw_for_vendor(model, viewer)
        case CardKind.comparison, ComparisonOut():
            return rfq.draw_comparison(model, viewer)
        case CardKind.approval, ApprovalOut():
            return approval.draw_approval(model, viewer)
        case CardKind.order, OrderOut():
            return order.draw_for_receiver(model, viewer)
        case CardKind.vendor_order, OrderOut():
            return order.draw_for_vendor(model, viewer)
        case _:
            raise TypeError(f"a {kind} card is not drawn from a {type(model).__name__}")


__all__ = ["Card", "CardKind", "Viewer", "draw"]
