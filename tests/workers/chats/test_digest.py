"""One digest a day: what it says, when it comes, and that it comes once whatever clocks and zones do."""

import datetime as dt
from typing import Any

import pytest

from api.contract import endpoints as e
from bots.cards.digest import for_person
from bots.cards.viewer import Viewer
from core.access.roles import Role
from core.notifications.preferences import ChangePreferences, Snooze, change_preferences
from core.people.model import Person
from core.worklist.queries import MAX_ITEMS
from tests.bots.bot_env import labels
from tests.support.api import Api
from tests.support.world import World
from tests.workers.delivery.worker_env import WorkerEnv

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def digests(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in messages if message["text"].startswith("Your day")]


async def set_up(worker_env: WorkerEnv, person: Person, **change: Any) -> None:
    command = ChangePreferences(frozenset(change), **change)
    await worker_env.world.act(person, change_preferences, command)


async def test_it_says_what_waits_what_moved_and_what_closes_with_buttons(worker_env: WorkerEnv) -> None:
    world = worker_env.world
    requester, officer, manager = await world.a_requester(), await world.an_officer(), await world.a_manager()
    chats = {who.name: await worker_env.link_chat(who) for who in (requester, officer, manager)}
    vendor, contact = await world.a_vendor()
    chats[contact.name] = await worker_env.link_chat(contact)
    worker_env.clock.at = at("2026-11-24T06:00:00Z")
    opened = await world.an_open_approval(vendor=vendor, contact=contact)
    order = await world.an_order(vendor=vendor, contact=contact, acknowledged=True)
    await world.an_rfq(to=[vendor], quote_by=dt.timedelta(hours=20))
    fresh = await world.a_request()
    await worker_env.work()
    await worker_env.advance(2 * HOUR)

    (mine,) = digests(await worker_env.sandbox.messages(chats[manager.name]))
    number = opened.approval.title.split(" ")[0]
    assert "1 item is waiting for you" in mine["text"]
    assert f"{number}" in mine["text"]
    assert "decide · 3,540.00 USD" in mine["text"]
    assert labels(mine)[-4:] == ["Pause for 1 hour", "Pause until tomorrow", "Settings…", "Open dashboard"]
    assert labels(mine)[0].startswith("Open REQ-")

    (theirs,) = digests(await worker_env.sandbox.messages(chats[requester.name]))
    assert f"{order.order.number}: receive the goods" in theirs["text"]
    assert "Since yesterday: " in theirs["text"]

    (hers,) = digests(await worker_env.sandbox.messages(chats[officer.name]))
    assert f"{fresh.request.number}: ask vendors" in hers["text"]
    assert "closes Wed 25 Nov 2026" in hers["text"] or "closes Tue 24 Nov 2026" in hers["text"]
    assert "0 of 1 vendors answered" in hers["text"]

    (vendors,) = digests(await worker_env.sandbox.messages(chats[contact.name]))
    assert "your quote" in vendors["text"]
    assert "USD" not in vendors["text"]


async def test_nothing_to_say_sends_nothing_and_the_day_is_done(worker_env: WorkerEnv) -> None:
    chat = await worker_env.link_chat(await worker_env.world.an_auditor())
    worker_env.clock.at = at("2026-11-24T08:00:00Z")
    await worker_env.work()
    await worker_env.advance(HOUR)
    assert await worker_env.sandbox.messages(chat) == []
    assert await worker_env.scalar("SELECT state FROM digests") == "empty"


async def something_waits(world: World) -> Person:
    officer = await world.an_officer()
    await world.a_request()
    return officer


async def test_once_per_local_day_though_the_clock_is_asked_every_half_hour(worker_env: WorkerEnv) -> None:
    officer = await something_waits(worker_env.world)
    chat = await worker_env.link_chat(officer)
    await set_up(worker_env, officer, zone="Europe/Berlin", digest_hour=9)
    worker_env.clock.at = at("2026-11-24T07:30:00+01:00")
    for _ in range(3 * 48):
        await worker_env.advance(HOUR / 2)
    told = digests(await worker_env.sandbox.messages(chat))
    days = await worker_env.scalar("SELECT array_agg(day::text ORDER BY day) FROM digests")
    assert days == ["2026-11-24", "2026-11-25", "2026-11-26"]
    assert len(told) == 3


