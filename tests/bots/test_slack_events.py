"""Events that Slack sends again, and the ones that tell that the app is gone."""

import asyncio

from api.contract import endpoints as e
from core.access.roles import Role
from tests.bots.slack_env import TEAM, SlackEnv
from tests.support.sandbox_client import Json
from tests.support.world import World


async def again(slack: SlackEnv, event: Json, number: int) -> int:
    """As Slack sends it again."""
    status, _ = await slack.send(event, retry=number)
    return status


async def installed(slack: SlackEnv) -> bool:
    answer = await slack.api.as_bot().send("GET", e.installation.path.format(team=TEAM))
    assert answer.status_code in (200, 404)
    return answer.status_code == 200


async def test_retries_while_an_event_is_being_done_are_answered_when_it_is(
    slack: SlackEnv, world: World
) -> None:
    user = await slack.a_user(await world.a_requester())
    await user.say("/request laptop for IT")
    await user.sees("How many “laptop” do you need?")
    await user.say("hello")
    await user.sees("I couldn’t read the number “hello”")
    await slack.settled()
    event = await slack.last_posted("event message")
    event["event_id"], event["event"] = "Ev0TWICE", {**event["event"], "text": "3"}
    answers = await asyncio.gather(*(again(slack, event, number) for number in range(4)))
    assert answers == [200] * 4
    draft = await user.sees("When do you need it?")
    assert not any("“3”" in each["text"] for each in await user.chat() if each["id"] > draft["id"])


async def test_the_app_is_forgotten_when_it_is_taken_out_and_not_when_a_persons_token_is(
    slack: SlackEnv, world: World
) -> None:
    user = await slack.a_user(await world.a_person(Role.requester))
    await user.say("hello")
    await slack.settled()
    event = await slack.last_posted("event message")
    persons = {"type": "tokens_revoked", "tokens": {"oauth": [user.id], "bot": []}}
    assert await again(slack, {**event, "event_id": "Ev0A", "event": persons}, 0) == 200
    assert await installed(slack)
    gone = {**event, "event_id": "Ev0B", "event": {"type": "app_uninstalled"}}
    for number in range(3):
        assert await again(slack, gone, number) == 200
        assert not await installed(slack)
    await user.say("/my")
    await user.sees("not installed")


async def test_an_old_word_that_the_app_was_taken_out_spares_what_was_installed_since(
    slack: SlackEnv, world: World
) -> None:
    user = await slack.a_user(await world.a_person(Role.requester))
    await user.say("hello")
    await slack.settled()
    event = await slack.last_posted("event message")
    before = {"event_id": "Ev0OLD", "event_time": 1_600_000_000, "event": {"type": "app_uninstalled"}}
    assert await again(slack, event | before, 2) == 200
    assert await installed(slack)


async def test_a_token_that_slack_calls_dead_takes_the_installation_back(
    slack: SlackEnv, world: World
) -> None:
    user = await slack.a_user(await world.a_person(Role.requester))
    await slack.set_fault("refuse", method="chat.postMessage", error="token_revoked", next=1)
    await user.say("/whoami")
    assert not await installed(slack)
