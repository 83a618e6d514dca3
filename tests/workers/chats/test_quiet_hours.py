"""Quiet hours: what is not urgent waits for their end or for the digest; what is urgent goes through."""

import datetime as dt
import re
from typing import Any

import pytest

from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import links
from core.accounts.commands import MakeLink, UseLink
from core.approvals.states import Verdict
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.notifications.preferences import ChangePreferences, Snooze, change_preferences
from core.notifications.quiet_hours import QuietPeriod
from core.orders import service as orders
from core.orders.commands import CancelOrder
from core.people.model import Person
from tests.workers.delivery.worker_env import WorkerEnv
from workers.notices.send_text import TextOutcome
from workers.subscribers import send_notices

HOUR = dt.timedelta(hours=1)
NIGHT = QuietPeriod(dt.time(20), dt.time(7))
CARD = re.compile(r"(REQ|PO|RFQ)-\S+ · ")
EVENING = dt.datetime(2026, 11, 23, 21, tzinfo=dt.UTC)


async def set_up(worker_env: WorkerEnv, person: Person, **change: Any) -> None:
    await worker_env.world.act(person, change_preferences, ChangePreferences(frozenset(change), **change))


async def rejected(worker_env: WorkerEnv) -> None:
    """Something that the requester is told of."""
    approval = (await worker_env.world.an_open_approval()).approval
    manager = await worker_env.world.a_manager()
    command = Decide(approval.id, Verdict.reject, approval.version, "Not this quarter.")
    await worker_env.world.act(manager, decisions.decide, command)
    await worker_env.work()


async def told(worker_env: WorkerEnv, chat: int) -> list[str]:
    """What was said, without the cards."""
    said = [message["text"] for message in await worker_env.sandbox.messages(chat)]
    return [words for words in said if not CARD.match(words)]


async def sounds(worker_env: WorkerEnv, holds: str = "") -> list[bool]:
    """Of every message that went out with these words: whether it made a sound."""
    calls = await worker_env.sandbox.calls()
    sent = [call for call in calls if call["method"] == "sendMessage" and holds in call["args"]["text"]]
    return [not call["args"].get("disable_notification") for call in sent]


async def test_what_is_not_urgent_waits_until_the_quiet_hours_end_and_comes_as_one_message(
    worker_env: WorkerEnv,
) -> None:
    requester = await worker_env.world.a_requester()
    chat = await worker_env.link_chat(requester)
    await set_up(worker_env, requester, quiet=NIGHT, digest_hour=None)
    worker_env.clock.at = EVENING
    await rejected(worker_env)
    await rejected(worker_env)
    assert await told(worker_env, chat) == []
    # each rejection, and that with it no quote is left
    assert await worker_env.scalar("SELECT count(*) FROM notices WHERE state = 'held'") == 4
    await worker_env.advance(9 * HOUR)
    assert await told(worker_env, chat) == []
    await worker_env.advance(HOUR)
    (words,) = await told(worker_env, chat)
    assert words.count(" rejected ") == 2
    await worker_env.advance(HOUR)
    assert len(await told(worker_env, chat)) == 1


async def test_a_digest_that_comes_first_tells_it_and_nothing_is_told_twice(worker_env: WorkerEnv) -> None:
    requester = await worker_env.world.a_requester()
    chat = await worker_env.link_chat(requester)
    await set_up(worker_env, requester, quiet=NIGHT, digest_hour=6)
    worker_env.clock.at = EVENING
    await rejected(worker_env)
    await worker_env.advance(9 * HOUR)
    (digest,) = await told(worker_env, chat)
    assert digest.startswith("Your day")
    assert "While notifications were paused:" in digest
    assert " rejected " in digest
    await worker_env.advance(3 * HOUR)
    assert len(await told(worker_env, chat)) == 1


async def test_when_both_come_at_the_same_moment_the_digest_tells_it(worker_env: WorkerEnv) -> None:
    requester = await worker_env.world.a_requester()
    chat = await worker_env.link_chat(requester)
    await set_up(worker_env, requester, quiet=NIGHT, digest_hour=7)
    worker_env.clock.at = EVENING
    await rejected(worker_env)
    await worker_env.advance(10 * HOUR)
    await worker_env.advance(HOUR)
    (digest,) = await told(worker_env, chat)
    assert " rejected " in digest


