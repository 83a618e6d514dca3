"""Posting to n8n: signed, repeated until a 2xx, never lost, and without anything that n8n need not know."""

import base64
import datetime as dt
import hashlib
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from email.utils import format_datetime
from uuid import UUID

import aiohttp
import jwt
import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook

from core.automations.queries import FlowFacts, flow_facts
from core.db.connection import Connection
from core.entries.commands import EnterQuote
from core.entries.service import enter_quote
from core.log.deliveries import PAUSES
from core.offers.commands import QuoteLineDraft, SubmitQuote
from tests.workers.delivery.relay_env import SECRET, RecordingSubscribers, RelayEnv
from tests.workers.delivery.webhooks import Answer, Webhooks, listening
from workers import runtime
from workers.n8n_client import RETRY_UNTIL_READY
from workers.subscribers import start_flows

HOOK_SECRET = "the hook's own secret, longer than thirty-two bytes"


@pytest.fixture
async def webhooks(relay_env: RelayEnv) -> AsyncIterator[Webhooks]:
    """n8n's stand-in, which these works post to; it may be silent for a third of a second."""
    async with (
        listening() as webhooks,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.3)) as http,
    ):
        relay_env.set(
            n8n_url=webhooks.url, n8n_hook_secret=SecretStr(HOOK_SECRET), callback_secret=SecretStr(SECRET)
        )
        await relay_env.runtime.http.close()
        relay_env.runtime = replace(relay_env.runtime, http=http)
        yield webhooks


async def an_rfq_to_tell(relay_env: RelayEnv) -> UUID:
    await relay_env.world.an_rfq()
    return await relay_env.pending("n8n", "rfq.sent")


async def test_the_newest_checkpoint_goes_along_so_that_n8n_keeps_it(
    relay_env: RelayEnv, webhooks: Webhooks
) -> None:
    delivery = await an_rfq_to_tell(relay_env)
    assert (await relay_env.deliver(delivery)).state == "done"
    (post,) = webhooks.posts
    latest = (relay_env.settings.checkpoints_dir / "latest.txt").read_text(encoding="utf-8")
    assert post.event["checkpoint"] == latest


async def test_an_event_is_posted_to_its_flow_as_a_signed_cloud_event(
    relay_env: RelayEnv, webhooks: Webhooks
) -> None:
    delivery = await an_rfq_to_tell(relay_env)
    assert (await relay_env.deliver(delivery)).state == "done"
    (post,) = webhooks.posts
    event_id = str((await relay_env.row(delivery)).event_id)
    assert post.flow == "rfq-sent"
    assert (post.event["id"], post.event["type"], post.event["specversion"]) == (event_id, "rfq.sent", "1.0")
    assert post.event["callback"].endswith("/hooks/n8n")
    assert post.headers["webhook-id"] == event_id
    key = base64.b64encode(hashlib.sha256(HOOK_SECRET.encode()).digest()).decode()
    assert Webhook(key).verify(post.raw, dict(post.headers))
    assert re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]", post.headers["traceparent"])
    bearer = post.headers["Authorization"].removeprefix("Bearer ")
    assert jwt.decode(bearer, HOOK_SECRET, ["HS256"], audience="n8n")


async def test_its_call_back_token_is_for_this_event_and_what_its_flow_does(
    relay_env: RelayEnv, webhooks: Webhooks
) -> None:
    delivery = await an_rfq_to_tell(relay_env)
    await relay_env.deliver(delivery)
    token = webhooks.posts[0].event["callbacktoken"]
    claims = jwt.decode(token, SECRET, ["HS256"], audience="parley-hooks")
    assert claims["sub"] == str((await relay_env.row(delivery)).event_id)
    assert claims["act"] == ["notices", "status"]
    assert claims["exp"] - relay_env.clock.at.timestamp() == pytest.approx(24 * 3600, abs=2)
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, HOOK_SECRET, ["HS256"], audience="parley-hooks")


async def test_a_quote_that_an_officer_entered_starts_no_flow(
    relay_env: RelayEnv, webhooks: Webhooks
) -> None:
    """Parley tells its vendor; a flow would tell the vendor what is meant for the officer."""
    world = relay_env.world
    vendor, _ = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    lines = tuple(QuoteLineDraft(line.id, Decimal(310), None, no_bid=False) for line in rfq.rfq.lines)
    offer = SubmitQuote(rfq.rfq.id, "USD", world.today + dt.timedelta(days=45), 10, Decimal(0), "", lines, ())
    await world.act(await world.an_officer(), enter_quote, EnterQuote(vendor.id, offer))
    assert (await relay_env.deliver(await relay_env.pending("n8n", "quote.submitted"))).state == "done"
    assert [post.flow for post in webhooks.posts if post.flow == "quote-submitted"] == []


async def test_no_price_of_a_running_rfq_leaves_the_house(relay_env: RelayEnv, webhooks: Webhooks) -> None:
    vendor, contact = await relay_env.world.a_vendor()
    other, _ = await relay_env.world.a_vendor()
    rfq = await relay_env.world.an_rfq(to=[vendor, other])
    await relay_env.world.a_quote(rfq, contact, price="1179.37")
    assert (await relay_env.deliver(await relay_env.pending("n8n", "quote.submitted"))).state == "done"
    (post,) = webhooks.posts
    assert post.flow == "quote-submitted"
    assert b"1179" not in post.raw
    assert b"3538" not in post.raw


WRONG: dict[str, Answer] = {
    "not found, as while it boots": 404,
    "a redirect": (302, {"Location": "/webhook/parley/elsewhere"}),
    "not authorised": 401,
    "a fault of its own": 500,
    "not available": 503,
    "too many, without a pause": 429,
    "a pause until yesterday": (429, {"Retry-After": "Mon, 23 Nov 2020 10:00:00 GMT"}),
    "a pause that is no number": (503, {"Retry-After": "²"}),
    "silence": "silence",
    "a reset": "reset",
    "half an answer": "half",
}


