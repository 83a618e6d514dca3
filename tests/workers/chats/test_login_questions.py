"""Whoever types an address into the browser makes its person's chats ask, and no other; what is over is not asked."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import insert

from bots.cards.card import Card
from bots.cards.sending import Blocked, Outbound, RetryLater
from core.access.roles import Role
from core.accounts.tables import chat_identities
from core.kernel.ids import new_id
from core.people.model import Person
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


class Failing:
    """A platform that takes nothing, and what it was asked to take."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.posts = 0

    async def post(self, chat_id: str, card: Card, *, thread_id: str = "") -> str:
        self.posts += 1
        raise self.error


async def on_failing_slack(worker_env: WorkerEnv, person: Person, error: Exception) -> Failing:
    """A second platform on which this person has a chat too."""
    failing = Failing(error)
    chats: dict[str, Outbound] = {"slack": failing, **worker_env.runtime.chats}  # type: ignore[dict-item]
    worker_env.runtime = replace(worker_env.runtime, chats=chats)
    chat = {
        "platform": "slack",
        "external_id": f"T1:{person.id}",
        "person_id": person.id,
        "display_name": person.name,
    }
    async with worker_env.world.engine.begin() as connection:
        linked = insert(chat_identities).values(id=new_id(), linked_at=worker_env.clock.now(), **chat)
        await connection.execute(linked)
    return failing


@pytest.mark.parametrize("error", [RetryLater(30), Blocked("gone"), RuntimeError("broken")])
async def test_a_chat_that_fails_repeats_the_question_nowhere(
    worker_env: WorkerEnv, error: Exception
) -> None:
    world = worker_env.world
    person = await world.a_person(Role.officer)
    chat = await worker_env.link_chat(person)
    failing = await on_failing_slack(worker_env, person, error)
    await world.act(ADMINISTRATOR, service.ask_login, AskLogin(person.email or "", "Firefox", "/home"))
    await worker_env.work()
    await worker_env.advance(dt.timedelta(minutes=2))
    assert len([each for each in await worker_env.sandbox.messages(chat) if "Firefox" in each["text"]]) == 1
    assert failing.posts == 1
    assert ("chat.unreachable" in await world.events_of(person.id)) == isinstance(error, Blocked)


async def test_when_no_chat_takes_the_question_it_is_asked_after_the_pause(worker_env: WorkerEnv) -> None:
    world = worker_env.world
    person = await world.a_person(Role.officer)
    failing = await on_failing_slack(worker_env, person, RetryLater(30))
    await world.act(ADMINISTRATOR, service.ask_login, AskLogin(person.email or "", "Firefox", "/home"))
    await worker_env.work()
    assert failing.posts == 1
    await worker_env.advance(dt.timedelta(seconds=31))
    assert failing.posts == 2
