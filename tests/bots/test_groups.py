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
from tests.bots.stage import Player, Stage, labels
from tests.bots.telegram_stage import TOKEN
from tests.support.api import Api
from tests.support.world import World

BOT = int(TOKEN.partition(":")[0])
_groups = itertools.count(1)


async def a_group(stage: Stage, *players: Player, forum: bool = True) -> int:
    """A group of these people and our bot."""
    number = -(1_000_000_000_000 + next(_groups)) if forum else -next(_groups)
    await put(stage, number, [player.id for player in players], forum=forum)
    return number


async def put(
    stage: Stage,
    group: int,
    people: list[int],
    *,
    forum: bool = True,
    with_bot: bool = True,
    anonymous: Sequence[int] = (),
) -> None:
    members = [*people, BOT] if with_bot else people
    body = {"id": group, "title": "IT buyers", "forum": forum, "members": members}
    await stage.control("POST", "/control/groups", body | {"anonymous": list(anonymous)})


async def say_in(group: int, player: Player, text: str) -> None:
    await player.stage.control("POST", f"/control/people/{player.id}/send", {"text": text, "chat_id": group})


async def bound(stage: Stage, world: World) -> GroupsOut:
    return await stage.api.as_(await world.an_admin()).call(e.list_groups)


async def answered_in(group: int, player: Player) -> list[dict[str, Any]]:
    """What our bot said in the group."""
    return [each for each in await player.chat() if each["chat_id"] == group and each["from"] == "bot"]


async def test_an_administrator_binds_a_group_by_a_button_in_private(stage: Stage, world: World) -> None:
    ada = await stage.play(await world.an_admin())
    group = await a_group(stage, ada)
    await say_in(group, ada, "/link")
    asked = await ada.sees("Whose requests shall “IT buyers” show?")
    assert asked["chat_id"] == ada.id
    assert labels(asked) == ["Department IT", "Cost centre IT", "Cancel"]
    await ada.press("Department IT")
    await ada.sees("“IT buyers” shows the requests of Department IT from now on")
    (found,) = (await bound(stage, world)).items
    assert (found.chat_id, found.kind.value, found.place.kind.value, found.place.code, found.reachable) == (
        str(group),
        "forum",
        "department",
        "IT",
        True,
    )
    assert await answered_in(group, ada) == []


async def test_the_code_can_be_typed_and_binding_again_changes_what_is_shown(
    stage: Stage, world: World
) -> None:
    ada = await stage.play(await world.an_admin())
    group = await a_group(stage, ada, forum=False)
    for label in ("Department IT", "Cost centre IT"):
        await say_in(group, ada, "/link@parley_bot")
        await ada.sees("Whose requests shall")
        await ada.press(label)
        await ada.sees(f"shows the requests of {label}")
    (found,) = (await bound(stage, world)).items
    assert (found.kind.value, found.place.kind.value) == ("group", "cost_centre")


async def test_nobody_else_binds_and_is_told_in_private(stage: Stage, world: World) -> None:
    oscar = await stage.play(await world.an_officer())
    group = await a_group(stage, oscar)
    await say_in(group, oscar, "/link")
    told = await oscar.sees("admin")
    assert told["chat_id"] == oscar.id
    assert (await bound(stage, world)).items == ()
    assert await answered_in(group, oscar) == []


async def test_whoever_is_not_linked_is_told_in_private_or_not_at_all(stage: Stage, world: World) -> None:
    stranger = await stage.play(await world.an_auditor(), linked=False)
    group = await a_group(stage, stranger)
    await say_in(group, stranger, "/link")
    told = await stranger.sees("/start CODE")
    assert told["chat_id"] == stranger.id
    assert await answered_in(group, stranger) == []


async def test_unlink_ends_it_and_says_so_in_private(stage: Stage, world: World) -> None:
    ada = await stage.play(await world.an_admin())
    group = await a_group(stage, ada)
    await say_in(group, ada, "/unlink")
    await ada.sees("“IT buyers” shows no requests")
    await say_in(group, ada, "/link")
    await ada.press("Department IT")
    await ada.sees("from now on")
    await say_in(group, ada, "/unlink")
    await ada.sees("gets no new requests")
    assert (await bound(stage, world)).items == ()


