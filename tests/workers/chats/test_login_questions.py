"""Whoever types an address into the browser makes its person's chats ask, and no other; what is over is not asked."""

import datetime as dt

from core.access.roles import Role
from core.web_sessions import service
from core.web_sessions.commands import AskLogin
from tests.bots.bot_env import labels
from tests.support.world import ADMINISTRATOR
from tests.workers.delivery.worker_env import WorkerEnv


async def test_every_chat_of_the_person_is_asked_while_it_counts(worker_env: WorkerEnv) -> None:
    world = worker_env.world
    person, other = await world.a_person(Role.officer), await world.a_person(Role.officer)
    chat, foreign = await worker_env.link_chat(person), await worker_env.link_chat(other)
    ask = AskLogin(person.email or "", "Firefox · Linux", "/home")
    made = await world.act(ADMINISTRATOR, service.ask_login, ask)
    await worker_env.work()
    (question,) = [each for each in await worker_env.sandbox.messages(chat) if "Firefox" in each["text"]]
    assert str(made.number) in labels(question)
    assert labels(question)[-1] == "Not me"
    assert not [each for each in await worker_env.sandbox.messages(foreign) if "Firefox" in each["text"]]
    await world.act(ADMINISTRATOR, service.ask_login, AskLogin(person.email or "", "Safari", "/home"))
    await worker_env.advance(dt.timedelta(minutes=4))
    assert not [each for each in await worker_env.sandbox.messages(chat) if "Safari" in each["text"]]
