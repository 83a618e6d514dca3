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
from bots.client import wire
from bots.slack.patience import WAIT
from core.access.roles import Role
from core.approvals.states import ApprovalState
from sandbox.slack import delivery
from tests.bots.slack_stage import SIGNING_SECRET, TOKEN, SlackPlayer, SlackStage, Slowed
from tests.bots.stage import Json
from tests.support.api import BOT_KEY
from tests.support.world import World

SLOW, MOST = 10.0, 3.0
FILLED = {"item:1": "Laptop", "quantity:1": "3", "needed_by": "2027-12-01", "cost_centre": "IT"}
TRIES = (0.2, 1.0, 4.0)


async def asked(slack: SlackStage, world: World, monkeypatch: pytest.MonkeyPatch) -> SlackPlayer:
    """Somebody who is asked how many; no app runs, and Slack has its three seconds."""
    player: SlackPlayer = await slack.play(await world.a_person(Role.requester))
    await player.say("/request laptop for IT")
    await player.sees("How many")
    monkeypatch.setattr(delivery, "ACK_DEADLINE_SECONDS", MOST)
    monkeypatch.setattr(delivery, "RETRY_DELAYS_SECONDS", TRIES)
    await slack.stop_bot()
    return player


async def answers(slack: SlackStage, times: int) -> list[int]:
    """What the app has answered to these words so far, once that is so many times."""
    for _ in range(400):
        log = await slack.control("GET", "/control/log")
        told = [each for each in log if each["method"] == "→ event message"]
        statuses = [each["status"] for each in told if each["args"]["event"]["text"] == "3"]
        if len(statuses) >= times:
            return statuses
        await asyncio.sleep(0.05)
    raise AssertionError(statuses)


def questions(chat: list[Json]) -> int:
    return len([each for each in chat if "By when" in each["text"]])


@asynccontextmanager
async def a_process(slack: SlackStage, redis_url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The app as it is run; killed at the end."""
    more = {
        "PARLEY_API_URL": slack.api_url,
        "BOT_KEY": BOT_KEY,
        "REDIS_URL": redis_url,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_API_BASE": f"{slack.sandbox_url}/slack/api/",
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
    slack: SlackStage, world: World, slowed: Slowed, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = await asked(slack, world, monkeypatch)
    async with a_process(slack, redis_url):
        slowed.seconds = SLOW
        await player.say("3")
        assert await answers(slack, 1) == [503]
    slowed.seconds = 0.0
    assert questions(await player.chat()) == 0
    await slack.start_bot(redis_url=SecretStr(redis_url))
    await player.sees("By when")
    await slack.settled()
    assert questions(await player.chat()) == 1
    told = await answers(slack, 2)
    assert (told[0], told[-1]) == (503, 200)
    assert set(told[1:-1]) <= {503, 0}, "nobody was there"
    await player.say("1 Dec 2027")
    assert "3 × laptop" in (await player.with_button("Submit"))["text"]


async def test_words_that_take_long_are_brought_again_and_said_once(
    slack: SlackStage, world: World, slowed: Slowed, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = await asked(slack, world, monkeypatch)
    await slack.start_bot(wait=WAIT / 4, redis_url=SecretStr(redis_url))
    slowed.seconds = SLOW
    await player.say("3")
    assert await answers(slack, 2) == [503, 503]
    slowed.seconds = 0.0
    await player.sees("By when")
    await slack.settled()
    assert (await answers(slack, 3))[2:] == [200]
    assert questions(await player.chat()) == 1


async def test_words_that_are_brought_again_are_no_answer_to_what_was_asked_since(
    slack: SlackStage, world: World
) -> None:
    """Its first delivery was not done; meanwhile the person said something else and was asked why."""
    approval = (await world.an_open_approval()).approval
    player = await slack.play(await world.a_manager())
    await player.say("hello there you")
    await player.sees("no free text")
    again = {**await slack.heard("event message"), "event_id": "Ev0NOTDONE"}
    await player.say(f"/reject {approval.title.split()[0]}")
    await player.sees("Why do you reject it?")
    await slack.send(again, retry=2)
    await player.sees("“hello there you” reached me late")
    shown = await slack.api.as_(player.person).call(e.show_approval, path={"id": approval.id})
    assert shown.state is ApprovalState.pending
    await player.say("Budget is used up")
    await player.sees("Rejected:")


@pytest.mark.parametrize("wait", [25.0, 0.05], ids=["said at once", "said when Slack waits no longer"])
async def test_what_was_filled_in_stays_in_the_modal_while_the_system_is_away(
    slack: SlackStage, world: World, slowed: Slowed, monkeypatch: pytest.MonkeyPatch, wait: float
) -> None:
    monkeypatch.setattr(wire, "PAUSES", (0.1, 0.1))
    player: SlackPlayer = await slack.play(await world.a_person(Role.requester))
    await slack.stop_bot()
    await slack.start_bot(wait=wait)
    await player.shortcut("new_request")
    await player.modal("New request")
    slowed.away = True
    await player.fill(**{name.replace(":", "__"): value for name, value in FILLED.items()})
    shown = await player.modal("could not reach the system")
    held = {each["block_id"]: each["value"] for each in shown["fields"]}
    assert FILLED.items() <= held.items()
    slowed.away = False
    await player.fill()
    await player.modal("Review")
