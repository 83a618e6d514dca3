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
from core.notifications.preferences import ChangePreferences, change_preferences
from core.notifications.quiet_hours import QuietPeriod
from core.people.model import Person
from tests.workers.delivery.worker_env import WorkerEnv

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
NIGHT = QuietPeriod(dt.time(20), dt.time(7))
EVENING = dt.datetime(2026, 11, 23, 21, tzinfo=dt.UTC)
REMINDED = "has been waiting for your decision"


async def sleeper(worker_env: WorkerEnv, person: Person, digest_hour: int | None = None) -> int:
    """The chat of somebody who does not want to be disturbed at night."""
    chat = await worker_env.link_chat(person)
    command = ChangePreferences(frozenset({"quiet", "digest_hour"}), quiet=NIGHT, digest_hour=digest_hour)
    await worker_env.world.act(person, change_preferences, command)
    return chat


async def waits_since_yesterday(worker_env: WorkerEnv) -> ApprovalDetails:
    """An approval whose first reminder has just become due, at nine in the evening."""
    worker_env.clock.at = EVENING
    opened = await worker_env.world.an_open_approval()
    await worker_env.work()
    await worker_env.advance(DAY)
    assert await worker_env.scalar("SELECT count(*) FROM audit_events WHERE type = 'approval.overdue'") == 1
    return opened


async def told(worker_env: WorkerEnv, chat: int, words: str) -> list[dict[str, Any]]:
    return [message for message in await worker_env.sandbox.messages(chat) if words in message["text"]]


async def test_a_reminder_at_night_comes_in_the_morning(worker_env: WorkerEnv) -> None:
    chat = await sleeper(worker_env, await worker_env.world.a_manager())
    await waits_since_yesterday(worker_env)
    assert await told(worker_env, chat, REMINDED) == []
    await worker_env.advance(10 * HOUR)
    assert len(await told(worker_env, chat, REMINDED)) == 1


async def test_what_a_colleague_decided_at_night_is_not_reminded_of_in_the_morning(
    worker_env: WorkerEnv,
) -> None:
    chat = await sleeper(worker_env, await worker_env.world.a_manager())
    colleague = await worker_env.world.a_person(Role.manager)
    approval = (await waits_since_yesterday(worker_env)).approval
    await worker_env.world.act(colleague, decisions.decide, Decide(approval.id, Verdict.approve, 1, ""))
    await worker_env.work()
    await worker_env.advance(10 * HOUR)
    assert await told(worker_env, chat, REMINDED) == []
    states = "SELECT state FROM notices WHERE kind = 'approval.overdue' AND recipient = :manager"
    manager = await worker_env.world.a_manager()
    assert await worker_env.scalar(states, manager=manager.id) == "outdated"


async def test_a_digest_says_what_waits_and_not_that_it_was_reminded_of(worker_env: WorkerEnv) -> None:
    chat = await sleeper(worker_env, await worker_env.world.a_manager(), digest_hour=7)
    await waits_since_yesterday(worker_env)
    await worker_env.advance(10 * HOUR)
    await worker_env.advance(HOUR)
    (digest,) = await told(worker_env, chat, ": decide")
    assert digest["text"].startswith("Your day")
    assert "While notifications were paused" not in digest["text"]


async def test_the_digest_of_a_deputy_has_what_they_decide_for_somebody_else(worker_env: WorkerEnv) -> None:
    manager, deputy = await worker_env.world.a_manager(), await worker_env.world.a_person(Role.finance)
    chat = await sleeper(worker_env, deputy, digest_hour=7)
    away = Delegate(deputy.id, None, worker_env.clock.at + 9 * DAY, None, "")
    await worker_env.world.act(manager, delegating.delegate, away)
    await waits_since_yesterday(worker_env)
    await worker_env.advance(10 * HOUR)
    (digest,) = await told(worker_env, chat, "Your day")
    assert ": decide" in digest["text"]


async def test_a_vendor_sleeps_over_two_days_but_not_over_four_hours(worker_env: WorkerEnv) -> None:
    (one, contact), (two, _) = await worker_env.world.a_vendor(), await worker_env.world.a_vendor()
    chat = await sleeper(worker_env, contact)
    worker_env.clock.at = EVENING
    await worker_env.world.an_rfq(to=[one, two], quote_by=3 * DAY + 3 * HOUR)
    await worker_env.advance(DAY + 3 * HOUR)
    assert await told(worker_env, chat, "is still waiting for your quote") == []
    await worker_env.advance(7 * HOUR)
    assert len(await told(worker_env, chat, "is still waiting for your quote")) == 1
    await worker_env.advance(DAY + 13 * HOUR)
    assert len(await told(worker_env, chat, "is still waiting for your quote")) == 2
    log = await worker_env.calls(chat, "sendMessage")
    assert not log[-1]["args"].get("disable_notification")
