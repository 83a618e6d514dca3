"""The log, deliveries and the dashboard: read model to wire."""

from api.contract import operations as wire
from api.contract.values import Listing
from core.audit.deliveries import DeliveryRow
from core.audit.queries import EventRow
from core.automations.projection import Status
from core.kernel.page import Page
from core.log.events import as_json
from core.log.verify import Verdict


def event(of: EventRow) -> wire.EventOut:
    return wire.EventOut(
        id=of.id,
        position=of.position,
        occurred_at=of.occurred_at,
        actor=of.actor,
        actor_name=of.actor_name,
        actor_kind=of.actor_kind,
        on_behalf_of=of.on_behalf_of,
        action=of.type,
        subject={"kind": of.subject_kind, "id": str(of.subject_id), "version": of.subject_version},
        request_id=of.request_id,
        channel=of.channel,
        data=of.data,
        digest=of.digest.hex(),
        chain=of.chain.hex() if of.chain else None,
        correlation_id=of.correlation_id,
        causation_id=of.causation_id,
    )


def page_of_events(page: Page[EventRow]) -> Listing[wire.EventOut]:
    return Listing(items=tuple(event(item) for item in page.items), next_cursor=page.next_cursor)


def verdict(of: Verdict) -> wire.VerifyOut:
    return wire.VerifyOut(
        ok=of.ok,
        events=of.events,
        unsealed=of.unsealed,
        head=of.head.hex() if of.head else None,
        first_bad_position=of.first_bad_position,
        problem=of.problem,
        checkpoint_position=of.checkpoint_position,
    )


def delivery(of: DeliveryRow) -> wire.DeliveryOut:
    return wire.DeliveryOut.model_validate(
        {name: getattr(of, name) for name in wire.DeliveryOut.model_fields}, from_attributes=False
    )


def deliveries(page: Page[DeliveryRow]) -> Listing[wire.DeliveryOut]:
    return Listing(items=tuple(delivery(item) for item in page.items), next_cursor=page.next_cursor)


def status(of: Status) -> wire.StatusOut:
    reports = tuple({name: as_json(value) for name, value in report.items()} for report in of.automations)
    return wire.StatusOut(
        requests=dict(of.requests),
        rfqs=dict(of.rfqs),
        approvals=dict(of.approvals),
        orders=dict(of.orders),
        waiting=dict(of.waiting),
        parked=of.parked,
        undelivered=of.undelivered,
        position=of.position,
        automations=reports,
    )
