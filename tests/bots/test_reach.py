"""A chat that had blocked the bot and comes back is written to again."""

import asyncio

from sqlalchemy import select

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from core.accounts.tables import chat_identities
from tests.bots.bot_env import BOTH, BotEnv, ChatUser
from tests.support.world import World


async def reachable(world: World, user: ChatUser) -> bool:
    chat = chat_identities.c
    async with world.engine.connect() as connection:
        found = await connection.scalar(
            select(chat.reachable).where(
                chat.external_id == user.bot_env.chat_of(user), chat.unlinked_at.is_(None)
            )
        )
    return bool(found)


async def becomes_reachable(world: World, user: ChatUser) -> None:
    for _ in range(200):
        if await reachable(world, user):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the chat stayed unreachable")


async def lost(bot_env: BotEnv, world: World) -> ChatUser:
    """Somebody whose chat refused a message: a 403, or channel_not_found."""
    user: ChatUser = await bot_env.a_user(await world.a_requester())
    body = {"platform": bot_env.platform, "external_id": bot_env.chat_of(user), "reachable": False}
    await bot_env.api.as_bot().call(e.set_chat_reachable, body)
    assert not await reachable(world, user)
    return user


@BOTH
async def test_whoever_writes_is_reachable_again(bot_env: BotEnv, world: World) -> None:
    user = await lost(bot_env, world)
    await user.say("/my")
    await becomes_reachable(world, user)


@BOTH
async def test_whoever_presses_is_reachable_again(bot_env: BotEnv, world: World) -> None:
    user = await lost(bot_env, world)
    request = (await world.a_request()).request
    card = await bot_env.card(user, CardKind.request, request.id)
    await user.press("Withdraw…", card)
    await becomes_reachable(world, user)


async def test_start_makes_a_chat_reachable_again(bot_env: BotEnv, world: World) -> None:
    user = await lost(bot_env, world)
    await user.say("/start")
    await becomes_reachable(world, user)
