"""The edge: one transaction, one answer per key, refusals on record, and never a 2xx for what was not committed."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from api.contract import endpoints as e
from api.contract.requests import RequestOut
from core.access.actor import Channel
from core.log.commitments import commitment
from core.log.personal import opened
from core.log.tables import audit_events
from core.requests.tables import procurement_requests
from tests.support.api import Api, ProblemError, start
from tests.support.postgres import Database
from tests.support.world import World


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.owner_url)
    yield connection
    await connection.close()


def wish(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "lines": [{"description": "Desk", "quantity": "2"}],
        "currency": "USD",
        "needed_by": str(world.today + dt.timedelta(days=20)),
        "cost_centre": "IT",
        **changes,
    }


async def requests_made(world: World) -> int:
    async with world.engine.connect() as connection:
        return await connection.scalar(select(func.count()).select_from(procurement_requests)) or 0


async def test_the_same_key_and_body_give_the_same_answer_once(api: Api, world: World) -> None:
    caller = api.as_(await world.a_requester())
    first = await caller.send("POST", "/procurement/request", wish(world), {"Idempotency-Key": "k1"})
    second = await caller.send("POST", "/procurement/request", wish(world), {"Idempotency-Key": "k1"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert await requests_made(world) == 1


async def test_the_same_key_with_another_body_is_refused(api: Api, world: World) -> None:
    caller = api.as_(await world.a_requester())
    made = await caller.call(e.create_request, wish(world), key="k1")
    with pytest.raises(ProblemError, match=r"422 idempotency\.mismatch"):
        await caller.call(e.create_request, wish(world, note="other"), key="k1")
    with pytest.raises(ProblemError, match=r"422 idempotency\.mismatch"):
        await caller.call(e.submit_request, {"expected_version": 1}, key="k1", path={"id": made.id})


async def test_a_link_code_is_never_kept_under_a_key(api: Api, world: World) -> None:
    caller = api.as_(await world.a_requester())
    codes = {(await caller.call(e.make_link, {}, key="k1")).code for _ in range(2)}
    assert len(codes) == 2


async def test_two_people_may_use_the_same_key(api: Api, world: World) -> None:
    one = await api.as_(await world.a_requester()).call(e.create_request, wish(world), key="k1")
    other = await api.as_(await world.an_officer()).call(e.create_request, wish(world), key="k1")
    assert one.id != other.id


async def test_a_key_in_flight_is_told_so(api: Api, world: World, owner: asyncpg.Connection) -> None:
    await owner.execute(SLOW)
    caller = api.as_(await world.a_requester())

    async def create() -> str:
        try:
            return (await caller.call(e.create_request, wish(world), key="k1")).number
        except ProblemError as refused:
            return refused.code

    answers = await asyncio.gather(create(), create(), create())
    assert answers.count("idempotency.in_flight") == 2
    assert await requests_made(world) == 1


SLOW = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.5); RETURN NEW; END';
CREATE TRIGGER slow BEFORE INSERT ON procurement_requests FOR EACH ROW EXECUTE FUNCTION slow();
"""


async def test_a_refusal_is_not_stored_under_its_key(api: Api, world: World) -> None:
    caller = api.as_(await world.a_requester())
    with pytest.raises(ProblemError, match="422"):
        await caller.call(e.create_request, wish(world, cost_centre="NOPE"), key="k1")
    made = await caller.call(e.create_request, wish(world), key="k1")
    assert made.cost_centre == "IT"


@pytest.mark.parametrize("key", ["", " ", "k" * 201, "a b", "ä"])
async def test_an_unreadable_key_is_refused(api: Api, world: World, key: str) -> None:
    caller = api.as_(await world.a_requester())
    headers = {"Idempotency-Key": key.encode("latin-1")}
    answer = await caller.send("POST", "/procurement/request", wish(world), headers)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "/Idempotency-Key"


