"""Every route × every caller, called for real: what the table says, and nothing else."""

import datetime as dt
from typing import Any
from uuid import UUID

from api.contract import endpoints as e
from api.contract.endpoints import ENDPOINTS
from core.access.roles import ROLE_PERMISSIONS, Role
from core.kernel.ids import new_id
from tests.architecture.route_table import CALL_BACK, CALLERS, NOT_IN_THE_CONTRACT, PUBLIC, TABLE
from tests.support.api import BOT_KEY, Api
from tests.support.world import World

UNKNOWN = str(UUID(int=7))
CHAT = {"platform": "telegram", "external_id": "1"}
DRAFT = {**CHAT, "chat_id": "1", "thread_id": ""}
GROUP = {"platform": "telegram", "chat_id": "-1"}
VERSION = {"expected_version": 1}
STEP = {"name": "all", "approvers": [{"role": "manager"}]}


def bodies(world: World) -> dict[str, Any]:
    """A body that can be read for every endpoint that takes one."""
    return people_bodies() | administration_bodies() | purchase_bodies(world)


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
        e.set_policy.name: policy,
        e.simulate_policy.name: policy,
    }


def people_bodies() -> dict[str, Any]:
    use = {**CHAT, "code": "x" * 22, "display_name": "V"}
    hook = {"event_id": UNKNOWN}
    return {
        e.login.name: {"email": "nobody@example.com", "password": "x"},
        e.refresh.name: {"refresh_token": "x"},
        e.logout.name: {"refresh_token": "x"},
        e.service_token.name: {"key": BOT_KEY},
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


def purchase_bodies(world: World) -> dict[str, Any]:
    soon, later = str(world.today + dt.timedelta(days=9)), (world.now + dt.timedelta(days=2)).isoformat()
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


def test_every_endpoint_and_every_route_is_in_the_table() -> None:
    assert {endpoint.name for endpoint in ENDPOINTS} | set(NOT_IN_THE_CONTRACT) == set(TABLE)


def test_the_table_agrees_with_the_rights_of_the_roles() -> None:
    for name, (right, callers) in TABLE.items():
        if right is PUBLIC:
            expected = "".join(CALLERS)
        elif right == CALL_BACK:
            expected = ""
        else:
            expected = "".join(
                sign for sign, role in CALLERS.items() if role is not None and right in ROLE_PERMISSIONS[role]
            )
        assert callers == expected, name


async def caller(api: Api, world: World, role: Role | None) -> Api:
    if role is None:
        return api
    if role is Role.service_bot:
        return api.as_bot()
    if role is Role.vendor:
        return api.as_((await world.a_vendor())[1])
    return api.as_(await world.the(role))


async def verdict(api: Api, name: str, body: Any) -> str:
    """``yes``, ``who`` (not known) or ``no`` (known and refused); anything above 499 is a surprise."""
    method, _, path = name.partition(" ")
    query = DRAFT if path == "/chat/drafts" and method != "PUT" else {}
    table = b"currency,day,rate\nEUR,2026-11-23,1.09\n"
    files = {"file": ("a.csv", table)} if name in ("POST /documents", "POST /rates/csv") else None
    headers = {"Idempotency-Key": str(new_id())}
    answer = await api.send(
        method,
        path.replace("{id}", UNKNOWN)
        .replace("{question_id}", UNKNOWN)
        .replace("{quote_id}", UNKNOWN)
        .replace("{receipt_id}", UNKNOWN)
        .replace("{vendor_id}", UNKNOWN)
        .replace("{team}", "T1")
        .replace("{code}", "7")
        .replace("{kind}", "rfq"),
        body,
        headers=headers,
        params=query,
        files=files,
    )
    code = answer.json().get("code", "") if "problem" in answer.headers.get("content-type", "") else ""
    if answer.status_code >= 500:
        return f"surprise: {answer.status_code} {code}"
    return {"unauthorized": "who", "forbidden": "no"}.get(code, "yes")


async def test_every_route_answers_every_caller_as_the_table_says(api: Api, world: World) -> None:
    given, wrong, cells = bodies(world), [], 0
    for sign, role in CALLERS.items():
        who = await caller(api, world, role)
        for name, (right, callers) in TABLE.items():
            denied = "who" if role is None or right == CALL_BACK else "no"
            expected = "yes" if sign in callers else denied
            found = await verdict(who, name, given.get(name))
            cells += 1
            if found != expected:
                wrong.append((name, sign, expected, found))
    assert wrong == []
    assert cells == len(CALLERS) * len(TABLE) > 500
