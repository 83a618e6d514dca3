"""Channels on Slack: /parley link by an administrator, private answers, our app invited again."""

from typing import Any
from uuid import UUID

from api.contract import endpoints as e
from api.contract.groups import GroupOut
from bots.cards.group import for_group
from bots.cards.press import Op, Press, pack
from core.access.actor import Actor
from core.access.roles import Role
from core.groups.commands import GroupChat, SetGroupReachable
from core.groups.service import set_group_reachable
from core.requests.states import RequestState
from tests.bots.slack_env import BOT_USER, TEAM, SlackChatUser, SlackEnv
from tests.bots.test_groups import topic_of, until
from tests.support.world import World

CHANNEL = "C0ITBUYERS"


async def a_channel(slack: SlackEnv, *players: SlackChatUser, with_app: bool = True) -> None:
    members = [*(user.id for user in players), *([BOT_USER] if with_app else [])]
    body = {"platform": "slack", "id": CHANNEL, "title": "it-buyers", "members": members}
    await slack.sandbox.set_group(body)


async def say_in(user: SlackChatUser, text: str) -> dict[str, Any]:
    body = {"text": text, "chat_id": CHANNEL}
    return await user.bot_env.sandbox.act(user.id, "send", **body)


async def bound(slack: SlackEnv, world: World) -> tuple[GroupOut, ...]:
    return (await slack.api.as_(await world.an_admin()).call(e.list_groups)).items


async def answered_in(user: SlackChatUser) -> list[dict[str, Any]]:
    """What our app said in the channel for everybody."""
    seen = (await user.look())["messages"]
    return [
        each
        for each in seen
        if each["chat_id"] == CHANNEL and not each["ephemeral"] and each["from"] == "bot"
    ]


async def a_bound_channel(slack: SlackEnv, world: World) -> SlackChatUser:
    ada: SlackChatUser = await slack.a_user(await world.an_admin())
    await a_channel(slack, ada)
    await say_in(ada, "/parley link")
    await ada.press("Department IT")
    await ada.sees("“#it-buyers” now shows the requests of Department IT")
    return ada


async def test_an_administrator_binds_a_channel_by_a_button_in_private(slack: SlackEnv, world: World) -> None:
    ada = await a_bound_channel(slack, world)
    (found,) = await bound(slack, world)
    assert (found.platform, found.chat_id, found.kind.value) == ("slack", f"{TEAM}:{CHANNEL}", "channel")
    assert await answered_in(ada) == []
    await say_in(ada, "/parley unlink")
    await ada.sees("will not get new requests")
    assert await bound(slack, world) == ()


async def test_nobody_else_binds_and_reads_so_alone(slack: SlackEnv, world: World) -> None:
    oscar = await slack.a_user(await world.an_officer())
    await a_channel(slack, oscar)
    answer = await say_in(oscar, "/parley link")
    assert "admin" in answer["text"]
    assert await bound(slack, world) == ()
    assert await answered_in(oscar) == []


async def the_card(slack: SlackEnv, world: World, request_id: UUID) -> str:
    """The card of a request in its thread, as the topics subscriber posts it."""
    topic = await topic_of(slack.api, world, request_id)
    chat = f"{TEAM}:{CHANNEL}"
    thread = await slack.outbound.open_topic(chat, "REQ-104 Laptops")
    posted = await slack.outbound.post(chat, for_group(topic, "en"), thread_id=thread)
    return posted.partition(":")[2]


async def test_a_card_in_a_channel_opens_in_private_for_whoever_may_see_it(
    slack: SlackEnv, world: World
) -> None:
    details = await world.a_request()
    rosa = await slack.a_user(await world.a_requester())
    other = await slack.a_user(await world.a_person(Role.requester))
    await a_channel(slack, rosa, other)
    card = await the_card(slack, world, details.request.id)
    await rosa.press("Open", card)
    opened = await rosa.sees("3,600.00")
    assert opened["chat_id"] != CHANNEL
    await other.press("Open", card)
    assert (await other.sees("I can’t find"))["ephemeral"]
    assert not [each for each in (await other.look())["messages"] if "3,600" in each["text"]]


async def test_a_press_that_the_channel_never_offered_changes_nothing(slack: SlackEnv, world: World) -> None:
    details = await world.a_request()
    rosa = await slack.a_user(await world.a_requester())
    await a_channel(slack, rosa)
    card = await the_card(slack, world, details.request.id)
    data = pack(Press(Op.withdraw_request, details.request.id, details.request.version))
    assert "no longer valid" in await rosa.forge(card, data)


async def test_an_app_that_is_invited_again_marks_the_channel(slack: SlackEnv, world: World) -> None:
    ada = await a_bound_channel(slack, world)
    await a_channel(slack, ada, with_app=False)
    lost = SetGroupReachable(GroupChat("slack", f"{TEAM}:{CHANNEL}"), reachable=False)
    await world.act(Actor.service(Role.service_bot), set_group_reachable, lost)
    assert [each.reachable for each in await bound(slack, world)] == [False]
    await a_channel(slack, ada)

    async def noted() -> bool:
        return [each.reachable for each in await bound(slack, world)] == [True]

    await until(noted)


async def test_a_channel_that_gets_another_id_is_followed_and_its_cards_are_edited_where_they_stand(
    slack: SlackEnv, world: World
) -> None:
    ada = await a_bound_channel(slack, world)
    topic = await topic_of(slack.api, world, (await world.a_request()).request.id)
    posted = await slack.outbound.post(f"{TEAM}:{CHANNEL}", for_group(topic, "en"))
    lost = SetGroupReachable(GroupChat("slack", f"{TEAM}:{CHANNEL}"), reachable=False)
    await world.act(Actor.system(Role.system_cards), set_group_reachable, lost)
    moved = await slack.sandbox.migrate_group(CHANNEL)
    await slack.settled()
    (found,) = await bound(slack, world)
    assert (found.chat_id, found.reachable) == (f"{TEAM}:{moved}", True)
    changed = topic.model_copy(update={"state": RequestState.completed})
    await slack.outbound.edit(found.chat_id, posted, for_group(changed, "en"))
    seen = (await ada.look())["messages"]
    (card,) = [each for each in seen if each["chat_id"] == moved and not each["ephemeral"]]
    assert "completed" in card["text"]
