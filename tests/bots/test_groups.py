"""Groups on Telegram: /link and /unlink by an administrator, private answers, a group that moves, our bot taken out."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.contract import endpoints as e
from api.contract.groups import GroupsOut, TopicLineOut, TopicOut
from bots.cards.group import for_group
from bots.cards.press import Op, Press, pack
from tests.bots.bot_env import BotEnv, ChatUser, labels
from tests.bots.telegram_env import TOKEN
from tests.support.api import Api
from tests.support.world import World

BOT = int(TOKEN.partition(":")[0])
_groups = itertools.count(1)


async def a_group(bot_env: BotEnv, *players: ChatUser, forum: bool = True) -> int:
    """A group of these people and our bot."""
    number = -(1_000_000_000_000 + next(_groups)) if forum else -next(_groups)
    await put(bot_env, number, [user.id for user in players], forum=forum)
    return number


async def put(
    bot_env: BotEnv,
    group: int,
    people: Sequence[int | str],
    *,
    forum: bool = True,
    with_bot: bool = True,
    anonymous: Sequence[int] = (),
) -> None:
    members = [*people, BOT] if with_bot else people
    body = {"id": group, "title": "IT buyers", "forum": forum, "members": members}
    await bot_env.sandbox.set_group(body | {"anonymous": list(anonymous)})


async def say_in(group: int, user: ChatUser, text: str) -> None:
    await user.bot_env.sandbox.act(user.id, "send", text=text, chat_id=group)


async def bound(bot_env: BotEnv, world: World) -> GroupsOut:
    return await bot_env.api.as_(await world.an_admin()).call(e.list_groups)


async def answered_in(group: int, user: ChatUser) -> list[dict[str, Any]]:
    """What our bot said in the group."""
    return [each for each in await user.chat() if each["chat_id"] == group and each["from"] == "bot"]


async def test_an_administrator_binds_a_group_by_a_button_in_private(bot_env: BotEnv, world: World) -> None:
    ada = await bot_env.a_user(await world.an_admin())
    group = await a_group(bot_env, ada)
    await say_in(group, ada, "/link")
    asked = await ada.sees("Which requests should “IT buyers” show?")
    assert asked["chat_id"] == ada.id
    assert labels(asked) == ["Department IT", "Cost centre IT", "Cancel"]
    await ada.press("Department IT")
    await ada.sees("“IT buyers” now shows the requests of Department IT")
    (found,) = (await bound(bot_env, world)).items
    assert (found.chat_id, found.kind.value, found.place.kind.value, found.place.code, found.reachable) == (
        str(group),
        "forum",
        "department",
        "IT",
        True,
    )
    assert await answered_in(group, ada) == []


async def test_the_code_can_be_typed_and_binding_again_changes_what_is_shown(
    bot_env: BotEnv, world: World
) -> None:
    ada = await bot_env.a_user(await world.an_admin())
    group = await a_group(bot_env, ada, forum=False)
    for label in ("Department IT", "Cost centre IT"):
        await say_in(group, ada, "/link@parley_bot")
        await ada.sees("Which requests should")
        await ada.press(label)
        await ada.sees(f"shows the requests of {label}")
    (found,) = (await bound(bot_env, world)).items
    assert (found.kind.value, found.place.kind.value) == ("group", "cost_centre")


async def test_nobody_else_binds_and_is_told_in_private(bot_env: BotEnv, world: World) -> None:
    oscar = await bot_env.a_user(await world.an_officer())
    group = await a_group(bot_env, oscar)
    await say_in(group, oscar, "/link")
    told = await oscar.sees("admin")
    assert told["chat_id"] == oscar.id
    assert (await bound(bot_env, world)).items == ()
    assert await answered_in(group, oscar) == []


async def test_whoever_is_not_linked_is_told_in_private_or_not_at_all(bot_env: BotEnv, world: World) -> None:
    stranger = await bot_env.a_user(await world.an_auditor(), linked=False)
    group = await a_group(bot_env, stranger)
    await say_in(group, stranger, "/link")
    told = await stranger.sees("/start CODE")
    assert told["chat_id"] == stranger.id
    assert await answered_in(group, stranger) == []


async def test_unlink_ends_it_and_says_so_in_private(bot_env: BotEnv, world: World) -> None:
    ada = await bot_env.a_user(await world.an_admin())
    group = await a_group(bot_env, ada)
    await say_in(group, ada, "/unlink")
    await ada.sees("“IT buyers” doesn’t show any requests")
    await say_in(group, ada, "/link")
    await ada.press("Department IT")
    await ada.sees("now shows the requests of")
    await say_in(group, ada, "/unlink")
    await ada.sees("will not get new requests")
    assert (await bound(bot_env, world)).items == ()


async def test_link_in_private_says_where_it_belongs(bot_env: BotEnv, world: World) -> None:
    ada = await bot_env.a_user(await world.an_admin())
    await ada.say("/link")
    await ada.sees("Send /link in the group or channel")


async def test_other_commands_are_answered_in_private_and_talk_is_not_read(
    bot_env: BotEnv, world: World
) -> None:
    rosa = await bot_env.a_user(await world.a_requester())
    group = await a_group(bot_env, rosa)
    details = await world.a_request()
    await say_in(group, rosa, "Good morning")
    await say_in(group, rosa, f"/status {details.request.number}")
    card = await rosa.sees(details.request.number)
    assert card["chat_id"] == rosa.id
    await say_in(group, rosa, "/weather@another_bot")
    await say_in(group, rosa, "/whoami")
    assert (await rosa.sees(rosa.person.name))["chat_id"] == rosa.id
    assert await answered_in(group, rosa) == []


async def topic_of(api: Api, world: World, request_id: UUID) -> TopicOut:
    """What a group may know of a request."""
    request = await api.as_(await world.an_officer()).call(e.show_request, path={"id": request_id})
    return TopicOut(
        request_id=request.id,
        number=request.number,
        state=request.state,
        version=request.version,
        asked_by=request.requested_by_name,
        cost_centre_name=request.cost_centre,
        needed_by=request.needed_by,
        lines=(TopicLineOut(description="Laptop 14 inch", quantity=Decimal(3), unit="pcs"),),
    )


async def the_card(bot_env: BotEnv, world: World, group: int, request_id: UUID) -> int:
    """The card of a request, as the topics subscriber posts it."""
    topic = await topic_of(bot_env.api, world, request_id)
    return int(await bot_env.outbound.post(str(group), for_group(topic, "en")))


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Ask again until it is so."""
    for _ in range(100):
        if await true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not become true")


