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


@BOTH
async def test_an_administrator_ends_one_chat_of_whoever_is_found_alone(
    bot_env: BotEnv, world: World
) -> None:
    manager = await world.a_manager()
    user = await bot_env.a_user(manager)
    admin = await bot_env.a_user(await world.an_admin())
    platform = bot_env.platform.capitalize()
    await admin.say(f"/team {manager.name}")
    shown = await admin.sees(f"{platform} · ")
    assert manager.name in shown["text"]
    await admin.press(f"Disconnect {platform}")
    await admin.sees("This chat is no longer connected")
    await user.say("/my")
    await user.sees("This is Parley, purchasing by chat")
    assert "link.revoked" in await world.events_of(manager.id)


@BOTH
async def test_the_same_can_be_typed_if_it_is_clear_who_is_meant(bot_env: BotEnv, world: World) -> None:
    manager = await world.a_manager()
    await bot_env.a_user(manager)
    admin = await bot_env.a_user(await world.an_admin())
    await admin.say(f"/team a unlink {bot_env.platform}")
    await admin.sees("That fits several people, or nobody")
    other = "slack" if bot_env.platform == "telegram" else "telegram"
    await admin.say(f"/team {manager.name} unlink {other}")
    await admin.sees("There is no such chat")
    assert "link.revoked" not in await world.events_of(manager.id)
    await admin.say(f"/team {manager.name} unlink {bot_env.platform}")
    await admin.sees("This chat is no longer connected")


@BOTH
async def test_an_administrator_ends_the_chat_of_a_vendors_contact(bot_env: BotEnv, world: World) -> None:
    vendor, contact = await world.a_vendor()
    user = await bot_env.a_user(contact)
    admin = await bot_env.a_user(await world.an_admin())
    platform = bot_env.platform.capitalize()
    await admin.say(f"/team {vendor.name}")
    shown = await admin.sees(contact.name)
    assert f"{platform} · " in shown["text"]
    await admin.press(f"Disconnect {platform}")
    await admin.sees("This chat is no longer connected")
    await user.say("/rfqs")
    await user.sees("This is Parley, purchasing by chat")
    assert "link.revoked" in await world.events_of(contact.id)


@BOTH
async def test_the_chat_of_a_vendors_contact_is_ended_by_typing(bot_env: BotEnv, world: World) -> None:
    vendor, contact = await world.a_vendor()
    await bot_env.a_user(contact)
    admin = await bot_env.a_user(await world.an_admin())
    await admin.say(f"/team {vendor.name} unlink {bot_env.platform}")
    await admin.sees("This chat is no longer connected")
    assert "link.revoked" in await world.events_of(contact.id)
