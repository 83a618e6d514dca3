"""On the week's first day the digest of officers and finance says what the figures say; switched off, nothing comes."""

import datetime as dt

from core.access.roles import Role
from core.notifications.preferences import ChangePreferences, change_preferences
from tests.workers.delivery.worker_env import WorkerEnv

MONDAY = dt.datetime(2026, 11, 30, 7, 30, tzinfo=dt.UTC)
SAID = "The last four weeks in figures"


async def test_finance_reads_the_weeks_figures_on_monday_and_nobody_who_wants_no_digest(
    worker_env: WorkerEnv,
) -> None:
    world = worker_env.world
    worker_env.clock.at = MONDAY - dt.timedelta(days=4)
    await world.an_order()
    readers = [await world.a_person(Role.finance) for _ in range(2)] + [await world.a_person(Role.auditor)]
    chats = [await worker_env.link_chat(each) for each in readers]
    silent = ChangePreferences(frozenset({"digest_hour"}), digest_hour=None)
    await world.act(readers[1], change_preferences, silent)
    worker_env.clock.at = MONDAY - dt.timedelta(hours=1)
    await worker_env.work()
    await worker_env.advance(dt.timedelta(hours=2))
    told = [
        [each["text"] for each in await worker_env.sandbox.messages(chat) if SAID in each["text"]]
        for chat in chats
    ]
    assert [len(each) for each in told] == [1, 0, 0]
    assert "3,540.00 USD were ordered (n = 1)" in told[0][0]
    await worker_env.advance(dt.timedelta(days=1))
    again = [each for each in await worker_env.sandbox.messages(chats[0]) if SAID in each["text"]]
    assert len(again) == 1, "and on no other day"
