"""/score in both chats: a vendor's contact reads the own score with its n and why, and nobody else's."""

from tests.api.test_vendor_scores import delivered, score_all
from tests.bots.bot_env import BOTH, BotEnv
from tests.bots.test_demand import say
from tests.support.postgres import Database
from tests.support.world import World


@BOTH
async def test_a_contact_reads_the_own_score_and_why(
    bot_env: BotEnv, world: World, database: Database
) -> None:
    vendor, contact = await world.a_vendor()
    few, new_contact = await world.a_vendor()
    await delivered(world, database, vendor, lines=24, late=3)
    await delivered(world, database, few, lines=3)
    await score_all(world)
    user = await bot_env.a_user(contact)
    await say(user, "score")
    told = await user.sees("lines delivered or due since")
    assert f"{vendor.name}: score " in told["text"]
    assert ": 24." in told["text"]
    assert few.name not in told["text"]
    beginner = await bot_env.a_user(new_contact)
    await say(beginner, "score")
    short = await beginner.sees("no score yet")
    assert ": 3;" in short["text"]


@BOTH
async def test_without_a_score_it_says_what_one_needs_and_an_officer_gets_none(
    bot_env: BotEnv, world: World
) -> None:
    _, contact = await world.a_vendor()
    user = await bot_env.a_user(contact)
    await say(user, "score")
    await user.sees("at least 5 deliveries")
    officer = await bot_env.a_user(await world.an_officer())
    await say(officer, "score")
    await officer.sees("permission")
