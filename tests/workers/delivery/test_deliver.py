"""One delivery: whatever a subscriber does, PostgreSQL knows how it went, and nothing runs twice or never."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

import pytest

from core.audit import delivery_list as administration
from core.kernel.errors import NotFound
from core.kernel.ids import DeliveryId
from core.log import events
from core.log.deliveries import LEASE, MAX_UNANSWERED, PAUSES
from tests.workers.delivery.relay_env import RecordingSubscribers, RelayEnv, names
from workers import deliver as deliveries_run
from workers import schedule
from workers.deliver import deliver
from workers.outcome import DeliveryFailed, DeliveryPostponed, DeliveryRejected
from workers.runtime import ChatTurns

Step = Callable[[], Awaitable[None]]


def raising(error: BaseException) -> Step:
    async def step() -> None:
        raise error

    return step


async def test_what_was_taken_is_done(relay_env: RelayEnv) -> None:
    heard = RecordingSubscribers()
    await relay_env.world.a_request()
    delivery = await relay_env.pending("cards", "request.submitted")
    row = await relay_env.deliver(delivery, heard.everywhere())
    assert (row.state, row.attempts, row.leased_until) == ("done", 1, None)
    await relay_env.deliver(delivery, heard.everywhere())
    assert names(heard.events, "cards") == ["request.submitted"]


@pytest.mark.parametrize(
    "error",
    [
        DeliveryFailed("the receiver is busy"),
        NotFound(what="request"),
        OSError("no route"),
        TimeoutError(),
        KeyError("vendor"),
        AttributeError("a slip of ours"),
        AssertionError(),
        ZeroDivisionError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_fails_is_due_again_and_says_why(relay_env: RelayEnv, error: Exception) -> None:
    """A slip of ours too: it must neither wait out the lease nor take the hint's other deliveries with it."""
    heard = RecordingSubscribers(does=[raising(error)])
    await relay_env.world.a_request()
    delivery = await relay_env.pending("cards", "request.submitted")
    row = await relay_env.deliver(delivery, heard.everywhere())
    assert (row.state, row.attempts, row.unanswered) == ("due", 1, 0)
    assert str(error) in row.last_error or type(error).__name__ in row.last_error
    assert row.due_at <= relay_env.clock.at + dt.timedelta(seconds=2)
    relay_env.later(seconds=2)
    assert (await relay_env.deliver(delivery, heard.everywhere())).state == "done"


async def test_what_an_error_says_is_not_stored_only_its_type_and_place(relay_env: RelayEnv) -> None:
    """An error's message may repeat the values that it is about; the row and the notice are read by people."""

    async def leaking() -> None:
        try:
            raise ValueError("alice@example.com")
        except ValueError as error:
            raise RuntimeError("price 4711") from error

    await relay_env.world.a_request()
    delivery = await relay_env.pending("cards", "request.submitted")
    for _ in range(len(PAUSES) + 1):
        relay_env.clock.at = (await relay_env.row(delivery)).due_at
        row = await relay_env.deliver(delivery, RecordingSubscribers(does=[leaking]).everywhere())
        assert row.last_error.startswith("RuntimeError, caused by ValueError at test_deliver.py:")
        assert row.last_error.endswith(" leaking")
    (fact,) = await relay_env.facts("delivery.parked")
    assert fact["why"] == row.last_error


