"""Several of everything against one PostgreSQL and one Redis, as deploy/compose.yaml has it.

Nothing depends on which process answers: each thing that could is a test. Then purchases go on while every process is
killed and rolled. PARLEY_JOURNEY_THOROUGH=1 does that for a quarter of an hour, with a kill every ten seconds.
"""

import asyncio
import itertools
import json
import os
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from api.server.rate_limits import LOGIN
from bots.telegram.webhook import SECRET_HEADER
from core.access.roles import Role
from core.accounts import links
from core.accounts.commands import MakeLink
from core.kernel.ids import PersonId
from core.web_sessions import service as web_sessions
from core.web_sessions.commands import MakeTicket
from sandbox.backend import SandboxBackend
from stack.demo import company
from tests.bots.bot_env import free_port, serving_sandbox
from tests.deployment.deployed import Deployed, deployment
from tests.deployment.traffic import Answered, Town, a_town, confirm_link
from tests.support.sandbox_client import SandboxClient
from tests.support.world import ADMINISTRATOR, PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.timeout(2400)]

COUNTS = {"api": 3, "worker": 3, "relay": 2, "telegram": 2, "slack": 2}
THOROUGH = bool(os.environ.get("PARLEY_JOURNEY_THOROUGH"))
LOAD_SECONDS, KILL_SECONDS, DRAINED_SECONDS = (900.0, 10.0, 900.0) if THOROUGH else (26.0, 2.0, 180.0)
"""A chat takes a message in a second, so what people are told comes after what they did."""
BUYERS = 4
BOT_TOKEN, SIGNING_SECRET = "7700:a-token-of-this-installation", "0123456789abcdef0123456789abcdef"
SLACK_TOKEN = "xoxb-a-token-of-this-installation"
OPEN_WORK = """
SELECT (SELECT count(*) FROM audit_events WHERE position IS NULL)
     + (SELECT count(*) FROM deliveries WHERE state IN ('due', 'running') AND due_at < now() + interval '1 minute')
"""
WHAT_IS_OPEN = """
SELECT subscriber, state, count(*) AS number, max(last_error) AS last_error, min(attempts) AS fewest,
       max(attempts) AS most FROM deliveries WHERE state IN ('due', 'running') GROUP BY subscriber, state
"""
PURCHASES = """
SELECT r.id::text AS request, r.state,
       (SELECT count(*) FROM purchase_orders o WHERE o.request_id = r.id) AS orders,
       (SELECT count(*) FROM approvals a JOIN approval_logs l ON l.approval_id = a.id
         WHERE a.request_id = r.id AND l.verb = 'approve') AS approved,
       (SELECT count(*) FROM purchase_orders o JOIN receipts c ON c.order_id = o.id
         WHERE o.request_id = r.id) AS received,
       (SELECT min(l.description) FROM request_lines l WHERE l.request_id = r.id) AS item
FROM procurement_requests r
"""


@pytest.fixture(scope="module")
async def town(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """Everything running, and people in it."""
    parts, port = SandboxBackend(), free_port()
    url = f"http://127.0.0.1:{port}"
    given = {
        "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_API_BASE": url,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_BOT_TOKEN": SLACK_TOKEN,
        "SLACK_API_BASE": f"{url}/slack/api/",
    }
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving_sandbox(parts, port))
        sandbox = SandboxClient(url, await stack.enter_async_context(aiohttp.ClientSession()))
        await sandbox.set_telegram_bot({"token": BOT_TOKEN, "username": "parley_bot", "name": "Parley"})
        folder = tmp_path_factory.mktemp("several") / "parley"
        slack_port = free_port()
        await sandbox.set_slack_app(_slack_app(f"http://127.0.0.1:{slack_port}/slack/events"))
        deployed = await stack.enter_async_context(
            deployment(folder, programs, COUNTS, given, ports={"slack": slack_port})
        )
        made = await a_town(deployed, sandbox, parts)
        yield made
        await made.engine.dispose()


def _slack_app(url: str) -> dict[str, object]:
    return {
        "app_id": "A0PARLEY",
        "team_id": company.TEAM,
        "bot_user": company.BOT_USER,
        "name": "Parley",
        "bot_token": SLACK_TOKEN,
        "signing_secret": SIGNING_SECRET,
        "urls": dict.fromkeys(("events", "commands", "interactions", "options"), url),
    }