@pytest.mark.parametrize("kind", WRONG)
async def test_every_answer_but_2xx_is_repeated_with_the_same_id(
    relay_env: RelayEnv, webhooks: Webhooks, kind: str
) -> None:
    webhooks.answers = [WRONG[kind], WRONG[kind]]
    delivery = await an_rfq_to_tell(relay_env)
    for attempt, pause in ((1, PAUSES[0]), (2, PAUSES[1])):
        row = await relay_env.deliver(delivery)
        assert (row.state, row.attempts) == ("due", attempt), row.last_error
        assert row.last_error.startswith("n8n ")
        wait = (row.due_at - relay_env.clock.at).total_seconds()
        assert pause * 0.9 <= wait <= pause * 1.1
        relay_env.clock.at = row.due_at
    row = await relay_env.deliver(delivery)
    assert (row.state, row.last_error) == ("done", None)
    assert {post.headers["webhook-id"] for post in webhooks.posts} == {str(row.event_id)}
    assert {post.flow for post in webhooks.posts} == {"rfq-sent"}
    assert len(webhooks.posts) == 3


async def test_the_pause_that_n8n_names_is_kept(relay_env: RelayEnv, webhooks: Webhooks) -> None:
    webhooks.answers = [(429, {"Retry-After": "37"})]
    delivery = await an_rfq_to_tell(relay_env)
    row = await relay_env.deliver(delivery)
    assert row.due_at == relay_env.clock.at + dt.timedelta(seconds=37)
    relay_env.later(seconds=36)
    await relay_env.deliver(delivery)
    assert len(webhooks.posts) == 1
    relay_env.later(seconds=1)
    assert (await relay_env.deliver(delivery)).state == "done"


async def test_a_pause_until_a_date_is_kept_too(relay_env: RelayEnv, webhooks: Webhooks) -> None:
    until = relay_env.clock.at.replace(microsecond=0) + dt.timedelta(minutes=3)
    webhooks.answers = [(503, {"Retry-After": format_datetime(until, usegmt=True)})]
    row = await relay_env.deliver(await an_rfq_to_tell(relay_env))
    assert abs(row.due_at - until) < dt.timedelta(seconds=1)


async def test_a_flow_that_is_gone_is_parked_at_once_and_told(
    relay_env: RelayEnv, webhooks: Webhooks
) -> None:
    webhooks.answers = [410]
    row = await relay_env.deliver(await an_rfq_to_tell(relay_env))
    assert (row.state, row.attempts) == ("parked", 1)
    (fact,) = await relay_env.facts("delivery.parked")
    assert fact["why"] == "n8n answered 410: this flow is gone"


async def test_every_2xx_is_taken(relay_env: RelayEnv, webhooks: Webhooks) -> None:
    webhooks.answers = [204]
    assert (await relay_env.deliver(await an_rfq_to_tell(relay_env))).state == "done"


async def test_of_many_events_and_many_faults_none_is_lost(relay_env: RelayEnv, webhooks: Webhooks) -> None:
    """Each subject waits for its own failure only, and each is taken once."""
    webhooks.answers = [500, 200, 404, "reset", 200, (429, {"Retry-After": "2"}), 503, 200, "half"]
    for _ in range(6):
        await relay_env.world.an_rfq()
    taking = {**RecordingSubscribers().everywhere(), "n8n": start_flows.run}
    for _ in range(8):
        await relay_env.work(taking)
        relay_env.later(seconds=40)
    assert await relay_env.states("n8n") == {"done": 6}
    assert len({post.headers["webhook-id"] for post in webhooks.posts}) == 6
    assert len(webhooks.posts) == 12


async def test_what_many_flows_are_told_of_their_orders_is_read_together(
    relay_env: RelayEnv, webhooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first does not wait for the others; they are asked for while its statement runs."""
    asked: list[int] = []

    async def noting(connection: Connection, event_ids: Sequence[UUID]) -> Mapping[UUID, FlowFacts]:
        asked.append(len(event_ids))
        return await flow_facts(connection, event_ids)

    orders = [(await relay_env.world.an_order()).order for _ in range(3)]
    monkeypatch.setattr(runtime, "flow_facts", noting)
    await relay_env.work({**RecordingSubscribers().everywhere(), "n8n": start_flows.run})
    told = {
        post.event["data"]["number"]: post.event["data"] for post in webhooks.posts if "order" in post.flow
    }
    assert told.keys() == {order.number for order in orders}
    assert all(data["request_number"].startswith("REQ-") and data["vendor_name"] for data in told.values())
    assert asked[0] == 1
    assert len(asked) < sum(asked) // 2


async def test_until_n8n_is_ready_its_events_wait_without_an_attempt(
    relay_env: RelayEnv, webhooks: Webhooks
) -> None:
    ready = relay_env.settings.checkpoints_dir / "n8n-is-ready"
    relay_env.set(n8n_ready_file=ready)
    delivery = await an_rfq_to_tell(relay_env)
    for _ in range(20):
        row = await relay_env.deliver(delivery)
        assert (row.state, row.attempts) == ("due", 0)
        relay_env.clock.advance(RETRY_UNTIL_READY)
    assert webhooks.posts == []
    ready.parent.mkdir(exist_ok=True)
    ready.touch()
    assert (await relay_env.deliver(delivery)).state == "done"
    assert len(webhooks.posts) == 1


async def test_without_n8n_nothing_waits(relay_env: RelayEnv) -> None:
    assert (await relay_env.deliver(await an_rfq_to_tell(relay_env))).state == "done"