async def test_an_event_that_this_version_does_not_know_is_tried_again_and_named(
    relay_env: RelayEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a new version is rolled out an older worker may claim what only the new one can read."""
    await relay_env.world.a_request()
    delivery = await relay_env.pending("cards", "request.submitted")
    heard = RecordingSubscribers()
    with monkeypatch.context() as older:
        older.delitem(events._CLASSES, "request.submitted")
        row = await relay_env.deliver(delivery, heard.everywhere())
    assert (row.state, row.attempts) == ("due", 1)
    assert row.last_error == "no event class has the type request.submitted"
    relay_env.later(seconds=2)
    assert (await relay_env.deliver(delivery, heard.everywhere())).state == "done"


async def test_a_named_pause_is_kept_and_not_yet_is_no_attempt(relay_env: RelayEnv) -> None:
    heard = RecordingSubscribers(
        does=[
            raising(DeliveryPostponed(dt.timedelta(seconds=3), "wait")),
            raising(DeliveryFailed("busy", 42)),
        ]
    )
    await relay_env.world.a_request()
    delivery = await relay_env.pending("cards", "request.submitted")
    row = await relay_env.deliver(delivery, heard.everywhere())
    assert (row.state, row.attempts) == ("due", 0)
    assert row.due_at == relay_env.clock.at + dt.timedelta(seconds=3)
    relay_env.later(seconds=3)
    row = await relay_env.deliver(delivery, heard.everywhere())
    assert (row.state, row.attempts) == ("due", 1)
    assert row.due_at == relay_env.clock.at + dt.timedelta(seconds=42)


async def test_a_parked_delivery_is_a_fact_and_an_administrator_replays_it(relay_env: RelayEnv) -> None:
    heard = RecordingSubscribers(does=[raising(DeliveryRejected("this flow is gone"))])
    await relay_env.world.a_request()
    delivery = await relay_env.pending("cards", "request.submitted")
    assert (await relay_env.deliver(delivery, heard.everywhere())).state == "parked"
    (fact,) = await relay_env.facts("delivery.parked")
    assert fact == {"subscriber": "cards", "event_type": "request.submitted", "why": "this flow is gone"}
    admin = await relay_env.world.an_admin()
    shown = await relay_env.world.act(admin, administration.replay, DeliveryId(delivery))
    assert (shown.state, shown.attempts) == ("due", 0)
    assert len(await relay_env.facts("delivery.replayed")) == 1
    await relay_env.work(heard.everywhere())
    assert (await relay_env.row(delivery)).state == "done"
    assert names(heard.events, "notices") == ["delivery.parked"]


async def test_the_whole_schedule_ends_in_one_fact(relay_env: RelayEnv) -> None:
    await relay_env.world.a_request()
    delivery = await relay_env.pending("cards", "request.submitted")
    tries = 0
    while (await relay_env.row(delivery)).state != "parked":
        heard = RecordingSubscribers(does=[raising(DeliveryFailed("busy"))])
        relay_env.clock.at = (await relay_env.row(delivery)).due_at
        await relay_env.deliver(delivery, heard.everywhere())
        tries += 1
    assert tries == len(PAUSES) + 1
    assert len(await relay_env.facts("delivery.parked")) == 1


async def test_a_slow_worker_that_lost_its_lease_changes_nothing(relay_env: RelayEnv) -> None:
    """It still sends, which no database can prevent; but what it says about the delivery no longer counts."""
    await relay_env.world.a_request()
    delivery = await relay_env.pending("cards", "request.submitted")
    quick = RecordingSubscribers()

    async def overtaken() -> None:
        relay_env.clock.advance(LEASE)
        await relay_env.deliver(delivery, quick.everywhere())
        raise DeliveryRejected("too late")

    await relay_env.deliver(delivery, RecordingSubscribers(does=[overtaken]).everywhere())
    row = await relay_env.row(delivery)
    assert (row.state, row.fence, row.last_error) == ("done", 2, None)
    assert await relay_env.facts("delivery.parked") == []
    assert names(quick.events, "cards") == ["request.submitted"]


async def test_a_worker_that_lives_keeps_the_lease_of_what_it_runs(
    relay_env: RelayEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries_run, "RENEW_SECONDS", 0.01)
    await relay_env.world.a_request()
    delivery = await relay_env.pending("cards", "request.submitted")
    other = RecordingSubscribers()

    async def slow() -> None:
        relay_env.clock.advance(LEASE)
        while (await relay_env.row(delivery)).leased_until <= relay_env.clock.at:
            await asyncio.sleep(0.01)
        await relay_env.deliver(delivery, other.everywhere())

    row = await relay_env.deliver(delivery, RecordingSubscribers(does=[slow]).everywhere())
    assert (row.state, row.fence) == ("done", 1)
    assert names(other.events, "cards") == []


async def test_a_delivery_that_kills_its_workers_is_parked_and_the_others_are_done(
    relay_env: RelayEnv,
) -> None:
    """A worker that is killed answers nothing: claimed, and never heard of again."""
    heard = RecordingSubscribers()
    for _ in range(4):
        await relay_env.world.a_request()
    poison = await relay_env.pending("cards", "request.submitted")
    for _ in range(MAX_UNANSWERED):
        with pytest.raises(asyncio.CancelledError):
            await relay_env.deliver(
                poison, RecordingSubscribers(does=[raising(asyncio.CancelledError())]).everywhere()
            )
        relay_env.clock.advance(LEASE)
    await relay_env.work(heard.everywhere())
    assert (await relay_env.row(poison)).state == "running"
    for _ in range(2):
        await schedule.park_poison(relay_env.runtime)
    row = await relay_env.row(poison)
    assert (row.state, row.last_error) == ("parked", "its worker died five times")
    assert len(await relay_env.facts("delivery.parked")) == 1
    await relay_env.work(heard.everywhere())
    assert names(heard.events, "cards").count("request.submitted") == 3
    assert await relay_env.states("cards") == {"done": 3, "parked": 1}


async def test_many_workers_with_the_same_hint_run_it_once(relay_env: RelayEnv) -> None:
    heard = RecordingSubscribers()
    await relay_env.world.a_request()
    delivery = await relay_env.pending("cards", "request.submitted")
    await asyncio.gather(*(deliver(relay_env.runtime, heard.everywhere(), [delivery]) for _ in range(8)))
    assert names(heard.events, "cards") == ["request.submitted"]


def test_those_who_wait_for_one_chat_come_one_after_the_other_and_nobody_waits_for_another_chat() -> None:
    turns, now = ChatTurns(), dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    soon = now + dt.timedelta(seconds=2)
    assert [(turns.take("slow", soon, now) - now).total_seconds() for _ in range(4)] == [2, 3, 4, 5]
    assert turns.take("other", soon, now) == soon
    later = now + dt.timedelta(seconds=60)
    assert turns.take("slow", later, later) == later
