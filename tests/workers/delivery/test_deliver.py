"""One delivery: whatever a subscriber does, PostgreSQL knows how it went, and nothing runs twice or never."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

import pytest

from core.audit import deliveries as administration
from core.kernel.errors import NotFound
from core.kernel.ids import DeliveryId
from core.log.deliveries import LEASE, MOST_UNANSWERED, PAUSES
from tests.workers.delivery.works import Heard, Works, names
from workers import schedule
from workers.deliver import deliver
from workers.outcome import Later, Never, NotYet

Step = Callable[[], Awaitable[None]]


def raising(error: BaseException) -> Step:
    async def step() -> None:
        raise error

    return step


async def test_what_was_taken_is_done(works: Works) -> None:
    heard = Heard()
    await works.world.a_request()
    delivery = await works.pending("cards", "request.submitted")
    row = await works.deliver(delivery, heard.everywhere())
    assert (row.state, row.attempts, row.leased_until) == ("done", 1, None)
    await works.deliver(delivery, heard.everywhere())
    assert names(heard.events, "cards") == ["request.submitted"]


@pytest.mark.parametrize(
    "error",
    [
        Later("the receiver is busy"),
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
async def test_what_fails_is_due_again_and_says_why(works: Works, error: Exception) -> None:
    """A slip of ours too: it must neither wait out the lease nor take the hint's other deliveries with it."""
    heard = Heard(does=[raising(error)])
    await works.world.a_request()
    delivery = await works.pending("cards", "request.submitted")
    row = await works.deliver(delivery, heard.everywhere())
    assert (row.state, row.attempts, row.unanswered) == ("due", 1, 0)
    assert str(error) in row.last_error or type(error).__name__ in row.last_error
    assert row.due_at <= works.clock.at + dt.timedelta(seconds=2)
    works.later(seconds=2)
    assert (await works.deliver(delivery, heard.everywhere())).state == "done"


async def test_a_named_pause_is_kept_and_not_yet_is_no_attempt(works: Works) -> None:
    heard = Heard(does=[raising(NotYet(dt.timedelta(seconds=3), "wait")), raising(Later("busy", 42))])
    await works.world.a_request()
    delivery = await works.pending("cards", "request.submitted")
    row = await works.deliver(delivery, heard.everywhere())
    assert (row.state, row.attempts) == ("due", 0)
    assert row.due_at == works.clock.at + dt.timedelta(seconds=3)
    works.later(seconds=3)
    row = await works.deliver(delivery, heard.everywhere())
    assert (row.state, row.attempts) == ("due", 1)
    assert row.due_at == works.clock.at + dt.timedelta(seconds=42)


async def test_a_parked_delivery_is_a_fact_and_an_administrator_replays_it(works: Works) -> None:
    heard = Heard(does=[raising(Never("this flow is gone"))])
    await works.world.a_request()
    delivery = await works.pending("cards", "request.submitted")
    assert (await works.deliver(delivery, heard.everywhere())).state == "parked"
    (fact,) = await works.facts("delivery.parked")
    assert fact == {"subscriber": "cards", "event_type": "request.submitted", "why": "this flow is gone"}
    admin = await works.world.an_admin()
    shown = await works.world.act(admin, administration.replay, DeliveryId(delivery))
    assert (shown.state, shown.attempts) == ("due", 0)
    assert len(await works.facts("delivery.replayed")) == 1
    await works.work(heard.everywhere())
    assert (await works.row(delivery)).state == "done"
    assert names(heard.events, "notices") == ["delivery.parked"]


async def test_the_whole_schedule_ends_in_one_fact(works: Works) -> None:
    await works.world.a_request()
    delivery = await works.pending("cards", "request.submitted")
    tries = 0
    while (await works.row(delivery)).state != "parked":
        heard = Heard(does=[raising(Later("busy"))])
        works.clock.at = (await works.row(delivery)).due_at
        await works.deliver(delivery, heard.everywhere())
        tries += 1
    assert tries == len(PAUSES) + 1
    assert len(await works.facts("delivery.parked")) == 1


async def test_a_slow_worker_that_lost_its_lease_changes_nothing(works: Works) -> None:
    """It still sends, which no database can prevent; but what it says about the delivery no longer counts."""
    await works.world.a_request()
    delivery = await works.pending("cards", "request.submitted")
    quick = Heard()

    async def overtaken() -> None:
        works.clock.forward(LEASE)
        await works.deliver(delivery, quick.everywhere())
        raise Never("too late")

    await works.deliver(delivery, Heard(does=[overtaken]).everywhere())
    row = await works.row(delivery)
    assert (row.state, row.fence, row.last_error) == ("done", 2, None)
    assert await works.facts("delivery.parked") == []
    assert names(quick.events, "cards") == ["request.submitted"]


async def test_a_delivery_that_kills_its_workers_is_parked_and_the_others_are_done(works: Works) -> None:
    """A worker that is killed answers nothing: claimed, and never heard of again."""
    heard = Heard()
    for _ in range(4):
        await works.world.a_request()
    poison = await works.pending("cards", "request.submitted")
    for _ in range(MOST_UNANSWERED):
        with pytest.raises(asyncio.CancelledError):
            await works.deliver(poison, Heard(does=[raising(asyncio.CancelledError())]).everywhere())
        works.clock.forward(LEASE)
    await works.work(heard.everywhere())
    assert (await works.row(poison)).state == "running"
    for _ in range(2):
        await schedule.park_poison(works.runtime)
    row = await works.row(poison)
    assert (row.state, row.last_error) == ("parked", "its worker died five times")
    assert len(await works.facts("delivery.parked")) == 1
    await works.work(heard.everywhere())
    assert names(heard.events, "cards").count("request.submitted") == 3
    assert await works.states("cards") == {"done": 3, "parked": 1}


async def test_many_workers_with_the_same_hint_run_it_once(works: Works) -> None:
    heard = Heard()
    await works.world.a_request()
    delivery = await works.pending("cards", "request.submitted")
    await asyncio.gather(*(deliver(works.runtime, dict(heard.everywhere()), delivery) for _ in range(8)))
    assert names(heard.events, "cards") == ["request.submitted"]
