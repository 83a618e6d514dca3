"""Quiet hours: what is not urgent waits for their end or for the digest; what is urgent goes through."""

import datetime as dt
import re
from typing import Any

from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import links
from core.accounts.commands import MakeLink, UseLink
from core.approvals.states import Verdict
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.notifications.hours import Quiet
from core.notifications.settings import ChangeSettings, Snooze, change_settings
from core.orders import service as orders
from core.orders.commands import CancelOrder
from core.people.model import Person
from tests.workers.delivery.shop import Shop

HOUR = dt.timedelta(hours=1)
NIGHT = Quiet(dt.time(20), dt.time(7))
CARD = re.compile(r"(REQ|PO|RFQ)-\S+ · ")
EVENING = dt.datetime(2026, 11, 23, 21, tzinfo=dt.UTC)


async def set_up(shop: Shop, person: Person, **change: Any) -> None:
    await shop.world.act(person, change_settings, ChangeSettings(frozenset(change), **change))


async def rejected(shop: Shop) -> None:
    """Something that the requester is told of."""
    approval = (await shop.world.an_open_approval()).approval
    manager = await shop.world.a_manager()
    command = Decide(approval.id, Verdict.reject, approval.version, "Not this quarter.")
    await shop.world.act(manager, decisions.decide, command)
    await shop.work()


async def told(shop: Shop, chat: int) -> list[str]:
    """What was said, without the cards."""
    said = [message["text"] for message in await shop.sees(chat)]
    return [words for words in said if not CARD.match(words)]


async def sounds(shop: Shop) -> list[bool]:
    """Of every message that went out: whether it made a sound."""
    calls = await shop.control("GET", "/control/log")
    sent = [call for call in calls if call["method"] == "sendMessage"]
    return [not call["args"].get("disable_notification") for call in sent]


async def test_what_is_not_urgent_waits_until_the_quiet_hours_end_and_comes_as_one_message(
    shop: Shop,
) -> None:
    requester = await shop.world.a_requester()
    chat = await shop.chat(requester)
    await set_up(shop, requester, quiet=NIGHT, digest_hour=None)
    shop.clock.at = EVENING
    await rejected(shop)
    await rejected(shop)
    assert await told(shop, chat) == []
    assert await shop.scalar("SELECT count(*) FROM notices WHERE state = 'held'") == 2
    await shop.forward(9 * HOUR)
    assert await told(shop, chat) == []
    await shop.forward(HOUR)
    (words,) = await told(shop, chat)
    assert words.count("is rejected by") == 2
    await shop.forward(HOUR)
    assert len(await told(shop, chat)) == 1


async def test_a_digest_that_comes_first_tells_it_and_nothing_is_told_twice(shop: Shop) -> None:
    requester = await shop.world.a_requester()
    chat = await shop.chat(requester)
    await set_up(shop, requester, quiet=NIGHT, digest_hour=6)
    shop.clock.at = EVENING
    await rejected(shop)
    await shop.forward(9 * HOUR)
    (digest,) = await told(shop, chat)
    assert digest.startswith("Your day")
    assert "While you did not want to be disturbed:" in digest
    assert "is rejected by" in digest
    await shop.forward(3 * HOUR)
    assert len(await told(shop, chat)) == 1


async def test_when_both_come_at_the_same_moment_the_digest_tells_it(shop: Shop) -> None:
    requester = await shop.world.a_requester()
    chat = await shop.chat(requester)
    await set_up(shop, requester, quiet=NIGHT, digest_hour=7)
    shop.clock.at = EVENING
    await rejected(shop)
    await shop.forward(10 * HOUR)
    await shop.forward(HOUR)
    (digest,) = await told(shop, chat)
    assert "is rejected by" in digest


async def test_a_cancelled_order_and_a_new_chat_go_through_with_a_sound(shop: Shop) -> None:
    requester = await shop.world.a_requester()
    chat = await shop.chat(requester)
    order = await shop.world.an_order()
    await shop.work()
    await set_up(shop, requester, quiet=NIGHT)
    shop.clock.at = EVENING
    command = CancelOrder(order.order.id, "The project was stopped.", None)
    await shop.world.act(await shop.world.an_officer(), orders.cancel, command)
    await shop.work()
    assert "is cancelled" in (await told(shop, chat))[-1]
    phone = {"id": 777, "first_name": "Rosa", "started": True}
    await shop.control("POST", "/control/people", phone)
    link = await shop.world.act(requester, links.make_link, MakeLink(None))
    use = UseLink(link.code, "telegram", "777", "Rosa's other phone")
    await shop.world.act(Actor.service(Role.service_bot), links.confirm_link, use)
    await shop.work()
    assert "was connected with your account" in (await told(shop, chat))[-1]
    assert (await sounds(shop))[-2:] == [True, True]


async def test_outside_quiet_hours_it_comes_at_once_without_a_sound(shop: Shop) -> None:
    requester = await shop.world.a_requester()
    chat = await shop.chat(requester)
    await set_up(shop, requester, quiet=NIGHT)
    await rejected(shop)
    assert "is rejected by" in (await told(shop, chat))[-1]
    assert (await sounds(shop))[-1] is False


async def test_a_task_card_is_there_at_night_but_makes_no_sound(shop: Shop) -> None:
    officer = await shop.world.an_officer()
    chat = await shop.chat(officer)
    await shop.world.a_request()
    await shop.work()
    await set_up(shop, officer, quiet=NIGHT)
    shop.clock.at = EVENING
    await shop.world.a_request()
    await shop.work()
    assert len(await shop.sees(chat)) == 2
    assert await sounds(shop) == [True, False]


async def test_an_rfq_that_closes_tomorrow_is_said_at_night_beside_its_silent_card(shop: Shop) -> None:
    """By day the card is enough."""
    vendor, contact = await shop.world.a_vendor()
    chat = await shop.chat(contact)
    await set_up(shop, contact, quiet=NIGHT)
    await shop.world.an_rfq(to=[vendor], quote_by=20 * HOUR)
    await shop.work()
    assert await told(shop, chat) == []
    shop.clock.at = EVENING
    for closing in (20, 72):
        await shop.world.an_rfq(to=[vendor], quote_by=closing * HOUR)
    await shop.work()
    (words,) = await told(shop, chat)
    assert "asks you for a quote" in words
    assert sorted(await sounds(shop)) == [False, False, True, True]


async def test_ending_a_snooze_tells_at_once_what_was_kept(shop: Shop) -> None:
    requester = await shop.world.a_requester()
    chat = await shop.chat(requester)
    await set_up(shop, requester, snooze=Snooze.hour)
    await rejected(shop)
    assert await told(shop, chat) == []
    await set_up(shop, requester, snooze=Snooze.end)
    await shop.work()
    assert len(await told(shop, chat)) == 1


async def test_a_snooze_of_an_hour_ends_by_itself(shop: Shop) -> None:
    requester = await shop.world.a_requester()
    chat = await shop.chat(requester)
    await set_up(shop, requester, snooze=Snooze.hour)
    await rejected(shop)
    await shop.forward(HOUR)
    assert len(await told(shop, chat)) == 1
