"""Every card that the system sends and keeps current, by its kind. Used by bots and by the cards subscriber.

    kind             drawn from (api.contract)        version that its buttons carry
    request          requests.RequestOut              request.version
    officer_request  requests.RequestOut              request.version
    vendor_rfq       rfqs.RfqOut (as the vendor)      rfq.version
    comparison       awards.ComparisonOut             rfq_version
    approval         approvals.ApprovalOut            approval.version
    order            orders.OrderOut                  order.version
    vendor_order     orders.OrderOut (as the vendor)  order.version
    finding          findings.FindingOut              finding.version

One rule: the model was read with the viewer's own rights; ``draw`` adds nothing that is not in it.
"""

from dataclasses import replace
from enum import StrEnum
from typing import TypeVar, assert_never

from pydantic import BaseModel

from api.contract.approvals import ApprovalOut
from api.contract.awards import ComparisonOut
from api.contract.findings import FindingOut
from api.contract.orders import OrderOut
from api.contract.requests import RequestOut
from api.contract.rfqs import RfqOut
from bots.cards import approval, comparison, finding, orders, requests, rfq
from bots.cards.card import Card
from bots.cards.viewer import Viewer

__all__ = ["Card", "CardKind", "Viewer", "draw"]


Model = TypeVar("Model", bound=BaseModel)


class CardKind(StrEnum):
    """Also the name under which a message is remembered (``MessageIn.card``)."""

    request = "request"
    officer_request = "officer_request"
    vendor_rfq = "vendor_rfq"
    comparison = "comparison"
    approval = "approval"
    order = "order"
    vendor_order = "vendor_order"
    finding = "finding"


def draw(kind: CardKind, model: BaseModel, viewer: Viewer) -> Card:
    """The card of this kind for this reader; TypeError when the model is not the kind's."""
    return replace(_draw(kind, model, viewer), locale=viewer.locale)


def _draw(kind: CardKind, model: BaseModel, viewer: Viewer) -> Card:
    match kind:
        case CardKind.request:
            return requests.for_requester(_checked(RequestOut, model), viewer)
        case CardKind.officer_request:
            return requests.for_officer(_checked(RequestOut, model), viewer)
        case CardKind.vendor_rfq:
            return rfq.for_vendor(_checked(RfqOut, model), viewer)
        case CardKind.comparison:
            return comparison.for_officer(_checked(ComparisonOut, model), viewer)
        case CardKind.approval:
            return approval.for_approver(_checked(ApprovalOut, model), viewer)
        case CardKind.order:
            return orders.for_receiver(_checked(OrderOut, model), viewer)
        case CardKind.vendor_order:
            return orders.for_vendor(_checked(OrderOut, model), viewer)
        case CardKind.finding:
            if isinstance(model, finding.FindingOff):
                return finding.switched_off(model, viewer)
            return finding.for_reviewer(_checked(FindingOut, model), viewer)
        case _:
            assert_never(kind)


def _checked(kind: type[Model], model: BaseModel) -> Model:
    if not isinstance(model, kind):
        raise TypeError(f"a {kind.__name__} was expected, not a {type(model).__name__}")
    return model
