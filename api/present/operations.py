"""Converts the log, deliveries and the dashboard from read model to wire."""

from collections.abc import Sequence

from api.contract import operations as wire
from api.contract.values import Listing
from api.present.listing import listing
from core.audit.delivery_list import DeliveryRow
from core.audit.log_proofs import ConsistencyProof, EventBundle, EventProof
from core.audit.queries import EventRow, FoundEvents, PublishedCheckpoint
from core.automations.projection import DashboardStatus
from core.kernel.pagination import Page
from core.log.events import as_json
from core.log.personal import OpenedValue
from core.log.verify import Verification


def event(source: EventRow) -> wire.EventOut:
    return wire.EventOut(
        id=source.id,
        position=source.position,
        occurred_at=source.occurred_at,
        actor=source.actor,
        actor_name=source.actor_name,
        actor_kind=source.actor_kind,
        on_behalf_of=source.on_behalf_of,
        action=source.type,
        subject={
            "kind": source.subject_kind,
            "id": str(source.subject_id),
            "version": source.subject_version,
        },
        request_id=source.request_id,
        channel=source.channel,
        data=source.data,
        digest=source.digest.hex(),
        chain=source.chain.hex() if source.chain else None,
        correlation_id=source.correlation_id,
        causation_id=source.causation_id,
    )


def page_of_events(page: Page[EventRow]) -> Listing[wire.EventOut]:
    return listing(page, event, lambda row: row)


def found_events(source: FoundEvents) -> wire.FoundEventsOut:
    return wire.FoundEventsOut(
        items=tuple(event(each) for each in source.events), next_before=source.next_before
    )


def checkpoint(source: PublishedCheckpoint) -> wire.CheckpointOut:
    return wire.CheckpointOut(
        size=source.size, root=source.root.hex(), note=source.note, made_at=source.made_at
    )


def checkpoints(source: Sequence[PublishedCheckpoint]) -> Listing[wire.CheckpointOut]:
    return Listing(items=tuple(checkpoint(each) for each in source))


def bundle(keys: Sequence[str], source: EventBundle) -> wire.BundleOut:
    """A bundle without its events, with the public keys that checkpoints may be signed with."""
    return wire.BundleOut(
        format="parley-bundle/1",
        keys=tuple(keys),
        checkpoint=checkpoint(source.checkpoint) if source.checkpoint is not None else None,
        earlier=tuple(
            wire.GrownOut(checkpoint=checkpoint(each.first), proof=_hexadecimal(each.path))
            for each in source.earlier
        ),
        total=len(source.positions),
        events=(),
    )


def proven_event(source: EventProof) -> wire.ProvenEventOut:
    return wire.ProvenEventOut(
        event=event(source.event),
        canonical=source.canonical,
        proof=_hexadecimal(source.path),
        personal=tuple(_personal(value) for value in source.personal),
    )


def _personal(value: OpenedValue) -> wire.PersonalValueOut:
    return wire.PersonalValueOut(field=value.field, value=value.value, salt=value.salt.hex())


def consistency(source: ConsistencyProof) -> wire.ConsistencyOut:
    return wire.ConsistencyOut(
        first=checkpoint(source.first), second=checkpoint(source.second), proof=_hexadecimal(source.path)
    )


def _hexadecimal(path: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(step.hex() for step in path)


def verdict(source: Verification) -> wire.VerifyOut:
    return wire.VerifyOut(
        ok=source.ok,
        events=source.events,
        unsealed=source.unsealed,
        head=source.head.hex() if source.head else None,
        first_bad_position=source.first_bad_position,
        problem=source.problem,
        checkpoint_position=source.checkpoint_position,
        after=source.after,
        missing_numbers=source.missing_numbers,
        witnesses=tuple(
            wire.LogWitnessOut(name=each.name, checkpoints=len(each.checkpoints), newest=each.newest_size)
            for each in source.witnesses
        ),
        lost=tuple(wire.LostPositionsOut(first=each.first, last=each.last) for each in source.lost),
    )


def delivery(source: DeliveryRow) -> wire.DeliveryOut:
    return wire.DeliveryOut.model_validate(
        {name: getattr(source, name) for name in wire.DeliveryOut.model_fields}, from_attributes=False
    )


def deliveries(page: Page[DeliveryRow]) -> Listing[wire.DeliveryOut]:
    return listing(page, delivery, lambda row: row)


def status(source: DashboardStatus) -> wire.StatusOut:
    reports = tuple({name: as_json(value) for name, value in report.items()} for report in source.automations)
    return wire.StatusOut(
        requests=dict(source.requests),
        rfqs=dict(source.rfqs),
        approvals=dict(source.approvals),
        orders=dict(source.orders),
        waiting=dict(source.waiting),
        parked=source.parked,
        undelivered=source.undelivered,
        position=source.position,
        automations=reports,
    )
