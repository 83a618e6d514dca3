"""A list that is cut says how many are not shown and how they are found."""

from bots.dialog.handlers.lists import MAX_ITEMS
from tests.bots.bot_env import BOTH, BotEnv
from tests.support.world import World


@BOTH
async def test_a_cut_list_says_how_many_more_there_are(bot_env: BotEnv, world: World) -> None:
    for _ in range(MAX_ITEMS + 2):
        await world.a_request()
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/my")
    told = (await user.sees("2 more are not shown."))["text"]
    assert "my completed" in told