DEFERRED = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON procurement_requests
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();
"""


async def test_a_commit_that_fails_is_never_answered_2xx(
    api: Api, world: World, owner: asyncpg.Connection
) -> None:
    await owner.execute(DEFERRED)
    caller = api.as_(await world.a_requester())
    answer = await caller.send("POST", "/procurement/request", wish(world), {"Idempotency-Key": "k1"})
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert set(answer.json()["facts"]) == {"reference"}
    await owner.execute("DROP TRIGGER refuse ON procurement_requests")
    assert await requests_made(world) == 0
    assert (await caller.call(e.create_request, wish(world), key="k1")).version == 1


FAIL_TWICE = """
CREATE SEQUENCE tries;
CREATE FUNCTION fail_twice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF nextval('tries') <= 2 THEN RAISE EXCEPTION 'again' USING ERRCODE = '{state}'; END IF; RETURN NEW;
END $$;
CREATE TRIGGER fail_twice BEFORE INSERT ON procurement_requests FOR EACH ROW EXECUTE FUNCTION fail_twice();
GRANT USAGE ON SEQUENCE tries TO PUBLIC;
"""


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_serialization_failures_and_deadlocks_are_tried_again(
    api: Api, world: World, owner: asyncpg.Connection, state: str
) -> None:
    await owner.execute(FAIL_TWICE.format(state=state))
    made = await api.as_(await world.a_requester()).call(e.create_request, wish(world))
    assert made.version == 1
    assert await requests_made(world) == 1


async def test_a_lock_that_does_not_come_is_503_with_a_time_to_wait(
    api: Api, world: World, owner: asyncpg.Connection
) -> None:
    caller = api.as_(await world.a_requester())
    draft = await caller.call(e.create_request, wish(world))
    async with owner.transaction():
        await owner.execute("LOCK TABLE procurement_requests IN ACCESS EXCLUSIVE MODE")
        answer = await caller.send(
            "POST", f"/procurement/requests/{draft.id}/submit", {"expected_version": 1}
        )
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"


async def test_without_its_database_the_api_is_not_ready_and_says_503(
    database: Database, world: World, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        nowhere = SecretStr("postgresql://parley_app:x@127.0.0.1:1/parley")
        api = await start(database, tmp_path, stack, database_url=nowhere)
        assert (await api.send("GET", "/health/live")).status_code == 200
        ready = await api.send("GET", "/health/ready")
        assert (ready.status_code, ready.json()["status"]) == (503, "down")
        answer = await api.as_(await world.a_requester()).send("GET", "/me")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


async def test_a_ready_api_says_whether_the_database_fence_is_on(api: Api) -> None:
    ready = await api.send("GET", "/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ok")
    assert ready.json()["checks"]["fence"] == "ok"


async def test_under_the_owners_login_the_fence_is_said_to_be_off(database: Database, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        api = await start(database, tmp_path, stack, database_url=SecretStr(database.owner_url))
        ready = await api.send("GET", "/health/ready")
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
        assert ready.json()["checks"]["fence"] == "database fence off"


async def drafted(api: Api, world: World) -> RequestOut:
    return await api.as_(await world.a_requester()).call(e.create_request, wish(world))


async def test_stale_and_wrong_state_name_what_changed(api: Api, world: World) -> None:
    caller, draft = api.as_(await world.a_requester()), await drafted(api, world)
    edited = await caller.call(e.edit_request, {"note": "soon"}, path={"id": draft.id})
    assert edited.version == 2
    with pytest.raises(ProblemError, match=r"409 requests\.stale") as stale:
        await caller.call(e.submit_request, {"expected_version": 1}, path={"id": draft.id})
    assert stale.value.problem.facts == {"what": "request", "expected": 1, "current": 2}
    await caller.call(e.submit_request, {"expected_version": 2}, path={"id": draft.id})
    with pytest.raises(ProblemError, match=r"409 requests\.wrong_state") as wrong:
        await caller.call(e.submit_request, {"expected_version": 3}, path={"id": draft.id})
    assert wrong.value.problem.facts["state"] == "submitted"


async def refusals_of(world: World, person_id: object) -> list[dict[str, Any]]:
    async with world.engine.connect() as connection:
        rows = await connection.execute(
            select(audit_events.c.type, audit_events.c.data)
            .where(audit_events.c.type.like("%.refused"), audit_events.c.actor == str(person_id))
            .order_by(audit_events.c.seq)
        )
        return [{"type": row.type, **row.data} for row in rows]


async def test_a_refused_attempt_is_on_record_whatever_the_method(api: Api, world: World) -> None:
    requester = await world.a_requester()
    approval = (await world.an_open_approval()).approval
    decide = {"approval_id": str(approval.id), "verb": "approve", "expected_version": 1}
    with pytest.raises(ProblemError, match="403 forbidden") as refused:
        await api.as_(requester).call(e.decide, decide)
    assert refused.value.problem.facts["permission"] == "approvals:decide"
    assert refused.value.problem.facts.keys() == {"permission", "who"}
    with pytest.raises(ProblemError, match="403"):
        await api.as_(requester).call(e.list_vendors)
    written = await refusals_of(world, requester.id)
    assert [(item["type"], item["attempt"], item["code"]) for item in written] == [
        ("approval.refused", "POST /approvals", "forbidden"),
        ("person.refused", "GET /vendors", "forbidden"),
    ]
    assert (await world.events_of(approval.id))[-1] == "approval.refused"


async def test_a_missing_right_names_who_can_do_it_and_tells_a_vendor_no_names(
    api: Api, world: World
) -> None:
    admin = await world.an_admin()
    for_somebody_else = {"person_id": str(admin.id)}
    with pytest.raises(ProblemError, match="403 forbidden") as refused:
        await api.as_(await world.a_requester()).call(e.make_link, for_somebody_else)
    assert refused.value.problem.detail == f"You don’t have permission to do this. {admin.name} can do it."
    _, contact = await world.a_vendor()
    with pytest.raises(ProblemError, match="403 forbidden") as refused:
        await api.as_(contact).call(e.make_link, for_somebody_else)
    assert refused.value.problem.detail.endswith("It takes one of these roles: administrator.")


async def test_refusals_end_in_one_summary_an_hour(api: Api, world: World) -> None:
    requester = await world.a_requester()
    for _ in range(64):
        assert (await api.as_(requester).send("GET", "/vendors")).status_code == 403
    written = await refusals_of(world, requester.id)
    assert len(written) == 61
    assert [item["code"] for item in written[-2:]] == ["forbidden", "refusals.many"]


async def test_too_many_writes_have_to_wait_and_reading_goes_on(
    database: Database, world: World, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        api = await start(database, tmp_path, stack, writes_per_minute=3)
        caller = api.as_(await world.a_requester())
        codes = [
            (await caller.send("POST", "/procurement/request", wish(world))).status_code for _ in range(4)
        ]
        assert codes == [201, 201, 201, 429]
        assert (await caller.send("GET", "/procurement/requests")).status_code == 200
        other = api.as_(await world.an_officer())
        assert (await other.send("POST", "/procurement/request", wish(world))).status_code == 201


async def test_chat_evidence_is_believed_only_of_chat_tokens(api: Api, world: World) -> None:
    person = await world.a_requester()
    for channel in (Channel.telegram, Channel.api):
        headers = {
            "X-Parley-Chat": "4711:99",
            "X-Correlation-Id": f"from-{channel.value}",
            "Idempotency-Key": channel.value,
        }
        answer = await api.as_(person, channel).send("POST", "/procurement/request", wish(world), headers)
        assert answer.status_code == 201
    event = audit_events.c
    async with world.engine.connect() as connection:
        rows = await connection.execute(
            select(event.id, event.channel, event.chat_id, event.message_id, event.correlation_id)
            .where(event.type == "request.created")
            .order_by(event.seq)
        )
        in_chat, by_api = rows.all()
        kept = await opened(connection, [in_chat.id, by_api.id])
    assert tuple(by_api)[1:] == ("api", None, None, "from-api")
    assert (in_chat.channel, in_chat.correlation_id) == ("telegram", "from-telegram")
    assert {each.field: each.value for each in kept[in_chat.id]} == {"chat_id": "4711", "message_id": "99"}
    for each in kept[in_chat.id]:
        assert getattr(in_chat, each.field) == commitment(each.salt, each.value)


async def test_the_events_of_a_call_belong_to_the_callers_trace(api: Api, world: World) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "Idempotency-Key": "traced"}
    caller = api.as_(await world.a_requester())
    answer = await caller.send("POST", "/procurement/request", wish(world), headers)
    assert answer.status_code == 201
    event = audit_events.c
    async with world.engine.connect() as connection:
        found = await connection.scalars(select(event.traceparent).where(event.type == "request.created"))
    assert [each.split("-")[1] for each in found] == [trace]


async def test_a_commit_wakes_the_relay(api: Api, world: World, owner: asyncpg.Connection) -> None:
    heard = asyncio.Event()
    await owner.add_listener("parley_log", lambda *_: heard.set())
    await drafted(api, world)
    await asyncio.wait_for(heard.wait(), 5)


async def test_a_bot_sends_a_key_with_every_command(api: Api, world: World) -> None:
    caller = api.as_(await world.a_requester(), Channel.telegram)
    with pytest.raises(ProblemError, match="422") as refused:
        await caller.call(e.create_request, wish(world))
    assert refused.value.fields == ["/Idempotency-Key"]
    assert (await caller.call(e.create_request, wish(world), key="tg:1")).version == 1
    assert (await caller.call(e.parse_request, {"text": "3 laptops"})).unread is not None
    assert (await caller.call(e.make_link, {})).code
