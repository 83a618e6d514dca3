"""How every endpoint is called: a body that can be read, a query, and ids of what does not exist.

One rule: whoever may call an endpoint gets past its rights with these, and changes nothing that other callers need.
"""

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from api.contract import endpoints as e

UNKNOWN = str(UUID(int=7))
CHAT = {"platform": "telegram", "external_id": "1"}
DRAFT = {**CHAT, "chat_id": "1", "thread_id": ""}
GROUP = {"platform": "telegram", "chat_id": "-1"}
VERSION = {"expected_version": 1}
QUERIES = {
    e.usual_quantity.name: {"description": "Desk", "unit": "pcs", "quantity": "1"},
    e.prove_consistency.name: {"first": "1"},
    e.demand_needs.name: {"first": "2026-01-01", "last": "2026-06-01"},
}
_IN_PATHS = {
    **dict.fromkeys(("id", "question_id", "quote_id", "receipt_id", "vendor_id"), UNKNOWN),
    "team": "T1",
    "code": "7",
    "kind": "rfq",
    "rule": "price",
    "feature": "demand",
}
STEP = {"name": "all", "approvers": [{"role": "manager"}]}


class RouteCall(NamedTuple):
    """What a call of an endpoint needs beside its body: all that it names is unknown."""

    method: str
    path: str
    query: dict[str, str]
    files: dict[str, tuple[str, bytes]] | None


def how_to_call(name: str) -> RouteCall:
    """The address and the query of an endpoint by its name, ``POST /documents``, and its files if it takes any."""
    method, _, path = name.partition(" ")
    for part, value in _IN_PATHS.items():
        path = path.replace(f"{{{part}}}", value)
    query = DRAFT if path == "/chat/drafts" and method != "PUT" else QUERIES.get(name, {})
    files = {"file": ("a.csv", b"currency,day,rate\nEUR,2026-11-23,1.09\n")}
    return RouteCall(method, path, query, files if name in ("POST /documents", "POST /rates/csv") else None)


def bodies(now: dt.datetime, bot_key: str) -> dict[str, Any]:
    """A body that can be read for every endpoint that takes one."""
    return people_bodies(bot_key) | administration_bodies() | purchase_bodies(now)


def administration_bodies() -> dict[str, Any]:
    """What changes nothing that other callers need: people and vendors are unknown, values are those there are."""
    policy = {"currency": "USD", "tiers": [{"name": "all", "steps": [STEP]}]}
    return {
        e.add_person.name: {"name": "Rosa", "roles": ["requester"]},
        e.edit_person.name: {"name": "Rosa"},
        e.change_roles.name: {"roles": ["requester"]},
        e.set_password.name: {"code": "x" * 22, "password": "a long enough password"},
        e.set_organisation.name: {
            "name": "Northwind",
            "base_currency": "USD",
            "locale": "en",
            "zone": "UTC",
        },
        e.set_department.name: {"name": "Seven"},
        e.set_cost_centre.name: {"name": "Seven", "department": "IT"},
        e.load_rates.name: {"rates": [{"currency": "EUR", "day": "2026-11-23", "rate": "1.09"}]},
        e.edit_vendor.name: {"name": "Alder"},
        e.add_contact.name: {"name": "Vera", "email": "vera.two@example.com"},
        e.approve_vendor.name: {"until": "2099-01-01"},
        e.hold_vendor.name: {"kind": "rfq", "reason": "late deliveries"},
        e.set_categories.name: {"names": []},
        e.switch_insight.name: {"enabled": True},
        e.set_standings.name: {},
        e.override_standing.name: {"kind": "rfq", "reason": "the only one who has it"},
        e.set_policy.name: policy,
        e.simulate_policy.name: policy,
        **finding_bodies(),
    }


def finding_bodies() -> dict[str, Any]:
    used = {"switched_on": True, "raises_level": False, "in_digest": False}
    return {
        e.dismiss_finding.name: {"reason": "the agreed price"},
        e.confirm_finding.name: {},
        e.hold_finding.name: {},
        e.switch_insight.name: {"enabled": True},
        e.set_finding_rule.name: {**used, "weekly_cards": 5, "limit_amount": "0"},
    }


def people_bodies(bot_key: str) -> dict[str, Any]:
    use = {**CHAT, "code": "x" * 22, "display_name": "V"}
    hook = {"event_id": UNKNOWN}
    return {
        e.login.name: {"email": "nobody@example.com", "password": "x"},
        e.refresh.name: {"refresh_token": "x"},
        e.logout.name: {"refresh_token": "x"},
        e.service_token.name: {"key": bot_key},
        e.chat_token.name: CHAT,
        e.make_link.name: {},
        e.web_ticket.name: {"path": "/home"},
        e.answer_web_login.name: {"number": 47},
        e.change_preferences.name: {"digest_hour": 7},
        e.preview_link.name: use,
        e.confirm_link.name: use,
        e.set_chat_reachable.name: {**CHAT, "reachable": True},
        e.save_draft.name: {**DRAFT, "form": "f", "step": "s", "values": {}, "version": 0},
        e.register_message.name: {
            **CHAT,
            "chat_id": "1",
            "message_id": "1",
            "subject": {"kind": "request", "id": UNKNOWN},
            "card": "request",
            "version": 1,
        },
        e.save_installation.name: {"team_name": "N", "bot_user_id": "U1", "bot_token": "xoxb-1-2-3"},
        e.bind_group.name: {
            **GROUP,
            "title": "IT",
            "kind": "forum",
            "place": {"kind": "department", "code": "IT"},
        },
        e.move_group.name: {**GROUP, "moved_to": "-1001"},
        e.set_group_reachable.name: {**GROUP, "reachable": True},
        e.hook_notices.name: {**hook, "kind": "k", "recipients": [{"person_id": UNKNOWN, "text": "t"}]},
        e.hook_status.name: {**hook, "status": "s"},
        e.hook_routes.name: {**hook, "approval_id": UNKNOWN, "ask_first": UNKNOWN},
    }


