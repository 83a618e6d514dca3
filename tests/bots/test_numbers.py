"""Numbers in the chat: what is confirmed is what is stored, and a part of a piece is asked about."""

from decimal import Decimal

import pytest

from api.contract import endpoints as e
from tests.bots.bot_env import BOTH, BotEnv
from tests.support.world import World

pytestmark = BOTH


async def test_the_draft_shows_the_total_that_is_stored(bot_env: BotEnv, world: World) -> None:
    requester = await world.a_requester()
    user = await bot_env.a_user(requester)
    await user.say("/request 1x bolt @0.335; 1x nut @0.335; 1x washer @0.335; needed 2027-12-01 for IT")
    draft = await user.with_button("Submit")
    assert "1.02 USD" in draft["text"]
    await user.press("Submit")
    found = (await bot_env.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    assert [each.total_estimate for each in found] == [Decimal("1.02")]


async def test_a_part_of_a_piece_is_asked_about_before_anything_is_sent(
    bot_env: BotEnv, world: World
) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/request 3.4x laptop @1200 needed 2027-12-01 for IT")
    await user.sees("laptop is counted in whole numbers, so it cannot be 3.4. Write it like this: 3.")
    await user.say("2.5")
    await user.sees("so it cannot be 2.5. Write it like this: 2.")
    await user.say("3")
    draft = await user.with_button("Submit")
    assert "3 × laptop" in draft["text"]


@pytest.mark.parametrize("strange", ["1E3", "²", "9" * 60, "1000000000000", "NaN", "-3", "0x10", "Ⅷ"])
async def test_a_number_that_is_none_gets_a_sentence(bot_env: BotEnv, world: World, strange: str) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/request laptop")
    await user.sees("How many “laptop” do you need?")
    await user.say(strange)
    await user.sees("I couldn’t read the number")
    await user.say("٣")
    await user.sees("When do you need it?")
