"""The browser's question in the chat: the pressed number is the answer, on Telegram and on Slack."""

from api.contract import endpoints as e
from api.contract.people import WebLoginQuestionOut
from bots.cards.web_login import for_person
from core.access.roles import Role
from core.people.model import Person
from core.web_sessions import service
from core.web_sessions.commands import AskLogin, OpenByMatch
from core.web_sessions.model import NewMatch
from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.support.world import ADMINISTRATOR, World


async def asked(bot_env: BotEnv, world: World, person: Person) -> tuple[NewMatch, WebLoginQuestionOut]:
    command = AskLogin(person.email or "", "Firefox · Linux", "/home")
    made = await world.act(ADMINISTRATOR, service.ask_login, command)
    return made, await bot_env.api.as_(person).call(e.my_web_login)


@BOTH
async def test_the_number_is_pressed_once(bot_env: BotEnv, world: World) -> None:
    person = await world.a_person(Role.officer)
    user = await bot_env.a_user(person)
    made, question = await asked(bot_env, world, person)
    await user.say("/login" if bot_env.platform == "telegram" else "/parley login")
    card = await user.sees("Are you logging in with Firefox")
    assert labels(card) == [*(str(each) for each in question.offered), "Not me"]
    await user.press(str(made.number), card["id"])
    await user.sees("That was the number.")
    opened = await world.act(ADMINISTRATOR, service.open_by_match, OpenByMatch(made.secret))
    assert opened.person.id == person.id


async def test_a_typed_number_and_not_me(bot_env: BotEnv, world: World) -> None:
    person = await world.a_person(Role.officer)
    user = await bot_env.a_user(person)
    made, question = await asked(bot_env, world, person)
    wrong = next(each for each in question.offered if each != made.number)
    await user.say(f"/login {wrong}")
    await user.sees("That is not the number of the browser")
    await user.say("/login")
    await user.sees("No browser is waiting for this number any more.")


@BOTH
async def test_a_number_is_read_in_any_script_and_anything_else_asks_again(
    bot_env: BotEnv, world: World
) -> None:
    person = await world.a_person(Role.officer)
    user = await bot_env.a_user(person)
    made, _ = await asked(bot_env, world, person)
    say = "/login" if bot_env.platform == "telegram" else "/parley login"
    unread = ("4", "0471", "please 47", f"{made.number} please", "٠٧", "²²")
    for typed in unread:
        await user.say(f"{say} {typed}")
        await user.sees("Are you logging in with Firefox")
    assert (await bot_env.api.as_(person).call(e.my_web_login)).offered, "nothing was answered"
    await user.say(say + " " + str(made.number).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))
    await user.sees("That was the number.")


async def test_a_typed_number_answers_the_browser_that_shows_it(bot_env: BotEnv, world: World) -> None:
    person = await world.a_person(Role.officer)
    user = await bot_env.a_user(person)
    made, mine = await asked(bot_env, world, person)
    later = await asked(bot_env, world, person)
    while made.number in later[1].offered:
        await user.say(f"/login {made.number}")
        await user.sees("Are you logging in with Firefox")
        await bot_env.api.as_(person).call(
            e.answer_web_login, {"number": later[0].number}, path={"id": later[1].id}
        )
        later = await asked(bot_env, world, person)
    await user.say(f"/login {made.number}")
    await user.sees("That was the number.")
    opened = await world.act(ADMINISTRATOR, service.open_by_match, OpenByMatch(made.secret))
    assert (opened.person.id, later[1].id == mine.id) == (person.id, False)


def test_the_card_does_not_know_the_number() -> None:
    assert "number" not in WebLoginQuestionOut.model_fields
    assert for_person.__doc__