async def test_a_cancelled_order_and_a_new_chat_go_through_with_a_sound(worker_env: WorkerEnv) -> None:
    requester = await worker_env.world.a_requester()
    chat = await worker_env.link_chat(requester)
    order = await worker_env.world.an_order()
    await worker_env.work()
    await set_up(worker_env, requester, quiet=NIGHT)
    worker_env.clock.at = EVENING
    command = CancelOrder(order.order.id, "The project was stopped.", None)
    await worker_env.world.act(await worker_env.world.an_officer(), orders.cancel, command)
    await worker_env.work()
    assert "was cancelled" in (await told(worker_env, chat))[-1]
    phone = {"id": 777, "first_name": "Rosa", "started": True}
    await worker_env.sandbox.set_person(phone)
    link = await worker_env.world.act(requester, links.make_link, MakeLink(None))
    use = UseLink(link.code, "telegram", "777", "Rosa's other phone")
    await worker_env.world.act(Actor.service(Role.service_bot), links.confirm_link, use)
    await worker_env.work()
    assert "(Telegram) was connected to your Parley account" in (await told(worker_env, chat))[-1]
    assert not any(
        "was connected" in each for each in await told(worker_env, 777)
    )  # it was told there just now
    assert (await sounds(worker_env))[-2:] == [True, True]


async def test_outside_quiet_hours_it_comes_at_once_without_a_sound(worker_env: WorkerEnv) -> None:
    requester = await worker_env.world.a_requester()
    chat = await worker_env.link_chat(requester)
    await set_up(worker_env, requester, quiet=NIGHT)
    await rejected(worker_env)
    assert " rejected " in (await told(worker_env, chat))[-1]
    assert await sounds(worker_env, " rejected ") == [False]


async def test_a_task_card_is_there_at_night_but_makes_no_sound(worker_env: WorkerEnv) -> None:
    officer = await worker_env.world.an_officer()
    chat = await worker_env.link_chat(officer)
    await worker_env.world.a_request()
    await worker_env.work()
    await set_up(worker_env, officer, quiet=NIGHT)
    worker_env.clock.at = EVENING
    await worker_env.world.a_request()
    await worker_env.work()
    assert len(await worker_env.sandbox.messages(chat)) == 2
    assert await sounds(worker_env) == [True, False]


async def test_an_rfq_that_closes_tomorrow_is_said_at_night_beside_its_silent_card(
    worker_env: WorkerEnv,
) -> None:
    """By day the card is enough."""
    vendor, contact = await worker_env.world.a_vendor()
    chat = await worker_env.link_chat(contact)
    await set_up(worker_env, contact, quiet=NIGHT)
    await worker_env.world.an_rfq(to=[vendor], quote_by=20 * HOUR)
    await worker_env.work()
    assert await told(worker_env, chat) == []
    worker_env.clock.at = EVENING
    for closing in (20, 72):
        await worker_env.world.an_rfq(to=[vendor], quote_by=closing * HOUR)
    await worker_env.work()
    (words,) = await told(worker_env, chat)
    assert "asks you to quote" in words
    assert sorted(await sounds(worker_env)) == [False, False, True, True]


async def test_ending_a_snooze_tells_at_once_what_was_kept(worker_env: WorkerEnv) -> None:
    requester = await worker_env.world.a_requester()
    chat = await worker_env.link_chat(requester)
    await set_up(worker_env, requester, snooze=Snooze.hour)
    await rejected(worker_env)
    assert await told(worker_env, chat) == []
    await set_up(worker_env, requester, snooze=Snooze.end)
    await worker_env.work()
    assert len(await told(worker_env, chat)) == 1


async def test_a_snooze_of_an_hour_ends_by_itself(worker_env: WorkerEnv) -> None:
    requester = await worker_env.world.a_requester()
    chat = await worker_env.link_chat(requester)
    await set_up(worker_env, requester, snooze=Snooze.hour)
    await rejected(worker_env)
    await worker_env.advance(HOUR)
    assert len(await told(worker_env, chat)) == 1


async def test_what_one_chat_took_is_kept_as_sent_though_the_other_chat_failed(
    worker_env: WorkerEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def half(*_: object) -> TextOutcome:
        return TextOutcome(delivered=True, error=RuntimeError("the other chat"))

    requester = await worker_env.world.a_requester()
    await worker_env.link_chat(requester)
    await set_up(worker_env, requester, snooze=Snooze.hour)
    await rejected(worker_env)
    held = await worker_env.scalar("SELECT count(*) FROM notices WHERE state = 'held'")
    monkeypatch.setattr(send_notices, "send_text", half)
    await set_up(worker_env, requester, snooze=Snooze.end)
    await worker_env.work()
    assert await worker_env.scalar("SELECT count(*) FROM notices WHERE state = 'sent'") == held > 0
