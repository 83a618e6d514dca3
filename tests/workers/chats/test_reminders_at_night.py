"""Reminders in quiet hours: they wait for the morning, unless it would be too late; what is done is not said again."""

import datetime as dt
from typing import Any

from core.access.roles import Role
from core.approvals.model import ApprovalDetails
from core.approvals.states import Verdict
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.delegations import service as delegating
from core.delegations.commands import Delegate
from core.notifications.hours import Quiet
from core.notifications.settings import ChangeSettings, change_settings
from core.people.model import Person
from tests.workers.delivery.shop import Shop

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
NIGHT = Quiet(dt.time(20), dt.time(7))
EVENING = dt.datetime(2026, 11, 23, 21, tzinfo=dt.UTC)
REMINDED = "has been waiting for your decision"


async def sleeper(shop: Shop, person: Person, digest_hour: int | None = None) -> int:
    """The chat of somebody who does not want to be disturbed at night."""
    chat = await shop.chat(person)
    command = ChangeSettings(frozenset({"quiet", "digest_hour"}), quiet=NIGHT, digest_hour=digest_hour)
    await shop.world.act(person, change_settings, command)
    return chat


async def waits_since_yesterday(shop: Shop) -> ApprovalDetails:
    """An approval whose first reminder has just become due, at nine in the evening."""
    shop.clock.at = EVENING
    opened = await shop.world.an_open_approval()
    await shop.work()
    await shop.forward(DAY)
    assert await shop.scalar("SELECT count(*) FROM audit_events WHERE type = 'approval.overdue'") == 1
    return opened


async def told(shop: Shop, chat: int, words: str) -> list[dict[str, Any]]:
    return [message for message in await shop.sees(chat) if words in message["text"]]


async def test_a_reminder_at_night_comes_in_the_morning(shop: Shop) -> None:
    chat = await sleeper(shop, await shop.world.a_manager())
    await waits_since_yesterday(shop)
    assert await told(shop, chat, REMINDED) == []
    await shop.forward(10 * HOUR)
    assert len(await told(shop, chat, REMINDED)) == 1


async def test_what_a_colleague_decided_at_night_is_not_reminded_of_in_the_morning(shop: Shop) -> None:
    chat = await sleeper(shop, await shop.world.a_manager())
    colleague = await shop.world.a_person(Role.manager)
    approval = (await waits_since_yesterday(shop)).approval
    await shop.world.act(colleague, decisions.decide, Decide(approval.id, Verdict.approve, 1, ""))
    await shop.work()
    await shop.forward(10 * HOUR)
    assert await told(shop, chat, REMINDED) == []
    states = "SELECT state FROM notices WHERE kind = 'approval.overdue' AND recipient = :manager"
    manager = await shop.world.a_manager()
    assert await shop.scalar(states, manager=manager.id) == "outdated"


async def test_a_digest_says_what_waits_and_not_that_it_was_reminded_of(shop: Shop) -> None:
    chat = await sleeper(shop, await shop.world.a_manager(), digest_hour=7)
    await waits_since_yesterday(shop)
    await shop.forward(10 * HOUR)
    await shop.forward(HOUR)
    (digest,) = await told(shop, chat, "your decision")
    assert digest["text"].startswith("Your day")
    assert "While you did not want to be disturbed" not in digest["text"]


async def test_the_digest_of_a_deputy_has_what_they_decide_for_somebody_else(shop: Shop) -> None:
    manager, deputy = await shop.world.a_manager(), await shop.world.a_person(Role.finance)
    chat = await sleeper(shop, deputy, digest_hour=7)
    away = Delegate(deputy.id, None, shop.clock.at + 9 * DAY, None, "")
    await shop.world.act(manager, delegating.delegate, away)
    await waits_since_yesterday(shop)
    await shop.forward(10 * HOUR)
    (digest,) = await told(shop, chat, "Your day")
    assert "your decision" in digest["text"]


async def test_a_vendor_sleeps_over_two_days_but_not_over_four_hours(shop: Shop) -> None:
    (one, contact), (two, _) = await shop.world.a_vendor(), await shop.world.a_vendor()
    chat = await sleeper(shop, contact)
    shop.clock.at = EVENING
    await shop.world.an_rfq(to=[one, two], quote_by=3 * DAY + 3 * HOUR)
    await shop.forward(DAY + 3 * HOUR)
    assert await told(shop, chat, "is still open for your quote") == []
    await shop.forward(7 * HOUR)
    assert len(await told(shop, chat, "is still open for your quote")) == 1
    await shop.forward(DAY + 13 * HOUR)
    assert len(await told(shop, chat, "is still open for your quote")) == 2
    log = await shop.calls(chat, "sendMessage")
    assert not log[-1]["args"].get("disable_notification")