@pytest.fixture
def deployed(town: Town) -> Deployed:
    return town.deployed


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        yield session


# ---- nothing depends on which process answers


async def test_a_token_of_one_process_is_taken_by_the_others(
    town: Town, deployed: Deployed, web: aiohttp.ClientSession
) -> None:
    """They sign with the same key, which ``init`` made before any of them."""
    token = town.crew.teams[0].requester.token
    for instance in deployed.of("api"):
        async with web.get(f"{instance.url}/me", headers={"Authorization": f"Bearer {token}"}) as answer:
            assert answer.status == 200
    keys = [await (await web.get(f"{each.url}/.well-known/jwks.json")).json() for each in deployed.of("api")]
    assert keys[0] == keys[1] == keys[2]


async def test_a_link_code_of_one_process_is_used_up_at_another(
    town: Town, deployed: Deployed, web: aiohttp.ClientSession
) -> None:
    person = await town.world.a_person(Role.requester)
    made = await town.world.act(ADMINISTRATOR, links.make_link, MakeLink(PersonId(person.id)))
    body = {"platform": "telegram", "code": made.code, "display_name": "Ada", "external_id": "990001"}
    first, second, third = deployed.of("api")
    key = deployed.secret("BOT_KEY")
    await confirm_link(first.url, key, body)
    for other in (second, third):
        with pytest.raises(AssertionError, match="link"):
            await confirm_link(other.url, key, body | {"external_id": "990002"})


async def test_wrong_link_codes_count_together_at_all_processes(
    deployed: Deployed, web: aiohttp.ClientSession
) -> None:
    """Counted in PostgreSQL: three processes do not give a chat three times as many guesses."""
    body = {"platform": "telegram", "code": "WRONG234", "display_name": "Ada", "external_id": "990003"}
    told = []
    for instance in itertools.islice(itertools.cycle(deployed.of("api")), 13):
        async with web.post(
            f"{instance.url}/auth/service", json={"key": deployed.secret("BOT_KEY")}
        ) as answer:
            token = (await answer.json())["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}
        async with web.post(f"{instance.url}/chat/links/confirm", json=body, headers=headers) as answer:
            told.append(answer.status)
    assert told.count(429) == 3, told


async def test_attempts_to_log_in_are_limited_for_all_processes_together(
    town: Town, deployed: Deployed, web: aiohttp.ClientSession
) -> None:
    """Counted in PostgreSQL: three processes give ten in a quarter of an hour, as one does."""
    person = await town.world.a_person(Role.requester, password=PASSWORD)
    told: Counter[int] = Counter()
    for instance in deployed.of("api"):
        for _ in range(LOGIN.count + 2):
            body = {"email": person.email, "password": "wrong password of somebody"}
            async with web.post(f"{instance.url}/auth/login", json=body) as answer:
                told[answer.status] += 1
    assert told == {401: LOGIN.count, 429: 2 * LOGIN.count + 3 * 2}


async def test_the_same_key_at_two_processes_at_once_is_carried_out_once(
    town: Town, deployed: Deployed, web: aiohttp.ClientSession
) -> None:
    body = {
        "lines": [{"description": "same key", "quantity": "1", "unit": "pcs", "estimated_unit_price": "20"}],
        "currency": "USD",
        "cost_centre": "IT",
        "needed_by": "2027-12-01",
        "submit": True,
    }
    token = town.crew.teams[1].requester.token
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}

    async def create(url: str) -> tuple[int, str]:
        async with web.post(f"{url}/procurement/request", json=body, headers=headers) as answer:
            return answer.status, (await answer.json()).get("id", "")

    at_once = await asyncio.gather(*(create(each.url) for each in deployed.of("api")))
    afterwards = [await create(each.url) for each in deployed.of("api")]
    assert len({made for status, made in [*at_once, *afterwards] if status < 300}) == 1
    assert {status for status, _ in at_once} <= {201, 409}
    assert {status for status, _ in afterwards} == {201}


