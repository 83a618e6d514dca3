"""The subscriber ``n8n``: posts each event that has a flow to n8n, with the data that the flow needs and no more.

One rule: a flow informs and proposes, and never decides.

Until n8n is ready its events wait here while the purchase goes on. An order waits here until it is issued.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from core.access.roles import Role
from core.approvals import repo as approvals
from core.approvals.events import ApprovalEvent, ApprovalOpened
from core.escalations.events import ApprovalOverdue
from core.kernel.errors import NotFound
from core.kernel.ids import VendorId
from core.log.events import Event
from core.log.stored import StoredEvent
from core.orders import repo as orders
from core.orders.events import OrderEvent, OrderGenerated
from core.orders.states import OrderState
from core.people.tables import people, person_roles
from core.quotes.events import QuoteSubmitted
from core.requests import repo as requests
from core.rfqs import repo as rfqs
from core.rfqs.events import RfqSent
from core.uow import Uow
from core.vendors import repo as vendors
from workers.broker import Queue
from workers.n8n_client import Flow, post_event
from workers.notices.notice_table import plan_notice
from workers.outcome import DeliveryPostponed
from workers.runtime import Runtime, system_actor

FLOWS: Mapping[type[Event], Flow] = {
    QuoteSubmitted: Flow("quote-submitted", ("notices", "status")),
    RfqSent: Flow("rfq-sent", ("notices", "status")),
    OrderGenerated: Flow("order-generated", ("status",)),
    ApprovalOverdue: Flow("approval-overdue", ("notices", "status")),
    ApprovalOpened: Flow("approval-opened", ("routes", "status")),
}
QUEUE = Queue.work
SUBSCRIBES_TO: tuple[type[Event], ...] = tuple(FLOWS)
SOON = dt.timedelta(seconds=1)


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    """Post the event to its workflow."""
    if not runtime.settings.n8n_url:
        return
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, system_actor(Role.system_n8n, stored))
        if isinstance(event, OrderGenerated) and not await _is_issued(uow, event):
            return
        data = await _data(uow, event, stored, runtime.settings.api_url)
    await post_event(runtime, FLOWS[type(event)], stored, data)


async def _is_issued(uow: Uow, event: OrderGenerated) -> bool:
    """Whether nobody can undo the order any more: a flow hands it over to other systems. False for an undone one."""
    order = await orders.load(uow, event.subject_id)
    if order.state is OrderState.generated:
        raise DeliveryPostponed(max(order.issue_at - uow.now, SOON), "the order may still be undone")
    return order.issued_at is not None


async def _data(uow: Uow, event: Event, stored: StoredEvent, api_url: str) -> dict[str, object]:
    """The payload: the event's own data as it is stored, and the people concerned."""
    notice = await plan_notice(uow, stored)
    data: dict[str, object] = {
        **stored.data,
        "request_id": str(event.request_id),
        "recipients": await _people(uow, notice.recipients if notice else ()),
        "links": {"api": f"{api_url}/procurement/requests/{event.request_id}"},
    }
    if isinstance(event, QuoteSubmitted) and notice is not None:
        data |= {name: notice.message.facts[name] for name in ("answered", "invited")}
    try:
        if event.request_id is not None:
            data["request_number"] = (await requests.of_purchase(uow, event.request_id)).number
        if isinstance(event, ApprovalEvent):
            data |= await _approval(uow, event)
        if isinstance(event, OrderEvent):
            data["vendor"] = await _vendor(uow, event)
    except NotFound:
        return data
    return _named(data)


async def _approval(uow: Uow, event: ApprovalEvent) -> dict[str, object]:
    """What is decided, who may decide it, and the officer, whom a flow may inform when it takes long."""
    approval = await approvals.load(uow, event.subject_id)
    step = approval.open_step
    rfq = await rfqs.of_request(uow, approval.request_id)
    return {
        "approval_id": str(approval.id),
        "amount": f"{approval.amount:.2f}",
        "currency": approval.currency,
        "candidates": await _people(uow, step.deciders if step else ()),
        "recipients": await _people(uow, [rfq.sent_by] if rfq is not None else ()),
    }


async def _vendor(uow: Uow, event: OrderEvent) -> str:
    return (await vendors.visible_to(uow, uow.actor, VendorId(event.vendor_id))).name


def _named(data: dict[str, object]) -> dict[str, object]:
    """Adds the names that the flows use."""
    if "vendor" in data:
        data["vendor_name"] = data["vendor"]
    if "rfq" in data:
        data["rfq_number"] = data["rfq"]
    elif "quote_by" in data:
        data["rfq_number"] = data.get("number")
    return data


async def _people(uow: Uow, ids: Iterable[UUID]) -> list[dict[str, object]]:
    """Names, languages and roles, in the order of ``ids``."""
    wanted = list(ids)
    rows = await uow.connection.execute(
        select(people.c.id, people.c.name, people.c.locale, person_roles.c.role)
        .join(person_roles, person_roles.c.person_id == people.c.id)
        .where(people.c.id.in_(wanted))
    )
    found: dict[UUID, dict[str, object]] = {}
    roles: dict[UUID, list[str]] = {}
    for row in rows:
        roles.setdefault(row.id, []).append(row.role)
        found[row.id] = {
            "person_id": str(row.id),
            "name": row.name,
            "locale": row.locale,
            "roles": roles[row.id],
        }
    return [found[person] for person in wanted if person in found]
