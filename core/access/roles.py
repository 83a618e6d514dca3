"""The table of roles: who may do what. A role gets a right here and nowhere else.

A role allows somebody to try; policies (own request, candidates, visibility) decide about the single object.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from core.access.permissions import Permission as P


class Role(StrEnum):
    requester = "requester"
    officer = "officer"
    manager = "manager"
    finance = "finance"
    vendor = "vendor"
    admin = "admin"
    auditor = "auditor"
    service_bot = "service:bot"
    system_approvals = "system:approvals"
    system_deadlines = "system:deadlines"
    system_notices = "system:notices"
    system_cards = "system:cards"
    system_dashboard = "system:dashboard"
    system_n8n = "system:n8n"
    system_insights = "system:insights"


PEOPLE = (Role.requester, Role.officer, Role.manager, Role.finance, Role.vendor, Role.admin, Role.auditor)

_SELF = {P.me_read, P.me_change, P.links_make, P.documents_upload, P.documents_read}
_STAFF = _SELF | {
    P.requests_create,
    P.requests_read,
    P.requests_withdraw,
    P.requests_drop_lines,
    P.requests_comment,
    P.approvals_answer,
    P.approvals_read,
    P.orders_read,
    P.orders_receive,
    P.quotes_compare,
}
_OVERSIGHT = {
    P.requests_read_all,
    P.rfqs_read,
    P.vendors_read,
    P.dashboard_read,
    P.policies_read,
    P.organisation_read,
    P.rates_read,
    P.insights_read,
}

ROLE_PERMISSIONS: MappingProxyType[Role, frozenset[P]] = MappingProxyType(
    {
        Role.requester: frozenset(_STAFF),
        Role.officer: frozenset(
            _STAFF
            | _OVERSIGHT
            | {
                P.requests_enter,
                P.requests_cancel,
                P.requests_reject,
                P.rfqs_send,
                P.rfqs_amend,
                P.rfqs_enter,
                P.rfqs_clarify,
                P.rfqs_close,
                P.rfqs_propose,
                P.vendors_create,
                P.vendors_link,
                P.vendors_edit,
                P.vendors_hold,
                P.approvals_decide,
                P.delegations_make,
                P.orders_enter,
                P.orders_cancel,
                P.orders_close,
                P.orders_settle,
                P.insights_dismiss,
            }
        ),
        Role.manager: frozenset(
            _STAFF | _OVERSIGHT | {P.approvals_decide, P.delegations_make, P.insights_dismiss}
        ),
        Role.finance: frozenset(
            _STAFF
            | _OVERSIGHT
            | {P.approvals_decide, P.delegations_make, P.rates_load, P.audit_read, P.insights_dismiss}
        ),
        Role.vendor: frozenset(
            _SELF
            | {
                P.rfqs_read,
                P.rfqs_answer,
                P.rfqs_ask,
                P.colleagues_name,
                P.insights_own,
                P.orders_read,
                P.orders_acknowledge,
                P.orders_refuse,
                P.orders_change,
                P.orders_settle,
            }
        ),
        Role.admin: frozenset(
            _STAFF
            | _OVERSIGHT
            | {
                P.requests_enter,
                P.requests_cancel,
                P.requests_reject,
                P.vendors_create,
                P.vendors_link,
                P.vendors_edit,
                P.vendors_hold,
                P.vendors_approve,
                P.vendors_categorise,
                P.approvals_decide,
                P.delegations_make,
                P.policies_set,
                P.policies_simulate,
                P.approvals_reassign,
                P.orders_cancel,
                P.orders_close,
                P.orders_settle,
                P.rates_load,
                P.people_manage,
                P.people_disable,
                P.people_erase,
                P.people_roles,
                P.passwords_link,
                P.organisation_set,
                P.departments_set,
                P.cost_centres_set,
                P.groups_bind,
                P.deliveries_read,
                P.deliveries_replay,
                P.backups_make,
                P.backups_restore,
                P.audit_read,
                P.audit_verify,
                P.insights_dismiss,
                P.insights_switch,
            }
        ),
        Role.auditor: frozenset(
            {P.me_read, P.me_change, P.links_make, P.documents_read}
            | _OVERSIGHT
            | {
                P.requests_read,
                P.quotes_compare,
                P.approvals_read,
                P.orders_read,
                P.deliveries_read,
                P.audit_read,
                P.audit_verify,
            }
        ),
        Role.service_bot: frozenset(
            {
                P.chat_exchange,
                P.chat_link,
                P.chat_reach,
                P.chat_drafts,
                P.chat_messages,
                P.chat_installations,
                P.groups_note,
            }
        ),
        Role.system_approvals: frozenset({P.approvals_open, P.approvals_route}),
        Role.system_deadlines: frozenset(
            {
                P.rfqs_close,
                P.rfqs_remind,
                P.approvals_remind,
                P.approvals_route,
                P.delegations_expire,
                P.orders_issue,
            }
        ),
        Role.system_notices: frozenset({P.notices_send, P.chat_reach}),
        Role.system_cards: frozenset({P.chat_reach, P.chat_installations_lose, P.groups_note}),
        Role.system_dashboard: frozenset({P.dashboard_project}),
        Role.system_n8n: frozenset({P.notices_send, P.flows_report, P.approvals_route}),
        Role.system_insights: frozenset({P.insights_run}),
    }
)


@cache
def permissions_of(roles: frozenset[Role]) -> frozenset[P]:
    """All rights of these roles together."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))


def roles_with(permission: P) -> Iterable[Role]:
    """The roles of people that have this right, for the text of a refusal."""
    return (role for role in PEOPLE if permission in ROLE_PERMISSIONS[role])


def roles_named(text: str) -> tuple[Role, ...]:
    """The people's roles of a refusal's ``who``, such as ``manager, admin``; none when it names anything else."""
    known = {role.value: role for role in PEOPLE}
    parts = text.split(", ")
    return tuple(known[part] for part in parts) if all(part in known for part in parts) else ()