async def test_a_page_open_at_one_process_hears_of_a_change_at_another(
    town: Town, deployed: Deployed, web: aiohttp.ClientSession
) -> None:
    """The session too is known everywhere: opened at the first, streaming from the second, changed at the third."""
    first, second, third = deployed.of("api")
    requester = await town.world.person(town.crew.teams[2].requester.person_id)
    ticket = await town.world.act(requester, web_sessions.make_ticket, MakeTicket("/home"))
    own = {"Sec-Fetch-Site": "same-origin"}
    async with web.post(f"{first.url}/enter/{ticket.secret}", headers=own, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        cookies = {name: each.value for name, each in answer.cookies.items()}
    async with web.get(f"{second.url}/changes", headers={"Cookie": _cookie(cookies)}) as stream:
        assert stream.status == 200
        await _told(stream, "opened")
        body = {
            "lines": [
                {"description": "heard of", "quantity": "1", "unit": "pcs", "estimated_unit_price": "20"}
            ],
            "currency": "USD",
            "cost_centre": "IT",
            "needed_by": "2027-12-01",
            "submit": True,
        }
        token = town.crew.teams[2].requester.token
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}
        async with web.post(f"{third.url}/procurement/request", json=body, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
        await _told(stream, "news")


def _cookie(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


async def _told(stream: aiohttp.ClientResponse, event: str) -> None:
    async with asyncio.timeout(20):
        async for line in stream.content:
            if line.strip() == f"event: {event}".encode():
                return
    raise AssertionError(f"the stream ended without {event}")


async def test_an_update_that_comes_to_both_bots_is_answered_once(
    town: Town, deployed: Deployed, web: aiohttp.ClientSession
) -> None:
    """Telegram brings it again when the first answer was lost; which bot gets it then is chance."""
    who = int(town.chats["telegram"])
    message = {
        "message_id": 900_001,
        "date": int(time.time()),
        "chat": {"id": who, "type": "private", "first_name": "Ada"},
        "from": {"id": who, "is_bot": False, "first_name": "Ada"},
        "text": "/help",
    }
    update = {"update_id": 900_000_001, "message": message}
    before = len(await town.sandbox.messages(who))
    headers = {SECRET_HEADER: deployed.secret("TELEGRAM_WEBHOOK_SECRET")}
    for instance in [*deployed.of("telegram"), *deployed.of("telegram")]:
        async with web.post(f"{instance.url}/telegram/webhook", json=update, headers=headers) as answer:
            assert answer.status == 200
    said = (await town.sandbox.messages(who))[before:]
    assert len([each for each in said if each["from"] == "bot"]) == 1, said


async def test_a_form_begun_at_one_bot_goes_on_at_the_other(
    town: Town, deployed: Deployed, web: aiohttp.ClientSession
) -> None:
    """Its row is in PostgreSQL; a bot keeps only which question it showed last, to take its buttons away."""
    who = int(town.chats["telegram"])
    headers = {SECRET_HEADER: deployed.secret("TELEGRAM_WEBHOOK_SECRET")}

    async def say(number: int, text: str) -> None:
        instance = deployed.of("telegram")[number % 2]
        message = {
            "message_id": 910_000 + number,
            "date": int(time.time()),
            "chat": {"id": who, "type": "private", "first_name": "Ada"},
            "from": {"id": who, "is_bot": False, "first_name": "Ada"},
            "text": text,
        }
        update = {"update_id": 910_000_000 + number, "message": message}
        async with web.post(f"{instance.url}/telegram/webhook", json=update, headers=headers) as answer:
            assert answer.status == 200

    for number, text in enumerate(("/request Swivel chair for IT", "3", "2027-12-01")):
        await say(number, text)
    newest = (await town.sandbox.messages(who))[-1]
    assert "Swivel chair" in newest["text"]
    assert "Submit" in json.dumps(newest["buttons"])


async def test_one_seals_and_whichever_relay_is_left_goes_on(town: Town, deployed: Deployed) -> None:
    connection = await asyncpg.connect(deployed.secret("PARLEY_DB_OWNER_URL"))
    for relay in deployed.of("relay"):
        await deployed.kill(relay)
        await town.world.a_request()
        await _drained(connection)
    doubled = (
        "SELECT position FROM audit_events GROUP BY position HAVING count(*) > 1 AND position IS NOT NULL"
    )
    assert await connection.fetch(doubled) == []
    await connection.close()
    for relay in deployed.of("relay"):
        await deployed.healthy(relay)


# ---- and everything goes on while each is killed and rolled


async def test_purchases_go_on_while_every_process_is_killed_and_rolled(
    town: Town, deployed: Deployed
) -> None:
    begun = time.monotonic()
    town.made.clear()
    town.asked.clear()
    town.answered = Answered()

    def is_over() -> bool:
        return time.monotonic() - begun > LOAD_SECONDS

    async with asyncio.TaskGroup() as tasks:
        keeping = tasks.create_task(town.keep_tokens())
        going = [tasks.create_task(town.buy(is_over)) for _ in range(BUYERS)]
        going += [tasks.create_task(town.ask(platform, is_over)) for platform in ("telegram", "slack")]
        ends = await _end_processes(deployed, begun + LOAD_SECONDS)
        await asyncio.gather(*going)
        keeping.cancel()
    seconds = time.monotonic() - begun
    print(_figures(town, seconds, ends))
    for instance in deployed.instances:
        await deployed.healthy(instance)
    connection = await asyncpg.connect(deployed.secret("PARLEY_DB_OWNER_URL"))
    await _drained(connection)
    rows = [dict(row) for row in await connection.fetch(PURCHASES)]
    parked = await connection.fetchval("SELECT count(*) FROM deliveries WHERE state = 'parked'")
    await connection.close()
    _check_purchases(town, rows)
    assert parked == 0
    assert "events are intact; 0 are not sealed yet" in await deployed.parley("verify")
    said = await _said_twice(town)
    assert said <= ends
    print(
        f"0 lost, 0 doubled; told within {time.monotonic() - begun - seconds:.0f} s more; {said} messages said twice"
    )


def _figures(town: Town, seconds: float, ends: int) -> str:
    done, answered = len(town.made) + len(town.asked), town.answered
    first, whole = (Answered.p95(each) * 1000 for each in (answered.first, answered.whole))
    return (
        f"\n{seconds:.0f} s, {ends} processes ended; {len(town.made)} purchases and {len(town.asked)} requests in "
        f"chats ({done / seconds:.1f}/s); {len(answered.first)} calls, p95 {first:.0f} ms; "
        f"{answered.again} tries unanswered, p95 with them {whole:.0f} ms"
    )


async def _end_processes(deployed: Deployed, until: float) -> int:
    """One after the other of each kind in turn: killed, and the next time rolled."""
    ends = 0
    waiting = [deployed.of(name) for name in COUNTS]
    order = [each for row in itertools.zip_longest(*waiting) for each in row if each is not None]
    for number, instance in enumerate(itertools.cycle(order)):
        if time.monotonic() + KILL_SECONDS > until:
            return ends
        await asyncio.sleep(KILL_SECONDS)
        await (deployed.kill if (number + number // len(order)) % 2 == 0 else deployed.roll)(instance)
        ends += 1
    return ends


async def _drained(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Until everything is sealed and every delivery is done."""
    limit = time.monotonic() + DRAINED_SECONDS
    while open_work := await connection.fetchval(OPEN_WORK):
        assert time.monotonic() < limit, (open_work, list(map(dict, await connection.fetch(WHAT_IS_OPEN))))
        await asyncio.sleep(0.2)


def _check_purchases(town: Town, rows: list[dict[str, object]]) -> None:
    """Each that was begun is there once and complete, and no other."""
    by_id = {str(row["request"]): row for row in rows}
    for purchase in town.made:
        found = by_id[purchase.request_id]
        assert (found["orders"], found["approved"], found["received"]) == (1, 1, 2), found
    of_api = [row for row in rows if row["item"] in ("Docking station", "Monitor cable, 2 m")]
    assert len(of_api) == len(town.made)
    submitted = Counter(str(row["item"]) for row in rows if row["state"] != "draft")
    assert {item: submitted[item] for item in town.asked} == dict.fromkeys(town.asked, 1)


async def _said_twice(town: Town) -> int:
    """Messages in chats that say again what one before them said: a worker was killed between sending and noting it."""
    twice = 0
    for chat in town.chats.values():
        told = Counter(
            (each["text"], str(each["buttons"]))
            for each in await town.sandbox.messages(chat)
            if each["from"] == "bot"
        )
        twice += sum(count - 1 for count in told.values())
    return twice
