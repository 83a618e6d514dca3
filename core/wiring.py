"""What follows from what, inside the same transaction: a table one can read, and nothing else.

One rule: a lower slice reaches a higher one only through this table. Order within a row is the order in
which the reactions run. Everything that may be late or repeated is a subscriber in ``workers``, not here.
"""

from types import MappingProxyType

from core.accounts import sessions
from core.approvals import service as approvals
from core.awards import reactions as awards
from core.decisions import service as decisions
from core.notifications import preferences
from core.orders import service as orders
from core.requests import service as requests
from core.rfqs import service as rfqs
from core.uow import Reactions

REACTIONS: Reactions = MappingProxyType(
    {
        "person.role_changed": (sessions.on_rights_changed,),
        "person.password_set": (sessions.on_rights_changed,),
        "person.disabled": (sessions.on_rights_changed,),
        "person.settings_changed": (preferences.on_preferences_changed,),
        "rfq.sent": (requests.on_rfq_sent,),
        "quote.submitted": (requests.on_quote_submitted, awards.on_answer),
        "quote.revised": (awards.on_answer,),
        "invitation.declined": (awards.on_answer,),
        "quote.withdrawn": (approvals.on_subject_gone, awards.on_quote_lost),
        "quote.expired": (approvals.on_subject_gone, awards.on_quote_lost),
        "quote.unselected": (approvals.on_subject_gone,),
        "rfq.unsuccessful": (requests.on_quotes_lost,),
        "approval.opened": (requests.on_approval_opened,),
        "approval.withdrawn": (requests.on_approval_gone,),
        "approval.rejected": (awards.on_approval_rejected, requests.on_approval_gone),
        "approval.approved": (
            awards.on_approval_approved,
            requests.on_approval_approved,
            orders.on_approval_approved,
        ),
        "approval.undone": (
            orders.on_approval_undone,
            awards.on_approval_undone,
            requests.on_approval_undone,
        ),
        "delegation.made": (approvals.on_delegation_changed,),
        "delegation.ended": (approvals.on_delegation_changed,),
        "order.generated": (requests.on_order_generated,),
        "order.issued": (awards.on_order_issued,),
        "order.cancelled": (
            decisions.on_order_cancelled,
            awards.on_order_cancelled,
            requests.on_order_cancelled,
        ),
        "order.completed": (requests.on_order_completed,),
        "request.withdrawn": (approvals.on_request_ended, rfqs.on_request_ended),
        "request.cancelled": (
            approvals.on_request_ended,
            orders.on_request_cancelled,
            rfqs.on_request_ended,
        ),
    }
)