async def test_link_in_private_says_where_it_belongs(stage: Stage, world: World) -> None:
    ada = await stage.play(await world.an_admin())
    await ada.say("/link")
    await ada.sees("Type /link in the group or channel")


async def test_other_commands_are_answered_in_private_and_talk_is_not_read(
    stage: Stage, world: World
) -> None:
    rosa = await stage.play(await world.a_requester())
    group = await a_group(stage, rosa)
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


async def the_card(stage: Stage, world: World, group: int, request_id: UUID) -> int:
    """The card of a request, as the topics subscriber posts it."""
    topic = await topic_of(stage.api, world, request_id)
    return int(await stage.outbound.post(str(group), for_group(topic, "en")))


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Ask again until it is so."""
    for _ in range(100):
        if await true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not become true")


async def test_a_card_in_a_group_opens_in_private_for_whoever_may_see_it(stage: Stage, world: World) -> None:
    details = await world.a_request()
    rosa = await stage.play(await world.a_requester())
    other = await stage.play(await world.a_person(*(await world.a_requester()).roles))
    group = await a_group(stage, rosa, other)
    card = await the_card(stage, world, group, details.request.id)
    pressed = await rosa.press("Open", card)
    assert "private" in pressed["text"]
    opened = await rosa.sees("3,600.00")
    assert opened["chat_id"] == rosa.id
    refused = await other.press("Open", card)
    assert refused["alert"]
    assert not [each for each in await other.chat() if "3,600" in each["text"]]


async def test_a_press_that_the_group_never_offered_changes_nothing(stage: Stage, world: World) -> None:
    details = await world.a_request()
    rosa = await stage.play(await world.a_requester())
    group = await a_group(stage, rosa)
    card = await the_card(stage, world, group, details.request.id)
    data = pack(Press(Op.withdraw_request, details.request.id, details.request.version))
    assert "none of mine" in await rosa.forge(card, data)


async def test_a_group_that_moves_is_known_by_its_new_number(stage: Stage, world: World) -> None:
    ada = await stage.play(await world.an_admin())
    group = await a_group(stage, ada, forum=False)
    await say_in(group, ada, "/link")
    await ada.press("Department IT")
    await ada.sees("from now on")
    moved = await stage.control("POST", f"/control/groups/{group}/migrate")

    async def new_number() -> bool:
        return [each.chat_id for each in (await bound(stage, world)).items] == [str(moved["id"])]

    await until(new_number)


async def test_a_bot_that_is_taken_out_and_put_back_marks_the_group(stage: Stage, world: World) -> None:
    ada = await stage.play(await world.an_admin())
    group = await a_group(stage, ada)
    await say_in(group, ada, "/link")
    await ada.press("Department IT")
    await ada.sees("from now on")
    for inside in (False, True):
        await put(stage, group, [ada.id], with_bot=inside)

        async def noted(wanted: bool = inside) -> bool:
            return [each.reachable for each in (await bound(stage, world)).items] == [wanted]

        await until(noted)


async def test_an_anonymous_administrator_is_told_in_the_group_what_to_do_and_binds_nothing(
    stage: Stage, world: World
) -> None:
    ada = await stage.play(await world.an_admin())
    group = await a_group(stage, ada)
    await put(stage, group, [ada.id], anonymous=[ada.id])
    before = len(await ada.chat())
    await say_in(group, ada, "/link")
    told = await ada.sees("Turn off “Remain anonymous”")
    assert told["chat_id"] == group
    assert "/link" in told["text"]
    await say_in(group, ada, "what is this?")
    await stage.settled()
    assert len(await ada.chat()) == before + 3
    assert (await bound(stage, world)).items == ()
    await put(stage, group, [ada.id])
    await say_in(group, ada, "/link")
    assert (await ada.sees("Whose requests shall"))["chat_id"] == ada.id
