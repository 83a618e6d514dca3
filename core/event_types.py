"""Every module that defines events; with this module imported, the index of event classes is complete.

One rule: a new ``events.py`` is imported here; an architecture test compares.
"""

from collections.abc import Iterator

from core.accounts import events as accounts
from core.approvals import events as approvals
from core.automations import events as automations
from core.comments import events as comments
from core.decisions import events as decisions
from core.delegations import events as delegations
from core.documents import events as documents
from core.escalations import events as escalations
from core.groups import events as groups
from core.installations import events as installations
from core.log import deliveries, refused_attempts
from core.log.events import Event
from core.messages import events as messages
from core.notifications import events as notifications
from core.orders import events as orders
from core.people import events as people
from core.policies import events as policies
from core.quotes import events as quotes
from core.rates import events as rates
from core.requests import events as requests
from core.rfqs import events as rfqs
from core.vendors import events as vendors

EVENT_MODULES = (
    accounts,
    approvals,
    automations,
    comments,
    decisions,
    delegations,
    documents,
    deliveries,
    escalations,
    groups,
    installations,
    messages,
    notifications,
    orders,
    people,
    policies,
    quotes,
    rates,
    refused_attempts,
    requests,
    rfqs,
    vendors,
)


def concrete_classes(kind: type[Event]) -> Iterator[type[Event]]:
    """The classes that can be recorded, from ``kind`` downwards; only itself when nothing is below it."""
    if "type" in vars(kind):
        yield kind
    for child in kind.__subclasses__():
        yield from concrete_classes(child)
