"""/demand in both chats: a list, one item with all that is said, and a press that opens the filled-in form."""

from core.access.roles import Role
from core.people.model import Person
from tests.api.test_demand import TONER
from tests.bots.bot_env import BOTH, BotEnv, ChatUser, labels
from tests.bots.slack_env import SlackEnv
from tests.bots.telegram_env import TelegramEnv
from tests.core.demand.made_needs import forecast, needs
from tests.support.postgres import Database
from tests.support.world import World


async def say(user: ChatUser, words: str) -> None:
    await user.say(f"/parley {words}" if isinstance(user.id, str) else f"/{words}")


async def a_forecast(world: World, database: Database) -> Person:
    await needs(database, world, "Toner 26A", TONER)
    await needs(database, world, "Steady paper A4", [5] * 30)
    await forecast(world)
    return await world.a_person(Role.officer)


async def test_an_item_is_told_with_its_months_and_a_press_fills_the_form_on_telegram(
    telegram: TelegramEnv, world: World, database: Database
) -> None:
    user = await telegram.a_user(await a_forecast(world, database))
    await say(user, "demand toner")
    card = await user.sees("months with demand: 15")
    assert "Next quarter: probably" in card["text"]
    count = "SELECT count(*) FROM request_lines WHERE asked_at > now() - interval '1 hour'"
    await user.press("Draft a request")
    await user.sees("When do you need it?")
    await user.say("in 3 weeks")
    await user.with_button("Submit")
    assert await database.hand.fetchval(count) == 0, "nothing is asked for before somebody submits it"
    await user.press("Submit")
    await user.with_button("Withdraw…")
    assert await database.hand.fetchval(count) == 1
    made = await database.hand.fetchrow(
        "SELECT description, unit, quantity FROM request_lines ORDER BY asked_at DESC LIMIT 1"
    )
    assert (made["description"], made["unit"]) == ("Toner 26A", "pcs")
    assert 1 <= made["quantity"] <= 21


async def test_an_item_is_told_with_its_months_and_a_press_fills_the_modal_on_slack(
    slack: SlackEnv, world: World, database: Database
) -> None:
    user = await slack.a_user(await a_forecast(world, database))
    await say(user, "demand toner")
    await user.sees("months with demand: 15")
    before = await database.hand.fetchval("SELECT count(*) FROM procurement_requests")
    await user.press("Draft a request")
    shown = {each["block_id"]: each["value"] for each in (await user.modal("New request"))["fields"]}
    assert (shown["item:1"], shown["cost_centre"]) == ("Toner 26A", "IT")
    assert 1 <= int(shown["quantity:1"]) <= 21
    assert await database.hand.fetchval("SELECT count(*) FROM procurement_requests") == before


@BOTH
async def test_alone_it_lists_what_is_needed_and_why_some_have_no_range(
    bot_env: BotEnv, world: World, database: Database
) -> None:
    user = await bot_env.a_user(await a_forecast(world, database))
    await say(user, "demand")
    listed = await user.sees("no better than repeating the last period")
    assert "Toner 26A" in listed["text"]
    await user.press("Steady paper A4")
    card = await user.sees("months with demand: 30")
    assert "Draft a request" not in labels(card)


@BOTH
async def test_an_unknown_item_and_a_requester_are_told_so(
    bot_env: BotEnv, world: World, database: Database
) -> None:
    user = await bot_env.a_user(await a_forecast(world, database))
    await say(user, "demand unicorns")
    await user.sees("unicorns")
    requester = await bot_env.a_user(await world.a_person(Role.requester))
    await say(requester, "demand")
    await requester.sees("permission")
