"""The subscriber ``n8n``: posts each event that has a flow to n8n, with the data that the flow needs and no more.

One rule: a flow informs and proposes, and never decides.

Until n8n is ready its events wait here while the purchase goes on. An order waits here until it is issued.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.access.roles import Role
from core.approvals import repo as approvals
from core.approvals.events import ApprovalEvent, ApprovalOpened
from core.automations.queries import FlowFacts, OrderFacts
from core.escalations.events import ApprovalOverdue
from core.kernel.errors import NotFound
from core.log.events import Event
from core.log.stored import StoredEvent
from core.orders.events import OrderGenerated
from core.orders.states import OrderState
from core.people.tables import people, person_roles
from core.quotes.events import QuoteSubmitted
from core.rfqs import repo as rfqs
from core.rfqs.events import RfqSent
from core.uow import Uow
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


@dataclass(frozen=True)
class PeopleTold:
    """Who may be told by a flow, and how it learns of them."""

    people: frozenset[UUID]
    data: Mapping[str, object]


NOBODY = PeopleTold(frozenset(), {"recipients": []})


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    """Post the event to its workflow."""
    flow = flow_of(event)
    if flow is None or not runtime.settings.n8n_url:
        return
    facts = await runtime.flow_facts.ask(stored.id)
    data = _data(event, stored, facts, runtime.settings.api_url)
    told = NOBODY
    if not isinstance(event, OrderGenerated):
        told = await _people_told(runtime, event, stored)
    elif not _is_issued(facts.order, runtime.clock.now()):
        return
    posted = _named({**data, **told.data})
    await post_event(runtime, flow, stored, posted, people=told.people, checkpoint=facts.checkpoint)


def flow_of(event: Event) -> Flow | None:
    """None for a quote that an officer entered, whose vendor Parley tells, or that leaves lines out, which it names."""
    if isinstance(event, QuoteSubmitted) and (event.entered_by is not None or event.missing):
        return None
    return FLOWS.get(type(event))


def _is_issued(order: OrderFacts | None, now: dt.datetime) -> bool:
    """Whether nobody can undo the order any more: a flow hands it over to other systems. False for an undone one."""
    if order is None:
        raise NotFound(what="order")
    if order.state is OrderState.generated:
        raise DeliveryPostponed(max(order.issue_at - now, SOON), "the order may still be undone")
    return order.issued_at is not None


def _data(event: Event, stored: StoredEvent, facts: FlowFacts, api_url: str) -> dict[str, object]:
    """The payload: the event's own data as it is stored, and what it is about."""
    data: dict[str, object] = {
        **stored.data,
        "request_id": str(event.request_id),
        "links": {"api": f"{api_url}/procurement/requests/{event.request_id}"},
    }
    if facts.request_number is not None:
        data["request_number"] = facts.request_number
    if facts.order is not None:
        data["vendor"] = facts.order.vendor_name
    return data


async def _people_told(runtime: Runtime, event: Event, stored: StoredEvent) -> PeopleTold:
    """Whom the flow may tell about the event, and who decides when it is about an approval."""
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, system_actor(Role.system_n8n, stored))
        if isinstance(event, ApprovalEvent):
            return await _approval(uow, event)
        notice = await plan_notice(uow, stored)
        recipients = notice.recipients if notice else ()
        data: dict[str, object] = {"recipients": await _people(uow, recipients)}
    if isinstance(event, QuoteSubmitted) and notice is not None:
        data |= {name: notice.message.facts[name] for name in ("answered", "invited")}
    return PeopleTold(frozenset(recipients), data)


async def _approval(uow: Uow, event: ApprovalEvent) -> PeopleTold:
    """What is decided, who may decide it, and the officer, whom a flow may inform when it takes long."""
    approval = await approvals.load(uow, event.subject_id)
    step = approval.open_step
    rfq = await rfqs.of_request(uow, approval.request_id)
    deciders = step.deciders if step else ()
    informed = [rfq.sent_by] if rfq is not None else []
    data = {
        "approval_id": str(approval.id),
        "amount": f"{approval.amount:.2f}",
        "currency": approval.currency,
        "candidates": await _people(uow, deciders),
        "recipients": await _people(uow, informed),
    }
    return PeopleTold(frozenset((*deciders, *informed)), data)


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
