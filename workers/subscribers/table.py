"""The table of subscribers: which events each receives, on which queue, and the function that handles them.

One rule: a new subscriber is one module here and one row below; the core is not changed for it.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from core.event_types import concrete_classes
from core.log.events import Event
from core.log.seal import Subscriptions
from core.log.stored import StoredEvent
from workers.broker import Queue
from workers.deliver import Subscriber
from workers.runtime import Runtime
from workers.subscribers import (
    ask_logins,
    check_findings,
    forecast_demand,
    measure_stages,
    open_approvals,
    refresh_dashboard,
    score_vendors,
    send_digests,
    send_mails,
    send_notices,
    start_flows,
    update_cards,
    update_topics,
)

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Subscription:
    """One subscriber; ``recounts`` when it counts everything anew, so that one event stands for many.

    ``per_purchase`` when it shows how a purchase is now, so that one event of it stands for all before.
    """

    name: str
    queue: Queue
    kinds: Sequence[type[Event]]
    run: Subscriber
    recounts: bool = False
    per_purchase: bool = False

    @property
    def event_types(self) -> list[str]:
        """The types of all event classes at and below its kinds, each once."""
        return list(dict.fromkeys(each.type for kind in self.kinds for each in concrete_classes(kind)))


def subscription(
    name: str,
    queue: Queue,
    kinds: tuple[type[E], ...],
    run: Callable[[Runtime, E, StoredEvent], Awaitable[None]],
    *,
    recounts: bool = False,
    per_purchase: bool = False,
) -> Subscription:
    """One row; a function that takes another event than those of ``kinds`` is a type error."""
    return Subscription(name, queue, kinds, run, recounts, per_purchase)


SUBSCRIPTIONS = (
    subscription(
        "analytics", measure_stages.QUEUE, measure_stages.SUBSCRIBES_TO, measure_stages.run, recounts=True
    ),
    subscription("approvals", open_approvals.QUEUE, open_approvals.SUBSCRIBES_TO, open_approvals.run),
    subscription(
        "cards", update_cards.QUEUE, update_cards.SUBSCRIBES_TO, update_cards.run, per_purchase=True
    ),
    subscription(
        "dashboard",
        refresh_dashboard.QUEUE,
        refresh_dashboard.SUBSCRIBES_TO,
        refresh_dashboard.run,
        recounts=True,
    ),
    subscription("demand", forecast_demand.QUEUE, forecast_demand.SUBSCRIBES_TO, forecast_demand.run),
    subscription("digest", send_digests.QUEUE, send_digests.SUBSCRIBES_TO, send_digests.run),
    subscription("findings", check_findings.QUEUE, check_findings.SUBSCRIBES_TO, check_findings.run),
    subscription("logins", ask_logins.QUEUE, ask_logins.SUBSCRIBES_TO, ask_logins.run),
    subscription("mails", send_mails.QUEUE, send_mails.SUBSCRIBES_TO, send_mails.run),
    subscription("n8n", start_flows.QUEUE, start_flows.SUBSCRIBES_TO, start_flows.run),
    subscription("notices", send_notices.QUEUE, send_notices.SUBSCRIBES_TO, send_notices.run),
    subscription("scores", score_vendors.QUEUE, score_vendors.SUBSCRIBES_TO, score_vendors.run),
    subscription(
        "topics", update_topics.QUEUE, update_topics.SUBSCRIBES_TO, update_topics.run, per_purchase=True
    ),
)

SUBSCRIBERS: dict[str, Subscriber] = {row.name: row.run for row in SUBSCRIPTIONS}
SUBSCRIBERS_BY_QUEUE: Mapping[Queue, Sequence[str]] = {
    queue: [row.name for row in SUBSCRIPTIONS if row.queue is queue] for queue in Queue
}


@cache
def subscriptions(notice_timeout: dt.timedelta = dt.timedelta(0)) -> Subscriptions:
    """The table as sealing needs it: type strings, with base classes expanded.

    ``notice_timeout`` is how long a flow of n8n may take to send its own notices.
    """
    by_event_type: dict[str, list[str]] = {}
    for row in SUBSCRIPTIONS:
        for event_type in row.event_types:
            by_event_type.setdefault(event_type, []).append(row.name)
    return Subscriptions(
        by_event_type,
        projections=[row.name for row in SUBSCRIPTIONS if row.recounts],
        per_purchase=[row.name for row in SUBSCRIPTIONS if row.per_purchase],
        delays={("notices", kind.type): notice_timeout for kind in start_flows.FLOWS if notice_timeout},
    )
