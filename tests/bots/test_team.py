"""/team: an administrator sees who holds which role and whom no chat reaches; nobody else does."""

from tests.bots.bot_env import BOTH, BotEnv
from tests.support.world import World


@BOTH
async def test_an_administrator_sees_roles_and_who_is_reached(bot_env: BotEnv, world: World) -> None:
    manager, requester = await world.a_manager(), await world.a_requester()
    await bot_env.a_user(manager)
    admin = await bot_env.a_user(await world.an_admin())
    await admin.say("/team manager")
    shown = await admin.sees(f"{manager.name} · manager · {bot_env.platform.capitalize()}")
    assert requester.name not in shown["text"]
    await admin.say("/team")
    shown = await admin.sees(f"{requester.name} · requester · no chat connected")
    assert manager.name in shown["text"]
    await admin.say("/team nobody of this name")
    await admin.sees("Nobody matches that name or role")


@BOTH
async def test_others_hear_who_may(bot_env: BotEnv, world: World) -> None:
    admin = await world.an_admin()
    user = await bot_env.a_user(await world.an_officer())
    await user.say("/team")
    refusal = (await user.sees("You don’t have permission"))["text"]
    assert admin.name in refusal
    assert "people:" not in refusal