@pytest.mark.parametrize(
    ("begins", "day"),
    [("2027-03-27T22:00:00+01:00", "2027-03-28"), ("2027-10-30T22:00:00+02:00", "2027-10-31")],
)
async def test_the_night_in_which_the_clocks_change_has_one_digest(
    worker_env: WorkerEnv, begins: str, day: str
) -> None:
    officer = await something_waits(worker_env.world)
    chat = await worker_env.link_chat(officer)
    await set_up(worker_env, officer, zone="Europe/Berlin", digest_hour=2)
    worker_env.clock.at = at(begins)
    for _ in range(40):
        await worker_env.advance(HOUR / 4)
    assert len(digests(await worker_env.sandbox.messages(chat))) == 1
    assert await worker_env.scalar("SELECT day::text FROM digests") == day


async def test_flying_west_gives_no_second_digest_and_flying_east_loses_none(worker_env: WorkerEnv) -> None:
    officer = await something_waits(worker_env.world)
    chat = await worker_env.link_chat(officer)
    await set_up(worker_env, officer, zone="Europe/Berlin", digest_hour=8)
    worker_env.clock.at = at("2026-11-24T08:00:00+01:00")
    await worker_env.work()
    assert len(digests(await worker_env.sandbox.messages(chat))) == 1
    await set_up(worker_env, officer, zone="America/New_York")
    for _ in range(14):
        await worker_env.advance(HOUR)
    assert len(digests(await worker_env.sandbox.messages(chat))) == 1
    await set_up(worker_env, officer, zone="Asia/Tokyo")
    for _ in range(6):
        await worker_env.advance(HOUR)
    assert [await worker_env.scalar("SELECT count(*) FROM digests")] == [2]
    assert len(digests(await worker_env.sandbox.messages(chat))) == 2


async def test_the_first_digest_comes_the_day_after_the_chat_was_linked(worker_env: WorkerEnv) -> None:
    officer = await something_waits(worker_env.world)
    chat = await worker_env.link_chat(officer, linked=dt.timedelta(0))
    await set_up(worker_env, officer, digest_hour=15)
    await worker_env.advance(HOUR)
    assert digests(await worker_env.sandbox.messages(chat)) == []
    await worker_env.advance(DAY)
    assert len(digests(await worker_env.sandbox.messages(chat))) == 1


async def test_a_person_with_two_chats_has_it_in_one_and_the_other_takes_over(worker_env: WorkerEnv) -> None:
    officer = await something_waits(worker_env.world)
    first = await worker_env.link_chat(officer, linked=dt.timedelta(days=9))
    second = await worker_env.link_chat(officer)
    worker_env.clock.at = at("2026-11-24T08:00:00Z")
    await worker_env.work()
    assert [len(digests(await worker_env.sandbox.messages(chat))) for chat in (first, second)] == [1, 0]
    await worker_env.sandbox.set_fault("blocked", person=first)
    await worker_env.advance(DAY)
    await worker_env.sandbox.clear_faults()
    assert [len(digests(await worker_env.sandbox.messages(chat))) for chat in (first, second)] == [1, 1]


async def test_no_hour_or_a_snooze_until_tomorrow_means_none_today(worker_env: WorkerEnv) -> None:
    officer = await something_waits(worker_env.world)
    chat = await worker_env.link_chat(officer)
    worker_env.clock.at = at("2026-11-24T07:00:00Z")
    await set_up(worker_env, officer, snooze=Snooze.tomorrow)
    await worker_env.advance(2 * HOUR)
    assert digests(await worker_env.sandbox.messages(chat)) == []
    await worker_env.advance(DAY)
    assert len(digests(await worker_env.sandbox.messages(chat))) == 1
    await set_up(worker_env, officer, digest_hour=None)
    await worker_env.advance(DAY)
    assert len(digests(await worker_env.sandbox.messages(chat))) == 1


async def test_the_digest_is_also_read_by_the_api_with_ones_own_rights(api: Api, world: World) -> None:
    officer = await something_waits(world)
    mine = await api.as_(officer).call(e.my_digest)
    assert [item.task.value for item in mine.waiting] == ["source"]
    _, contact = await world.a_vendor()
    theirs = await api.as_(contact).call(e.my_digest)
    assert (theirs.waiting, theirs.moved, theirs.kept) == ((), (), ())
    other = await api.as_(await world.a_person(Role.requester)).call(e.my_digest)
    assert other.waiting == ()


async def test_what_waits_is_counted_in_full_where_the_list_is_cut(api: Api, world: World) -> None:
    officer = await world.an_officer()
    for _ in range(MAX_ITEMS + 2):
        await world.a_request()
    mine = await api.as_(officer).call(e.my_digest)
    assert (len(mine.waiting), mine.waits) == (MAX_ITEMS, MAX_ITEMS + 2)
    card = for_person(mine, Viewer.of(await api.as_(officer).call(e.me)))
    assert f"{MAX_ITEMS + 2} items are waiting for you" in card.title
