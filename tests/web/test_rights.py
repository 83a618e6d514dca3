"""Every action of every page × every role, own and foreign: what the table of routes says, and nothing else."""

from collections.abc import Mapping
from uuid import UUID

from api.contract import endpoints as e
from api.web.action_forms import ACTIONS, COMMENT
from core.access.roles import ROLE_PERMISSIONS, Role
from core.kernel.actions import ActionVerb as V
from tests.architecture.route_table import TABLE
from tests.support.api import Api
from tests.support.world import World
from tests.web.browser import browser_of

ENDPOINTS: Mapping[tuple[str, str], str] = {
    ("request", V.submit): e.submit_request.name,
    ("request", V.take_back): e.take_back_request.name,
    ("request", V.withdraw): e.withdraw_request.name,
    ("request", V.reject): e.reject_request.name,
    ("request", V.cancel): e.cancel_request.name,
    ("request", "comment"): e.comment.name,
    ("rfq", V.close): e.close_rfq.name,
    ("rfq", V.cancel): e.cancel_rfq.name,
    ("quote", V.propose): e.propose_quote.name,
    ("approval", V.approve): e.decide.name,
    ("approval", V.reject): e.decide.name,
    ("approval", V.reject_request): e.decide.name,
    ("approval", V.ask): e.decide.name,
    ("approval", V.undo): e.decide.name,
    ("approval", V.answer): e.answer_question.name,
    ("order", V.acknowledge): e.acknowledge_order.name,
    ("order", V.refuse): e.refuse_order.name,
    ("order", V.acknowledge_for): e.enter_acknowledgement.name,
    ("order", V.accept): e.accept_change.name,
    ("order", V.decline): e.decline_change.name,
    ("order", V.withdraw): e.take_back_change.name,
    ("order", V.call_off): e.call_off_order.name,
    ("order", V.receive): e.receive_order.name,
    ("order", V.close_short): e.close_order_short.name,
    ("order", V.cancel): e.cancel_order.name,
    ("rfq", V.split_award): e.split_award.name,
}
"""What each form runs."""
ROLES = (Role.requester, Role.officer, Role.manager, Role.finance, Role.admin, Role.auditor, Role.vendor)
UNKNOWN = str(UUID(int=7))
FIELDS = {
    "subject": UNKNOWN,
    "version": "1",
    "quote": UNKNOWN,
    "reason": "not needed",
    "comment": "not needed",
    "text": "not needed",
    "note": "by phone",
    "lines.0.line_id": UNKNOWN,
    "lines.0.accepted": "1",
    f"choice.{UNKNOWN}": UNKNOWN,
}


def test_every_action_is_in_the_table() -> None:
    assert set(ENDPOINTS) == set(ACTIONS) | {("request", "comment")}
    names = {key: row.handler.__name__ for key, row in ACTIONS.items()} | {("request", "comment"): "comment"}
    assert COMMENT.handler.__name__ == "comment"
    assert len(names) == len(ENDPOINTS) == 26


async def test_every_form_is_refused_to_whom_the_api_refuses_it(api: Api, world: World) -> None:
    request = await world.a_request()
    number, surprises, cells = request.request.number, [], 0
    for role in ROLES:
        person = (await world.a_vendor())[1] if role is Role.vendor else await world.the(role)
        async with browser_of(api, world, person) as browser:
            for (kind, verb), endpoint in ENDPOINTS.items():
                right = TABLE[endpoint][0]
                path = f"/purchases/{number}/{kind}/{getattr(verb, 'value', verb)}"
                answer = await browser.post(path, {**FIELDS, "nonce": f"{role.value}-{kind}-{verb}"})
                expected = 404 if right in ROLE_PERMISSIONS[role] else 403
                cells += 1
                if answer.status_code != expected:
                    surprises.append((role.value, path, answer.status_code))
    assert surprises == []
    assert cells == len(ROLES) * len(ENDPOINTS)


async def test_what_no_action_is_does_nothing(api: Api, world: World) -> None:
    request = await world.a_request(submit=False)
    async with browser_of(api, world, await world.a_requester()) as browser:
        page = f"/purchases/{request.request.number}"
        for path in (f"{page}/request/edit", f"{page}/request/steal", f"{page}/vendor/submit"):
            assert (await browser.post(path, FIELDS)).status_code == 404
        for subject in ("", "7", "' OR 1=1"):
            fields = {**FIELDS, "subject": subject}
            assert (await browser.post(f"{page}/request/submit", fields)).status_code == 404
        foreign = await world.a_request(await world.a_person(Role.requester), submit=False)
        fields = {**FIELDS, "subject": str(foreign.request.id)}
        assert (await browser.post(f"{page}/request/submit", fields)).status_code == 404
        assert "request.submitted" not in await world.events_of(foreign.request.id)