def purchase_bodies(now: dt.datetime) -> dict[str, Any]:
    soon, later = str(now.date() + dt.timedelta(days=9)), (now + dt.timedelta(days=2)).isoformat()
    line = {"description": "Desk", "quantity": "1"}
    quote_line = {"rfq_line_id": UNKNOWN, "unit_price": "1"}
    contact = {"name": "Vera", "email": "vera@example.com"}
    quote = {
        "rfq_id": UNKNOWN,
        "currency": "USD",
        "valid_until": soon,
        "lead_time_days": 1,
        "lines": [quote_line],
    }
    return {
        e.create_request.name: {"lines": [line], "currency": "USD", "needed_by": soon, "cost_centre": "IT"},
        e.parse_request.name: {"text": "3 laptops"},
        e.bought_before.name: {"items": ["Laptop"]},
        e.edit_request.name: {},
        e.submit_request.name: VERSION,
        e.take_back_request.name: VERSION,
        e.withdraw_request.name: VERSION,
        e.reject_request.name: {**VERSION, "reason": "not needed"},
        e.cancel_request.name: {**VERSION, "reason": "not needed"},
        e.drop_lines.name: {**VERSION, "line_ids": [UNKNOWN]},
        e.copy_request.name: {},
        e.comment.name: {"text": "Blue, please."},
        e.send_rfq.name: {"vendor_ids": [UNKNOWN], "quote_by": later},
        e.close_rfq.name: {},
        e.propose_quote.name: {"quote_id": UNKNOWN, "reason": "sooner"},
        e.split_award.name: {"lines": [{"rfq_line_id": UNKNOWN, "quote_id": UNKNOWN}], "reason": "cheaper"},
        e.decline_rfq.name: {"reason": "sold out"},
        **amendment_bodies(later),
        e.create_vendor.name: {
            "name": "New",
            "category": "IT",
            "currency": "USD",
            "country": "DE",
            "contact": contact,
        },
        e.link_vendor.name: {},
        e.link_to_rfq.name: {"vendor_id": UNKNOWN},
        e.link_to_order.name: {"vendor_id": UNKNOWN},
        e.delegate.name: {"to": UNKNOWN, "until": later},
        e.submit_quote.name: quote,
        e.enter_quote.name: {**quote, "vendor_id": UNKNOWN},
        e.parse_quote.name: {"text": "1: 20"},
        e.read_quote_file.name: {"rfq_id": UNKNOWN, "document_id": UNKNOWN},
        e.withdraw_quote.name: {},
        e.decide.name: {"approval_id": UNKNOWN, "verb": "approve", **VERSION},
        e.forward_step.name: {"to": UNKNOWN, "reason": "knows it", **VERSION},
        e.reassign_step.name: {"to": UNKNOWN, "from_person": UNKNOWN, "reason": "is away", **VERSION},
        e.answer_question.name: {"text": "Because."},
        e.acknowledge_order.name: {},
        e.enter_acknowledgement.name: {},
        e.receive_order.name: {"lines": [{"line_id": UNKNOWN, "accepted": "1"}]},
        e.cancel_order.name: {"reason": "not needed"},
        **order_bodies(soon),
    }


def order_bodies(soon: str) -> dict[str, Any]:
    why = {"reason": "not needed"}
    received = {"line_id": UNKNOWN, "accepted": "1"}
    return {
        e.refuse_order.name: why,
        e.change_order.name: {**why, "due_on": soon},
        e.call_off_order.name: why,
        e.accept_change.name: {},
        e.decline_change.name: why,
        e.take_back_change.name: {},
        e.correct_receipt.name: {**why, "lines": [received]},
        e.return_goods.name: {**why, "lines": [{"line_id": UNKNOWN, "quantity": "1"}]},
        e.close_order_short.name: why,
        e.set_receiving_policy.name: {},
        e.assign_cost_centre.name: {"cost_centre": None},
    }


def amendment_bodies(later: str) -> dict[str, Any]:
    return {
        e.move_deadline.name: {"quote_by": later},
        e.add_vendors.name: {"vendor_ids": [UNKNOWN]},
        e.correct_rfq.name: {"note": "in blue"},
        e.cancel_rfq.name: {"reason": "wrong model"},
        e.ask_rfq_question.name: {"text": "Which colour?"},
        e.answer_rfq_question.name: {"text": "Blue."},
        e.confirm_quote.name: {},
        e.ask_to_complete.name: {},
        e.attach_files.name: {"document_ids": [UNKNOWN]},
    }
