"""Both chats tell a requester what was bought before, and a buyer who could be asked and why."""

from core.insights.commands import SwitchInsight
from core.insights.service import switch_insight
from core.insights.states import Feature
from tests.bots.bot_env import BOTH, BotEnv
from tests.support.bought import asked, bought
from tests.support.world import World


@BOTH
async def test_the_draft_tells_what_was_bought_before_and_the_choice_of_vendors_why(
    bot_env: BotEnv, world: World
) -> None:
    requester, officer = await world.a_requester(), await world.an_officer()
    seller, (newcomer, _) = await world.a_vendor(), await world.a_vendor()
    await bought(world, "Laptop 14 inch", seller, by=requester, price="1150")
    user = await bot_env.a_user(requester)
    await user.say("/request 2 laptop 14 inch @1200 needed 2027-12-01 for IT")
    draft = str(await user.with_button("Submit"))
    for told in ("bought before, 1 like this since", "1,150.00 USD for 1 pc", seller[0].name):
        assert told in draft
    request = await asked(world, "laptop 14 inch")
    buyer = await bot_env.a_user(officer)
    await buyer.say(f"/rfq {request.request.number}")
    choice = str(await buyer.with_button(seller[0].name))
    for told in (": 1 similar since", "1 for IT", "bought before, 1 like this", "1,150.00 USD"):
        assert told in choice
    assert f"{newcomer.name}: new here" in choice


@BOTH
async def test_switched_off_neither_says_anything(bot_env: BotEnv, world: World) -> None:
    requester, officer = await world.a_requester(), await world.an_officer()
    seller = await world.a_vendor()
    await bought(world, "Laptop 14 inch", seller, by=requester)
    command = SwitchInsight(Feature.who_to_ask, enabled=False)
    await world.act(await world.an_admin(), switch_insight, command)
    user = await bot_env.a_user(requester)
    await user.say("/request 2 laptop 14 inch @1200 needed 2027-12-01 for IT")
    assert "bought before" not in str(await user.with_button("Submit"))
    request = await asked(world, "laptop 14 inch")
    buyer = await bot_env.a_user(officer)
    await buyer.say(f"/rfq {request.request.number}")
    choice = str(await buyer.with_button(seller[0].name))
    assert " similar since" not in choice
    assert "bought before" not in choice
    assert "new here" not in choice


@BOTH
async def test_a_line_that_is_changed_is_looked_up_again(bot_env: BotEnv, world: World) -> None:
    requester, seller = await world.a_requester(), await world.a_vendor()
    await bought(world, "Laptop 14 inch", seller, by=requester)
    user = await bot_env.a_user(requester)
    await user.say("/request 2 garden chairs @80 needed 2027-12-01 for IT")
    assert "bought before" not in str(await user.with_button("Submit"))
    await user.press("Add line")
    await user.say("1 laptop 14 inch @1200")
    assert "laptop 14 inch: bought before" in str(await user.with_button("Submit"))
