"""/report in both chats: the finding as the API says it, and the picture as a file that the platform takes."""

from api.contract import endpoints as e
from core.access.roles import Role
from tests.bots.bot_env import BOTH, BotEnv, ChatUser
from tests.support.measuring import measured
from tests.support.postgres import Database
from tests.support.world import World

PNG = b"\x89PNG\r\n\x1a\n"


async def say(bot_env: BotEnv, user: ChatUser, words: str) -> None:
    await user.say(f"/parley {words}" if isinstance(user.id, str) else f"/{words}")


@BOTH
async def test_a_report_is_the_finding_and_its_picture(
    bot_env: BotEnv, world: World, database: Database
) -> None:
    order = await world.an_order()
    await measured(world, database)
    person = await world.a_person(Role.finance)
    user = await bot_env.a_user(person)
    await say(bot_env, user, "report spend")
    answer = await bot_env.api.as_(person).call(e.analytics_spend)
    seen = await user.sees(answer.sentence)
    assert f"{order.order.total:,.2f} USD" in seen["text"]
    content, _ = await bot_env.sandbox.file(user.id, seen["id"])
    assert seen["document"] == "spend.png"
    assert content.startswith(PNG)


@BOTH
async def test_an_unknown_report_names_those_that_there_are_and_others_are_refused(
    bot_env: BotEnv, world: World
) -> None:
    user = await bot_env.a_user(await world.a_person(Role.manager))
    await say(bot_env, user, "report gossip")
    assert "waits, time, spend" in (await user.sees("gossip"))["text"]
    requester = await bot_env.a_user(await world.a_person(Role.requester))
    await say(bot_env, requester, "report")
    refused = await requester.sees("permission")
    assert refused["document"] is None
