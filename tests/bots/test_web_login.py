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


def test_the_card_does_not_know_the_number() -> None:
    assert "number" not in WebLoginQuestionOut.model_fields
    assert for_person.__doc__
