"""What flows call back: with the token of one event, for that event and its actions, and nothing decided."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import jwt
from sqlalchemy import select

from core.access.roles import Role
from core.approvals.model import Approval
from core.automations.callback_token import MAX_LENGTH, CallbackClaims, issue, person_mark, read
from core.decisions import queries as approvals
from core.log.tables import audit_events
from core.notifications.tables import notices
from core.people.commands import DisablePerson
from core.people.model import Person
from core.people.service import disable_person
from tests.support.api import CALLBACK_SECRET, Api
from tests.support.world import ADMINISTRATOR, World

ALL = ["notices", "status", "routes"]


def token(
    world: World, event_id: UUID, actions: list[str], people: Sequence[Person] = (), **changes: Any
) -> str:
    """A token as the worker issues it, for an event of the type ``knd``."""
    claims = {
        "aud": "parley-hooks",
        "sub": str(event_id),
        "act": actions,
        "knd": "request.submitted",
        "ppl": [person_mark(person.id) for person in people],
        "cor": "c-1",
        "exp": world.now + dt.timedelta(hours=24),
        **changes,
    }
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, CALLBACK_SECRET, "HS256")


async def event_of(world: World, subject_id: UUID, kind: str) -> UUID:
    event = audit_events.c
    async with world.engine.connect() as connection:
        found = await connection.scalars(
            select(event.id).where(event.subject_id == subject_id, event.type == kind)
        )
        event_id: UUID = found[0]
    return event_id


async def test_a_notice_is_taken_once_per_event_and_person(api: Api, world: World) -> None:
    officer = await world.an_officer()
    event_id = await event_of(world, (await world.a_request()).request.id, "request.submitted")
    caller = api.with_token(token(world, event_id, ["notices"], [officer]))
    person = {"person_id": str(officer.id), "text": "A request came in.", "locale": "en"}
    body = {"event_id": str(event_id), "kind": "request.submitted", "title": "New", "recipients": [person]}
    first = await caller.send("POST", "/hooks/n8n/notices", body)
    second = await caller.send("POST", "/hooks/n8n/notices", body)
    assert (first.status_code, first.json()["accepted"]) == (202, 1)
    assert (second.status_code, second.json()) == (200, {"accepted": 0, "known": 1, "detail": ""})
    event = audit_events.c
    async with world.engine.connect() as connection:
        row = (
            await connection.execute(
                select(event.actor, event.channel, event.causation_id, event.correlation_id).where(
                    event.type == "notices.accepted"
                )
            )
        ).one()
    assert tuple(row) == ("system:n8n", "n8n", event_id, "c-1")


async def test_a_notice_needs_words_and_a_person(api: Api, world: World) -> None:
    event_id, officer = uuid4(), await world.an_officer()
    gone = await world.a_person(Role.officer)
    await world.act(ADMINISTRATOR, disable_person, DisablePerson(gone.id))
    caller = api.with_token(token(world, event_id, ["notices"], [officer, gone]))
    for person, field in (
        ({"person_id": str(gone.id), "text": "Hello"}, "/recipients/0/person_id"),
        ({"person_id": str(officer.id)}, "/recipients/0/text"),
    ):
        body = {"event_id": str(event_id), "kind": "request.submitted", "recipients": [person]}
        answer = await caller.send("POST", "/hooks/n8n/notices", body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_a_flow_speaks_only_to_people_whom_its_event_concerns(api: Api, world: World) -> None:
    officer, manager = await world.an_officer(), await world.a_manager()
    event_id = await event_of(world, (await world.a_request()).request.id, "request.submitted")
    caller = api.with_token(token(world, event_id, ["notices"], [officer]))
    cases = (
        ([officer, manager], "request.submitted", (422, "/recipients/1/person_id")),
        ([officer], "quote.submitted", (422, "/kind")),
        ([officer], "request.submitted ", (422, "/kind")),
    )
    for people, kind, refused in cases:
        recipients = [{"person_id": str(person.id), "text": "Pay at once."} for person in people]
        body = {"event_id": str(event_id), "kind": kind, "recipients": recipients}
        answer = await caller.send("POST", "/hooks/n8n/notices", body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == refused
    async with world.engine.connect() as connection:
        assert await connection.scalars(select(notices.c.id)) == []


async def test_the_worker_names_whom_the_event_concerns_in_the_token(world: World) -> None:
    told = await world.a_person(Role.officer)
    claims = CallbackClaims(uuid4(), "rfq.sent", ("notices",), "c-1", frozenset({person_mark(told.id)}))
    issued = issue(claims, CALLBACK_SECRET, world.now)
    assert read(issued, CALLBACK_SECRET, world.now) == claims
    many = replace(claims, people=frozenset(person_mark(uuid4()) for _ in range(700)))
    assert len(issue(many, CALLBACK_SECRET, world.now)) < MAX_LENGTH


async def test_a_report_stands_on_the_dashboard_once(api: Api, world: World) -> None:
    event_id = uuid4()
    caller = api.with_token(token(world, event_id, ["status"]))
    body = {"event_id": str(event_id), "status": "handed over", "execution_id": "7"}
    codes = [(await caller.send("POST", "/hooks/n8n/status", body)).status_code for _ in range(2)]
    assert codes == [202, 200]
    shown = (await api.as_(await world.a_manager()).send("GET", "/dashboard/status")).json()
    assert [item["status"] for item in shown["automations"]] == ["handed over"]


async def unrouted(world: World) -> tuple[Approval, UUID]:
    """An approval that waits for its route, and the event that told of it."""
    await world.a_person(Role.manager)
    approval = (await world.an_open_approval(route_wait=dt.timedelta(seconds=10))).approval
    return approval, await event_of(world, approval.id, "approval.opened")


async def test_a_flow_names_a_candidate_who_is_asked_first(api: Api, world: World) -> None:
    manager = await world.a_manager()
    approval, event_id = await unrouted(world)
    caller = api.with_token(token(world, event_id, ["routes"]))
    body = {"event_id": str(event_id), "approval_id": str(approval.id)}
    stranger = await caller.send(
        "POST", "/hooks/n8n/routes", {**body, "ask_first": str((await world.an_officer()).id)}
    )
    assert (stranger.status_code, stranger.json()["code"]) == (403, "approvals.bad_route")
    taken = await caller.send("POST", "/hooks/n8n/routes", {**body, "ask_first": str(manager.id)})
    assert (taken.status_code, taken.json()["accepted"]) == (202, 1)
    shown = await world.act(manager, approvals.show, approval.id)
    assert shown.approval.steps[0].asked_first == manager.id
    assert shown.approval.state == "pending"


async def test_a_token_is_good_for_its_event_and_actions_only(api: Api, world: World) -> None:
    manager = await world.a_manager()
    _, event_id = await unrouted(world)
    other = (await world.an_open_approval(route_wait=dt.timedelta(seconds=10))).approval
    route = {"event_id": str(event_id), "approval_id": str(other.id), "ask_first": str(manager.id)}
    report = {"event_id": str(event_id), "status": "seen"}
    status, routes = "/hooks/n8n/status", "/hooks/n8n/routes"
    cases = {
        "another event": (status, token(world, uuid4(), ALL), report, 403),
        "another action": (status, token(world, event_id, ["notices"]), report, 403),
        "another approval": (routes, token(world, event_id, ALL), route, 404),
        "expired": (
            status,
            token(world, event_id, ALL, exp=world.now - dt.timedelta(minutes=1)),
            report,
            401,
        ),
        "no exp": (status, token(world, event_id, ALL, exp=None), report, 401),
        "for n8n's own door": (status, token(world, event_id, ALL, aud="n8n"), report, 401),
        "a person's": (status, api.tokens.for_person(manager), report, 401),
        "none": (status, "", report, 401),
    }
    for name, (path, bearer, body, expected) in cases.items():
        answer = await api.with_token(bearer).send("POST", path, body)
        assert answer.status_code == expected, (name, answer.text)


async def test_a_call_back_token_opens_nothing_else(api: Api, world: World) -> None:
    approval, event_id = await unrouted(world)
    caller = api.with_token(token(world, event_id, ALL))
    decide = {"approval_id": str(approval.id), "verb": "approve", "expected_version": 1}
    assert (await caller.send("POST", "/approvals", decide)).status_code == 401
    assert (await caller.send("GET", "/procurement/requests")).status_code == 401
