"""Slack waits three seconds: it is answered in time while the API is slow, and the outcome follows."""

import asyncio
import time

import pytest

from api.contract import endpoints as e
from bots.cards.deck import CardKind
from bots.slack.patience import WAIT, Late, Patience
from sandbox.slack import delivery
from sandbox.slack.methods import views
from tests.bots.slack_stage import SlackStage, Slowed
from tests.support.world import World

SLOW = 10.0


async def test_work_that_is_late_goes_on_and_is_finished() -> None:
    patience, over = Patience(0.01), asyncio.Event()

    async def work() -> str:
        await over.wait()
        return "done"

    with pytest.raises(Late) as late:
        await patience.within(work())
    over.set()
    assert await late.value.work == "done"
    await patience.finish(1)


@pytest.mark.journey  # half a minute of waiting: .ci/run plays it
async def test_with_an_api_that_takes_ten_seconds_slack_is_answered_in_three(
    slack: SlackStage, world: World, slowed: Slowed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PATIENCE", 3.0)
    monkeypatch.setattr(views, "TRIGGER_LIFE", 3.0)
    opened = await world.an_open_approval()
    manager = await slack.play(await world.a_manager())
    card = await slack.card(manager, CardKind.approval, opened.approval.id)
    await slack.stop_bot()
    await slack.start_bot(wait=WAIT)
    await manager.say("/parley whoami")
    await manager.sees("acts as")
    slowed.seconds = SLOW
    took = []
    for act in (
        lambda: manager.press("Approve", card),
        lambda: manager.say("/parley approvals"),
        lambda: manager.shortcut("new_request"),
        lambda: manager.say("hello"),
    ):
        began = time.monotonic()
        answer = await act()
        took.append(time.monotonic() - began)
        assert answer["answered"], answer
    assert max(took) < 3.0, took
    slowed.seconds = 0.0
    await manager.sees("Still working on it")
    for _ in range(600):
        decided = await slack.api.as_(manager.person).call(e.show_approval, path={"id": opened.approval.id})
        if decided.state.value != "pending":
            break
        await asyncio.sleep(0.05)
    assert decided.state.value == "approved"
    await manager.sees("Approved:")
