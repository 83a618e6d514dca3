"""Who hears of what: a new service is one file here and one line below; the core is not touched."""

from collections.abc import Mapping, Sequence

from core.log.seal import Subscriptions
from workers.broker import Queue
from workers.deliver import Subscriber
from workers.subscribers import approvals, cards, dashboard, digest, n8n, notices, topics

_MODULES = {
    "approvals": approvals,
    "cards": cards,
    "dashboard": dashboard,
    "digest": digest,
    "n8n": n8n,
    "notices": notices,
    "topics": topics,
}

SUBSCRIBERS: dict[str, Subscriber] = {name: module.run for name, module in _MODULES.items()}
SUBSCRIBERS_BY_QUEUE: Mapping[Queue, Sequence[str]] = {
    queue: [name for name, module in _MODULES.items() if module.QUEUE is queue] for queue in Queue
}


def subscriptions() -> Subscriptions:
    """As sealing writes the deliveries."""
    by_event_type: dict[str, list[str]] = {}
    for name, module in _MODULES.items():
        for event_type in module.SUBSCRIBES_TO:
            by_event_type.setdefault(event_type, []).append(name)
    projections = [name for name, module in _MODULES.items() if getattr(module, "COUNTS_AGAIN", False)]
    return Subscriptions(by_event_type, projections)