async def test_a_card_in_a_group_opens_in_private_for_whoever_may_see_it(
    bot_env: BotEnv, world: World
) -> None:
    details = await world.a_request()
    rosa = await bot_env.a_user(await world.a_requester())
    other = await bot_env.a_user(await world.a_person(*(await world.a_requester()).roles))
    group = await a_group(bot_env, rosa, other)
    card = await the_card(bot_env, world, group, details.request.id)
    pressed = await rosa.press("Open", card)
    assert "private" in pressed["text"]
    opened = await rosa.sees("3,600.00")
    assert opened["chat_id"] == rosa.id
    refused = await other.press("Open", card)
    assert refused["alert"]
    assert not [each for each in await other.chat() if "3,600" in each["text"]]


async def test_a_press_that_the_group_never_offered_changes_nothing(bot_env: BotEnv, world: World) -> None:
    details = await world.a_request()
    rosa = await bot_env.a_user(await world.a_requester())
    group = await a_group(bot_env, rosa)
    card = await the_card(bot_env, world, group, details.request.id)
    data = pack(Press(Op.withdraw_request, details.request.id, details.request.version))
    assert "no longer valid" in await rosa.forge(card, data)


async def test_a_group_that_moves_is_known_by_its_new_number(bot_env: BotEnv, world: World) -> None:
    ada = await bot_env.a_user(await world.an_admin())
    group = await a_group(bot_env, ada, forum=False)
    await say_in(group, ada, "/link")
    await ada.press("Department IT")
    await ada.sees("now shows the requests of")
    moved = await bot_env.sandbox.migrate_group(group)

    async def new_number() -> bool:
        return [each.chat_id for each in (await bound(bot_env, world)).items] == [str(moved)]

    await until(new_number)


async def test_a_bot_that_is_taken_out_and_put_back_marks_the_group(bot_env: BotEnv, world: World) -> None:
    ada = await bot_env.a_user(await world.an_admin())
    group = await a_group(bot_env, ada)
    await say_in(group, ada, "/link")
    await ada.press("Department IT")
    await ada.sees("now shows the requests of")
    for inside in (False, True):
        await put(bot_env, group, [ada.id], with_bot=inside)

        async def noted(wanted: bool = inside) -> bool:
            return [each.reachable for each in (await bound(bot_env, world)).items] == [wanted]

        await until(noted)


async def test_an_anonymous_administrator_is_told_in_the_group_what_to_do_and_binds_nothing(
    bot_env: BotEnv, world: World
) -> None:
    ada = await bot_env.a_user(await world.an_admin())
    group = await a_group(bot_env, ada)
    await put(bot_env, group, [ada.id], anonymous=[ada.id])
    before = len(await ada.chat())
    await say_in(group, ada, "/link")
    told = await ada.sees("Turn off “Remain anonymous”")
    assert told["chat_id"] == group
    assert "/link" in told["text"]
    await say_in(group, ada, "what is this?")
    await bot_env.settled()
    assert len(await ada.chat()) == before + 3
    assert (await bound(bot_env, world)).items == ()
    await put(bot_env, group, [ada.id])
    await say_in(group, ada, "/link")
    assert (await ada.sees("Which requests should"))["chat_id"] == ada.id
