"""Which events did not come to everybody who subscribes to their type, by the rows of events and deliveries.

One rule: what must have come is worked out from the table of subscribers, never from the deliveries that are there.

A subscriber that shows how a purchase is now, or counts everything anew, may have taken a later event instead.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.log.deliveries import PURCHASE, WHOLE_LOG
from core.log.seal import Subscriptions
from stack.prove.kept_promise import Promise
from stack.prove.proof_installation import ProofInstallation
from workers.subscribers.table import subscriptions

Row = Mapping[str, Any]
_EVENTS = """
SELECT id, type, channel, request_id, position FROM audit_events WHERE seq > $1 AND position IS NOT NULL
"""
_DELIVERIES = """
SELECT d.subscriber, d.subject, d.event_id, d.position, d.state, d.last_error
FROM deliveries d JOIN audit_events e ON e.id = d.event_id WHERE e.seq > $1
"""


@dataclass(frozen=True)
class MissedDelivery:
    """An event that a subscriber did not take, and how its delivery stands."""

    event_id: str
    type: str
    subscriber: str
    why: str

    def __str__(self) -> str:
        return f"{self.subscriber} did not take {self.type} {self.event_id}: {self.why}"


async def hold_delivered(proof: ProofInstallation, promise: Promise, since: int) -> int:
    """Try every pair of an event after ``since`` and its subscriber; how many events there are."""
    events = await proof.fetch(_EVENTS, since)
    deliveries = await proof.fetch(_DELIVERIES, since)
    promise.attempts += sum(1 for _ in _expected(events, subscriptions()))
    promise.failures += map(str, missed_deliveries(events, deliveries, subscriptions()))
    return len(events)


def missed_deliveries(
    events: Sequence[Row], deliveries: Sequence[Row], table: Subscriptions
) -> list[MissedDelivery]:
    """Those whose delivery is missing or did not end well, and for which no later one stands."""
    own = {(row["event_id"], row["subscriber"]): row for row in deliveries}
    newest: dict[tuple[str, str], int] = {}
    for row in deliveries:
        if row["state"] == "done":
            key = row["subscriber"], row["subject"]
            newest[key] = max(newest.get(key, 0), row["position"])
    missed = []
    for event, subscriber in _expected(events, table):
        delivery = own.get((event["id"], subscriber))
        if delivery is not None and delivery["state"] == "done":
            continue
        stands_for = newest.get((subscriber, _whole(event, subscriber, table)), 0)
        if stands_for <= event["position"]:
            why = f"{delivery['state']} {delivery['last_error'] or ''}".strip() if delivery else "no delivery"
            missed.append(MissedDelivery(str(event["id"]), event["type"], subscriber, why))
    return missed


def _expected(events: Sequence[Row], table: Subscriptions) -> Iterator[tuple[Row, str]]:
    for event in events:
        for subscriber in table.subscribers_of(event["type"], event["channel"]):
            yield event, subscriber


def _whole(event: Row, subscriber: str, table: Subscriptions) -> str:
    """The subject of a later delivery that stands for this event too; none has an empty one."""
    if subscriber in table.projections:
        return WHOLE_LOG
    if subscriber in table.per_purchase and event["request_id"] is not None:
        return f"{PURCHASE}{event['request_id']}"
    return ""
