"""Who may call what: every endpoint, the right it needs, and the callers that have it. Read it as a table.

R requester · O officer · M manager · F finance · V vendor · A admin · U auditor · B a bot's own token
N nobody (no token). An endpoint that is not listed here fails the test; so does one caller too many.
"""

from api.contract import endpoints as e
from core.access.permissions import Permission as P
from core.access.roles import Role

CALLERS: dict[str, Role | None] = {
    "R": Role.requester,
    "O": Role.officer,
    "M": Role.manager,
    "F": Role.finance,
    "V": Role.vendor,
    "A": Role.admin,
    "U": Role.auditor,
    "B": Role.service_bot,
    "N": None,
}

EVERYBODY = "ROMFVAUBN"
PUBLIC = None
"""No right is needed: the endpoint proves who one is, or tells nothing."""
CALL_BACK = "call-back"
"""Only the token that came with an event."""

TABLE: dict[str, tuple[P | str | None, str]] = {
    e.login.name: (PUBLIC, EVERYBODY),
    e.refresh.name: (PUBLIC, EVERYBODY),
    e.logout.name: (PUBLIC, EVERYBODY),
    e.service_token.name: (PUBLIC, EVERYBODY),
    e.live.name: (PUBLIC, EVERYBODY),
    e.ready.name: (PUBLIC, EVERYBODY),
    e.chat_token.name: (P.chat_exchange, "B"),
    e.me.name: (P.me_read, "ROMFVAU"),
    e.list_people.name: (P.people_manage, "A"),
    e.my_worklist.name: (P.me_read, "ROMFVAU"),
    e.my_digest.name: (P.me_read, "ROMFVAU"),
    e.my_preferences.name: (P.me_read, "ROMFVAU"),
    e.change_preferences.name: (P.me_change, "ROMFVAU"),
    e.make_link.name: (P.links_make, "ROMFVAU"),
    e.revoke_link.name: (P.links_make, "ROMFVAU"),
    e.preview_link.name: (P.chat_link, "B"),
    e.confirm_link.name: (P.chat_link, "B"),
    e.set_chat_reachable.name: (P.chat_reach, "B"),
    e.draft.name: (P.chat_drafts, "B"),
    e.save_draft.name: (P.chat_drafts, "B"),
    e.delete_draft.name: (P.chat_drafts, "B"),
    e.register_message.name: (P.chat_messages, "B"),
    e.save_installation.name: (P.chat_installations, "B"),
    e.installation.name: (P.chat_installations, "B"),
    e.revoke_installation.name: (P.chat_installations, "B"),
    e.list_groups.name: (P.groups_bind, "A"),
    e.bind_group.name: (P.groups_bind, "A"),
    e.unbind_group.name: (P.groups_bind, "A"),
    e.move_group.name: (P.groups_note, "B"),
    e.set_group_reachable.name: (P.groups_note, "B"),
    e.create_request.name: (P.requests_create, "ROMFA"),
    e.parse_request.name: (P.requests_create, "ROMFA"),
    e.list_requests.name: (P.requests_read, "ROMFAU"),
    e.show_request.name: (P.requests_read, "ROMFAU"),
    e.edit_request.name: (P.requests_create, "ROMFA"),
    e.submit_request.name: (P.requests_create, "ROMFA"),
    e.withdraw_request.name: (P.requests_withdraw, "ROMFA"),
    e.cancel_request.name: (P.requests_cancel, "OA"),
    e.comment.name: (P.requests_comment, "ROMFA"),
    e.list_comments.name: (P.requests_read, "ROMFAU"),
    e.timeline.name: (P.requests_read, "ROMFAU"),
    e.suggest_vendors.name: (P.vendors_read, "OMFAU"),
    e.comparison.name: (P.quotes_compare, "ROMFAU"),
    e.send_rfq.name: (P.rfqs_send, "O"),
    e.list_rfqs.name: (P.rfqs_read, "OMFVAU"),
    e.show_rfq.name: (P.rfqs_read, "OMFVAU"),
    e.close_rfq.name: (P.rfqs_close, "O"),
    e.propose_quote.name: (P.rfqs_propose, "O"),
    e.decline_rfq.name: (P.rfqs_answer, "V"),
    e.list_vendors.name: (P.vendors_read, "OMFAU"),
    e.create_vendor.name: (P.vendors_create, "OA"),
    e.show_vendor.name: (P.vendors_read, "OMFAU"),
    e.link_vendor.name: (P.vendors_link, "OA"),
    e.submit_quote.name: (P.rfqs_answer, "V"),
    e.parse_quote.name: (P.rfqs_answer, "V"),
    e.list_quotes.name: (P.rfqs_read, "OMFVAU"),
    e.withdraw_quote.name: (P.rfqs_answer, "V"),
    e.list_approvals.name: (P.approvals_read, "ROMFAU"),
    e.show_approval.name: (P.approvals_read, "ROMFAU"),
    e.decide.name: (P.approvals_decide, "OMFA"),
    e.forward_step.name: (P.approvals_decide, "OMFA"),
    e.reassign_step.name: (P.approvals_reassign, "A"),
    e.answer_question.name: (P.approvals_answer, "ROMFA"),
    e.show_policy.name: (P.policies_read, "OMFAU"),
    e.set_policy.name: (P.policies_set, "A"),
    e.delegate.name: (P.delegations_make, "OMFA"),
    e.list_delegations.name: (P.delegations_make, "OMFA"),
    e.list_colleagues.name: (P.delegations_make, "OMFA"),
    e.end_delegation.name: (P.delegations_make, "OMFA"),
    e.list_orders.name: (P.orders_read, "ROMFVAU"),
    e.show_order.name: (P.orders_read, "ROMFVAU"),
    e.acknowledge_order.name: (P.orders_acknowledge, "V"),
    e.receive_order.name: (P.orders_receive, "ROMFA"),
    e.cancel_order.name: (P.orders_cancel, "OA"),
    e.status.name: (P.dashboard_read, "OMFAU"),
    e.list_deliveries.name: (P.deliveries_read, "AU"),
    e.replay_delivery.name: (P.deliveries_replay, "A"),
    e.list_events.name: (P.audit_read, "FAU"),
    e.verify_log.name: (P.audit_verify, "AU"),
    e.hook_notices.name: (CALL_BACK, ""),
    e.hook_status.name: (CALL_BACK, ""),
    e.hook_routes.name: (CALL_BACK, ""),
    "POST /documents": (P.documents_upload, "ROMFVA"),
    "GET /documents/{id}": (P.documents_read, "ROMFVAU"),
    "GET /.well-known/jwks.json": (PUBLIC, EVERYBODY),
    "GET /openapi.json": (PUBLIC, EVERYBODY),
}

NOT_IN_THE_CONTRACT = {
    "POST /documents": "a form, not JSON",
    "GET /documents/{id}": "bytes, not JSON",
    "GET /.well-known/jwks.json": "its shape is RFC 7517's",
    "GET /openapi.json": "its shape is OpenAPI's",
}
