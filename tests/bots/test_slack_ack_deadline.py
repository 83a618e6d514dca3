"""Slack waits three seconds: it is answered in time while the API is slow, and the outcome follows."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from bots.slack import workspace_tokens
from bots.slack.ack_deadline import WAIT_SECONDS, AckDeadline, StillRunning
from core.access.roles import Role
from core.approvals.states import ApprovalState
from sandbox.slack import delivery
from sandbox.slack.methods import view_methods
from tests.bots.slack_env import SlackChatUser, SlackEnv, SlowApi
from tests.support.sandbox_client import Json
from tests.support.world import World

SLOW, MOST = 10.0, 3.0
FILLED = {"item__1": "Laptop", "quantity__1": "3", "needed_by": "2027-12-01", "cost_centre": "IT"}


async def test_work_that_is_late_goes_on_and_is_finished() -> None:
    patience, over = AckDeadline(0.01), asyncio.Event()

    async def work() -> str:
        await over.wait()
        return "done"

    with pytest.raises(StillRunning) as late:
        await patience.wait_for(work())
    over.set()
    assert await late.value.task == "done"
    await patience.drain(1)


async def test_what_was_waited_for_before_counts() -> None:
    patience = AckDeadline(1_000.0)
    with pytest.raises(StillRunning):
        await patience.wait_for(asyncio.sleep(1), time.monotonic() - 2_000.0)
    await patience.drain(2)


async def asking(slack: SlackEnv, world: World) -> SlackChatUser:
    """Somebody with the request's modal in front of them."""
    user: SlackChatUser = await slack.a_user(await world.a_person(Role.requester))
    await user.shortcut("new_request")
    await user.modal("New request")
    return user


async def in_time(acts: dict[str, Callable[[], Awaitable[Json]]]) -> None:
    """Each act is answered within Slack's three seconds."""
    for name, act in acts.items():
        began = time.monotonic()
        answer = await act()
        assert answer["answered"], (name, answer)
        assert time.monotonic() - began < MOST, name


@pytest.mark.journey  # half a minute of waiting: .ci/run plays it
@pytest.mark.timeout(300)
async def test_with_an_api_that_takes_ten_seconds_slack_is_answered_in_three_and_the_outcome_follows(
    slack: SlackEnv, world: World, slow_api: SlowApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        workspace_tokens, "FRESH_SECONDS", 0.0
    )  # every call would like to ask the API for the token
    manager = await slack.a_user(await world.a_manager())
    other = await slack.a_user(await world.a_person(Role.manager))
    first, second = [(await world.an_open_approval()).approval for _ in range(2)]
    wrong, reviewing = await asking(slack, world), await asking(slack, world)
    await reviewing.fill(**FILLED)
    await reviewing.modal("Review")
    typing, wishing, speaking = [await slack.a_user(await world.a_person(Role.requester)) for _ in range(3)]
    await speaking.say("/request laptop for IT")
    await speaking.sees("How many")
    card = await slack.card(manager, CardKind.approval, first.id)
    await other.press("Reject…", await slack.card(other, CardKind.approval, second.id))
    await other.modal("reason")
    monkeypatch.setattr(delivery, "ACK_DEADLINE_SECONDS", MOST)
    monkeypatch.setattr(view_methods, "TRIGGER_LIFETIME_SECONDS", MOST)
    await slack.stop_bot()
    await slack.start_bot(wait=WAIT_SECONDS)
    for user in (manager, other, wrong, reviewing, typing, wishing, speaking):
        await user.say("/whoami")
        await user.sees("acts as")
    slow_api.seconds = SLOW
    await in_time(
        {
            "a press": lambda: manager.press("Approve", card),
            "a modal that ends a form": lambda: other.fill(reason="other", text="Too dear this quarter"),
            "a modal with a mistake": lambda: wrong.fill(**{**FILLED, "quantity__1": "lots"}),
            "a review": reviewing.fill,
            "a command": lambda: typing.say("/request 2 chairs @80 needed 2027-12-01 for IT"),
            "a shortcut": lambda: wishing.shortcut("new_request"),
            "words": lambda: speaking.say("3"),
        }
    )
    log = await slack.sandbox.calls()
    missed = {each["method"] for each in log if each["method"].startswith("→") and "fault" in each}
    assert missed <= {"→ event message"}, "an event that is not done yet is told so, and comes again"
    assert "I’m still working on it" in (await other.look())["modal"]["html"]
    slow_api.seconds = 0.0
    await manager.sees("Approved:")
    await other.sees("Rejected:")
    again = await wrong.modal("“lots”")
    assert {each["block_id"]: each["value"] for each in again["fields"]}["needed_by"] == "2027-12-01"
    await reviewing.with_button("Withdraw…")
    await typing.with_button("Submit")
    await wishing.modal("New request")
    await speaking.sees("When do you need it?")
    shown = [
        await slack.api.as_(manager.person).call(e.show_approval, path={"id": each.id})
        for each in (first, second)
    ]
    assert [each.state for each in shown] == [ApprovalState.approved, ApprovalState.rejected]
