"""n8n hears of the events that its workflows are made for, with what those need to know and nothing more.

One rule: it informs and proposes. Until it is ready its events wait here, and the purchase goes on; an order
waits here until it is issued.
"""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from core.access.roles import Role
from core.approvals import repo as approvals
from core.kernel.errors import NotFound
from core.kernel.ids import VendorId
from core.log.deliveries import StoredEvent
from core.orders import repo as orders
from core.orders.states import OrderState
from core.people.tables import people, person_roles
from core.requests import repo as requests
from core.rfqs import repo as rfqs
from core.uow import Uow
from core.vendors import repo as vendors
from workers.broker import Queue
from workers.n8n import Flow, post_event
from workers.outcome import DeliveryPostponed
from workers.runtime import Runtime, system_actor
from workers.words import NOTICE_BUILDERS

FLOWS = {
    "quote.submitted": Flow("quote-submitted", ("notices", "status")),
    "rfq.sent": Flow("rfq-sent", ("notices", "status")),
    "order.generated": Flow("order-generated", ("status",)),
    "approval.overdue": Flow("approval-overdue", ("notices", "status")),
    "approval.opened": Flow("approval-opened", ("routes", "status")),
}
QUEUE = Queue.work
SUBSCRIBES_TO = tuple(FLOWS)
SOON = dt.timedelta(seconds=1)


async def run(runtime: Runtime, event: StoredEvent) -> None:
    """Post the event to its workflow."""
    if not runtime.settings.n8n_url:
        return
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, system_actor(Role.system_n8n, event))
        if event.type == "order.generated" and not await _is_issued(uow, event):
            return
        data = await _data(uow, event, runtime.settings.api_url)
    await post_event(runtime, FLOWS[event.type], event, data)


async def _is_issued(uow: Uow, event: StoredEvent) -> bool:
    """A flow hands an order over to other systems: only when nobody can undo it, and never an undone one."""
    order = await orders.load(uow, event.subject_id)
    if order.state is OrderState.generated:
        raise DeliveryPostponed(max(order.issue_at - uow.now, SOON), "the order may still be undone")
    return order.issued_at is not None


async def _data(uow: Uow, event: StoredEvent, api_url: str) -> dict[str, object]:
    """The event's own data, small and flat, with who is concerned."""
    notice = await NOTICE_BUILDERS[event.type](uow, event) if event.type in NOTICE_BUILDERS else None
    data: dict[str, object] = {
        **event.data,
        "request_id": str(event.request_id),
        "recipients": await _people(uow, notice.recipients if notice else ()),
        "links": {"api": f"{api_url}/procurement/requests/{event.request_id}"},
    }
    try:
        if event.request_id is not None:
            data["request_number"] = (await requests.of_purchase(uow, event.request_id)).number
        if event.subject_kind == "approval":
            data |= await _approval(uow, event)
        if event.subject_kind == "order":
            data["vendor"] = await _vendor(uow, event)
    except NotFound:
        return data
    return _named(data)


async def _approval(uow: Uow, event: StoredEvent) -> dict[str, object]:
    """What is decided, who may decide it, and the officer, who may hear when it takes long."""
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


async def _vendor(uow: Uow, event: StoredEvent) -> str:
    vendor_id = VendorId(UUID(str(event.data["vendor_id"])))
    return (await vendors.visible_to(uow, system_actor(Role.system_n8n, event), vendor_id)).name


def _named(data: dict[str, object]) -> dict[str, object]:
    """The names under which the flows read them."""
    if "vendor" in data:
        data["vendor_name"] = data["vendor"]
    if "rfq" in data:
        data["rfq_number"] = data["rfq"]
    elif "quote_by" in data:
        data["rfq_number"] = data.get("number")
    return data


async def _people(uow: Uow, ids: Iterable[UUID]) -> list[dict[str, object]]:
    """Names, languages and roles, in the order in which they were given."""
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
