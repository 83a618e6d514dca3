"""Who hears of what: a new service is one file here and one line below; the core is not touched."""

from collections.abc import Mapping, Sequence

from core.log.seal import Subscriptions
from workers.broker import Lane
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
LANES: Mapping[Lane, Sequence[str]] = {
    lane: [name for name, module in _MODULES.items() if module.LANE is lane] for lane in Lane
}


def subscriptions() -> Subscriptions:
    """As sealing writes the deliveries."""
    wanted: dict[str, list[str]] = {}
    for name, module in _MODULES.items():
        for event_type in module.SUBSCRIBES_TO:
            wanted.setdefault(event_type, []).append(name)
    counters = [name for name, module in _MODULES.items() if getattr(module, "COUNTS_AGAIN", False)]
    return Subscriptions(wanted, counters)
