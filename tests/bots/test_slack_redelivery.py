"""Words on Slack outlive a slow API and a killed app: what is not done is told so, and Slack brings it again.
What is filled into a modal stays in it.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from bots.client import transport
from bots.dialog.responder import TRIES as TRIES_PER_CALL
from bots.slack import outbound
from bots.slack.ack_deadline import WAIT_SECONDS
from core.access.roles import Role
from core.approvals.states import ApprovalState
from sandbox.slack import delivery
from tests.bots.slack_env import SIGNING_SECRET, TOKEN, SlackChatUser, SlackEnv, SlowApi
from tests.support.api import BOT_KEY
from tests.support.sandbox_client import Json
from tests.support.world import World

SLOW, MOST = 10.0, 3.0
FILLED = {"item:1": "Laptop", "quantity:1": "3", "needed_by": "2027-12-01", "cost_centre": "IT"}
TRIES = (0.2, 1.0, 4.0)


async def asked(slack: SlackEnv, world: World, monkeypatch: pytest.MonkeyPatch) -> SlackChatUser:
    """Somebody who is asked how many; no app runs, and Slack has its three seconds."""
    user: SlackChatUser = await slack.a_user(await world.a_person(Role.requester))
    await user.say("/request laptop for IT")
    await user.sees("How many")
    monkeypatch.setattr(delivery, "ACK_DEADLINE_SECONDS", MOST)
    monkeypatch.setattr(delivery, "RETRY_DELAYS_SECONDS", TRIES)
    await slack.stop_bot()
    return user


async def answers(slack: SlackEnv, times: int) -> list[int]:
    """What the app has answered to these words so far, once that is so many times."""
    for _ in range(400):
        log = await slack.sandbox.calls()
        told = [each for each in log if each["method"] == "→ event message"]
        statuses = [each["status"] for each in told if each["args"]["event"]["text"] == "3"]
        if len(statuses) >= times:
            return statuses
        await asyncio.sleep(0.05)
    raise AssertionError(statuses)


def questions(chat: list[Json]) -> int:
    return len([each for each in chat if "When do you need" in each["text"]])


@asynccontextmanager
async def a_process(slack: SlackEnv, redis_url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The app as it is run; killed at the end."""
    more = {
        "PARLEY_API_URL": slack.api_url,
        "BOT_KEY": BOT_KEY,
        "REDIS_URL": redis_url,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_API_BASE": f"{slack.sandbox.url}/slack/api/",
        "SLACK_PORT": str(slack.port),
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bots.slack", env=os.environ | more)
    try:
        await slack.healthy()
        yield process
    finally:
        process.kill()
        await process.wait()


async def test_words_that_a_killed_app_had_not_done_are_brought_again_and_done_once(
    slack: SlackEnv, world: World, slow_api: SlowApi, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await asked(slack, world, monkeypatch)
    async with a_process(slack, redis_url):
        slow_api.seconds = SLOW
        await user.say("3")
        assert await answers(slack, 1) == [503]
    slow_api.seconds = 0.0
    assert questions(await user.chat()) == 0
    await slack.start_bot(redis_url=SecretStr(redis_url))
    await user.sees("When do you need")
    await slack.settled()
    assert questions(await user.chat()) == 1
    told = await answers(slack, 2)
    assert (told[0], told[-1]) == (503, 200)
    assert set(told[1:-1]) <= {503, 0}, "nobody was there"
    await user.say("1 Dec 2027")
    assert "3 × laptop" in (await user.with_button("Submit"))["text"]


async def test_words_that_take_long_are_brought_again_and_said_once(
    slack: SlackEnv, world: World, slow_api: SlowApi, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await asked(slack, world, monkeypatch)
    await slack.start_bot(wait=WAIT_SECONDS / 4, redis_url=SecretStr(redis_url))
    slow_api.seconds = SLOW
    await user.say("3")
    assert await answers(slack, 2) == [503, 503]
    slow_api.seconds = 0.0
    await user.sees("When do you need")
    await slack.settled()
    assert (await answers(slack, 3))[2:] == [200]
    assert questions(await user.chat()) == 1


async def test_without_redis_words_that_were_done_too_late_for_slack_are_said_once(
    slack: SlackEnv, world: World, slow_api: SlowApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack heard that they were not done, and brings them when they are."""
    user = await asked(slack, world, monkeypatch)
    monkeypatch.setattr(delivery, "RETRY_DELAYS_SECONDS", ())
    await slack.start_bot(wait=WAIT_SECONDS / 4)
    slow_api.seconds = SLOW
    await user.say("3")
    assert await answers(slack, 1) == [503]
    slow_api.seconds = 0.0
    await user.sees("When do you need")
    status, _ = await slack.send(await slack.last_posted("event message"), retry=1)
    assert status == 200
    assert questions(await user.chat()) == 1


async def test_words_that_are_brought_again_are_no_answer_to_what_was_asked_since(
    slack: SlackEnv, world: World
) -> None:
    """Its first delivery was not done; meanwhile the person said something else and was asked why."""
    approval = (await world.an_open_approval()).approval
    user = await slack.a_user(await world.a_manager())
    await user.say("hello there you")
    await user.sees("didn’t understand that as a command")
    again = {**await slack.last_posted("event message"), "event_id": "Ev0NOTDONE"}
    await user.say(f"/reject {approval.title.split()[0]}")
    await user.sees("Why are you rejecting this?")
    await slack.send(again, retry=2)
    await user.sees("“hello there you” arrived late")
    shown = await slack.api.as_(user.person).call(e.show_approval, path={"id": approval.id})
    assert shown.state is ApprovalState.pending
    await user.say("Budget is used up")
    await user.sees("Rejected:")


async def test_a_first_question_that_slack_did_not_take_is_asked_when_the_words_come_again(
    slack: SlackEnv, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They began the form, so they are neither an answer to it nor late."""
    monkeypatch.setattr(outbound, "PAUSE_SECONDS", 0.05)
    vendor, contact = await world.a_vendor()
    rfq = (await world.an_rfq(await world.a_request(), to=[vendor, (await world.a_vendor())[0]])).rfq
    user = await slack.a_user(contact)
    card = await slack.card(user, CardKind.vendor_rfq, rfq.id)
    before = len(await user.chat())
    await slack.set_fault("500", method="chat.postMessage", chat_id=user.id, next=TRIES_PER_CALL)
    await user.say("1180 10d", reply_to=card)
    await user.sees("valid")
    await slack.settled()
    assert len([each for each in (await user.chat())[before:] if each["from"] == "bot"]) == 1


@pytest.mark.parametrize("wait", [25.0, 0.05], ids=["said at once", "said when Slack waits no longer"])
async def test_what_was_filled_in_stays_in_the_modal_while_the_system_is_away(
    slack: SlackEnv, world: World, slow_api: SlowApi, monkeypatch: pytest.MonkeyPatch, wait: float
) -> None:
    monkeypatch.setattr(transport, "PAUSES", (0.1, 0.1))
    user: SlackChatUser = await slack.a_user(await world.a_person(Role.requester))
    await slack.stop_bot()
    await slack.start_bot(wait=wait)
    await user.shortcut("new_request")
    await user.modal("New request")
    slow_api.away = True
    await user.fill(**{name.replace(":", "__"): value for name, value in FILLED.items()})
    shown = await user.modal("can’t reach the system")
    held = {each["block_id"]: each["value"] for each in shown["fields"]}
    assert FILLED.items() <= held.items()
    slow_api.away = False
    await user.fill()
    await user.modal("Review")
