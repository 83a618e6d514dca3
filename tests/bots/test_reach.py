"""A chat that had blocked the bot and comes back is written to again."""

import asyncio

from sqlalchemy import select

from api.contract import endpoints as e
from core.accounts.tables import chat_identities
from tests.bots.bot_env import BotEnv, ChatUser
from tests.support.world import World


async def reachable(world: World, user: ChatUser) -> bool:
    chat = chat_identities.c
    async with world.engine.connect() as connection:
        found = await connection.scalar(
            select(chat.reachable).where(chat.external_id == str(user.id), chat.unlinked_at.is_(None))
        )
    return bool(found)


async def test_start_makes_a_chat_reachable_again(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    body = {"platform": "telegram", "external_id": str(user.id), "reachable": False}
    await bot_env.api.as_bot().call(e.set_chat_reachable, body)
    assert not await reachable(world, user)
    await user.say("/start")
    for _ in range(200):
        if await reachable(world, user):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the chat stayed unreachable")
