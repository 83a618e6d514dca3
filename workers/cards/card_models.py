"""What a card shows.

One rule: it is read with the recipient's own rights, so that a card never shows more than its reader may ask for.
"""

from uuid import UUID

from pydantic import BaseModel

from api.present import approvals as present_approvals
from api.present import awards as present_awards
from api.present import orders as present_orders
from api.present import requests as present_requests
from api.present import rfqs as present_rfqs
from bots.cards.drawing import CardKind
from core.access.actor import Actor
from core.awards import queries as awards
from core.decisions import queries as approvals
from core.kernel.ids import ApprovalId, OrderId, RequestId, RfqId
from core.orders import queries as orders
from core.orders import request_queries as requests
from core.quotes import rfq_queries
from core.rfqs import repo as rfqs
from core.uow import Uow


async def model_for(uow: Uow, actor: Actor, card: CardKind, subject_id: UUID) -> tuple[BaseModel, int]:
    """The contract model that a card is drawn from, and its version; NotFound when it is not this person's."""
    match card:
        case CardKind.request | CardKind.officer_request:
            request = present_requests.request(await requests.show(uow, actor, RequestId(subject_id)))
            return request, request.version
        case CardKind.vendor_rfq:
            rfq = present_rfqs.rfq_with_quote(await rfq_queries.show(uow, actor, RfqId(subject_id)))
            return rfq, rfq.version
        case CardKind.comparison:
            asked = await rfqs.visible_to(uow, actor, RfqId(subject_id))
            compared = await awards.compare(uow, actor, asked.request_id)
            return present_awards.comparison(compared), asked.version
        case CardKind.approval:
            approval = present_approvals.approval(await approvals.show(uow, actor, ApprovalId(subject_id)))
            return approval, approval.version
        case CardKind.order | CardKind.vendor_order:
            order = present_orders.order(await orders.show(uow, actor, OrderId(subject_id)))
            return order, order.version
