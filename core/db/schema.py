"""Every slice's tables in one MetaData, for migrations and for the test that models match the head."""

from core.accounts import tables as accounts
from core.approvals import tables as approvals
from core.automations import tables as automations
from core.comments import tables as comments
from core.db import counters, idempotency
from core.db.base import metadata
from core.decisions import tables as decisions
from core.delegations import tables as delegations
from core.documents import tables as documents
from core.groups import tables as groups
from core.installations import tables as installations
from core.log import tables as log
from core.messages import tables as messages
from core.notifications import tables as notifications
from core.orders import tables as orders
from core.people import tables as people
from core.policies import tables as policies
from core.quotes import tables as quotes
from core.rates import tables as rates
from core.requests import tables as requests
from core.rfqs import tables as rfqs
from core.vendors import tables as vendors

SLICES = (
    log,
    idempotency,
    counters,
    people,
    accounts,
    documents,
    rates,
    vendors,
    delegations,
    policies,
    approvals,
    decisions,
    requests,
    comments,
    rfqs,
    quotes,
    orders,
    messages,
    groups,
    installations,
    notifications,
    automations,
)

__all__ = ["SLICES", "metadata"]
