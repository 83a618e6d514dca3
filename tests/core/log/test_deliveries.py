"""Deliveries: claimed by one worker at a time, in the order of the log, retried on a schedule, never forgotten."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row

from core.kernel.ids import new_id
from core.log import deliveries, hints
from core.log.deliveries import LEASE, MAX_UNANSWERED, PAUSES, ClaimedDelivery, DeliveryFailure
from core.log.seal import Subscriptions
from tests.core.log.log_env import LogEnv

AGAIN = dt.timedelta(seconds=20)
NO = DeliveryFailure("it said no")


class SubscriberEnv:
    """The deliveries of one subscriber, as workers and relay handle them."""

    def __init__(self, log_env: LogEnv) -> None:
        self.log_env = log_env
        self.clock = log_env.clock

    async def sent(self, *subjects: UUID, to: Sequence[str] = ("cards",)) -> list[UUID]:
        """One sealed fact per subject; the ids of the deliveries in the order of the log."""
        for number, subject in enumerate(subjects):
            await self.log_env.write(str(number), subject=subject)
        return list((await self.log_env.seal(Subscriptions({"note.taken": to}))).delivery_ids)

    async def claim(self, delivery: UUID) -> ClaimedDelivery | None:
        async with self.log_env.app.begin() as connection:
            return next(iter(await deliveries.claim(connection, [delivery], self.clock.now())), None)

    async def claimed(self, delivery: UUID) -> ClaimedDelivery:
        claim = await self.claim(delivery)
        assert claim is not None
        return claim

    async def finish(self, claim: ClaimedDelivery) -> bool:
        """Whether it counts as done; the next of its subject, which is claimed with that, is given back."""
        before = await self.row(claim.id)
        async with self.log_env.app.begin() as connection:
            for following in await deliveries.finish(connection, [claim], self.clock.now()):
                await deliveries.postpone(connection, following, self.clock.now(), "not now")
        return (before.state, (await self.row(claim.id)).state) == ("running", "done")

    async def fail(self, claim: ClaimedDelivery, failure: DeliveryFailure = NO) -> bool:
        async with self.log_env.app.begin() as connection:
            return await deliveries.fail(connection, claim, failure, self.clock.now())

    async def postpone(self, claim: ClaimedDelivery, by: dt.timedelta) -> None:
        async with self.log_env.app.begin() as connection:
            await deliveries.postpone(connection, claim, self.clock.now() + by, "not yet")

    async def replay(self, delivery: UUID) -> bool:
        async with self.log_env.app.begin() as connection:
            return await deliveries.replay(connection, delivery, self.clock.now())

    async def due(self, limit: int = 100) -> Sequence[UUID]:
        async with self.log_env.sealer.begin() as connection:
            now = self.clock.now()
            due = await hints.take_due(connection, ("cards", "n8n"), now, limit, now - AGAIN)
        return [each.id for each in due]

    async def park_poison(self) -> Sequence[deliveries.DeliveryParked]:
        async with self.log_env.app.begin() as connection:
            return await deliveries.park_poison(connection, self.clock.now())

    async def row(self, delivery: UUID) -> Row[Any]:
        (found,) = await self.log_env.rows("SELECT * FROM deliveries WHERE id = :id", id=delivery)
        return found

    async def exhaust(self, delivery: UUID) -> list[float]:
        """Fail until it is parked; the pauses that lay between."""
        pauses = []
        while not await self.fail(await self.claimed(delivery)):
            due_at: dt.datetime = (await self.row(delivery)).due_at
            pauses.append((due_at - self.clock.now()).total_seconds())
            self.clock.at = due_at
        return pauses


@pytest.fixture
def post(log_env: LogEnv) -> SubscriberEnv:
    return SubscriberEnv(log_env)


async def test_of_many_workers_one_gets_the_delivery(post: SubscriberEnv) -> None:
    (delivery,) = await post.sent(new_id())
    claims = await asyncio.gather(*(post.claim(delivery) for _ in range(10)))
    assert len([claim for claim in claims if claim]) == 1


async def test_a_subscriber_hears_of_a_subject_in_order(post: SubscriberEnv) -> None:
    subject = new_id()
    first, second, third = await post.sent(subject, subject, subject)
    assert await post.claim(second) is None
    running = await post.claimed(first)
    assert await post.claim(second) is None
    await post.finish(running)
    assert await post.claim(third) is None
    assert await post.finish(await post.claimed(second))
    assert await post.finish(await post.claimed(third))


async def test_other_subjects_and_other_subscribers_do_not_wait(post: SubscriberEnv) -> None:
    subject = new_id()
    sent = await post.sent(subject, subject, new_id(), to=["cards", "n8n"])
    cards_first, n8n_first, cards_second, n8n_second, cards_other, _ = sent
    await post.claimed(cards_first)
    assert await post.claim(cards_second) is None
    assert await post.claim(cards_other) is not None
    await post.finish(await post.claimed(n8n_first))
    assert await post.claim(n8n_second) is not None


async def test_while_a_failed_one_waits_what_comes_after_it_waits_too(post: SubscriberEnv) -> None:
    subject = new_id()
    first, second = await post.sent(subject, subject)
    await post.fail(await post.claimed(first))
    assert await post.claim(first) is None
    assert await post.claim(second) is None
    assert await post.due() == []
    post.clock.advance(dt.timedelta(seconds=2))
    assert await post.due() == [first]


async def test_a_worker_that_lost_its_lease_can_no_longer_finish(post: SubscriberEnv) -> None:
    (delivery,) = await post.sent(new_id())
    slow = await post.claimed(delivery)
    post.clock.advance(LEASE - dt.timedelta(seconds=1))
    assert await post.claim(delivery) is None
    post.clock.advance(dt.timedelta(seconds=1))
    quick = await post.claimed(delivery)
    assert quick.fence > slow.fence
    assert not await post.finish(slow)
    assert not await post.fail(slow, DeliveryFailure("too late", final=True))
    await post.postpone(slow, dt.timedelta(hours=1))
    assert (await post.row(delivery)).state == "running"
    assert await post.finish(quick)
    assert not await post.finish(slow)
    assert (await post.row(delivery)).state == "done"


async def test_what_is_done_is_never_claimed_again(post: SubscriberEnv) -> None:
    (delivery,) = await post.sent(new_id())
    await post.finish(await post.claimed(delivery))
    post.clock.advance(dt.timedelta(days=1))
    assert await post.claim(delivery) is None
    assert await post.due() == []


async def test_pauses_grow_with_a_tenth_of_jitter_and_then_it_is_parked(post: SubscriberEnv) -> None:
    (delivery,) = await post.sent(new_id())
    pauses = await post.exhaust(delivery)
    assert len(pauses) == len(PAUSES)
    for pause, planned in zip(pauses, PAUSES, strict=True):
        assert planned * 0.9 <= pause <= planned * 1.1
    assert pauses != list(PAUSES)
    row = await post.row(delivery)
    assert (row.state, row.attempts, row.last_error) == ("parked", len(PAUSES) + 1, "it said no")


async def test_two_that_fail_together_do_not_come_back_together(post: SubscriberEnv) -> None:
    sent = await post.sent(*(new_id() for _ in range(8)))
    for delivery in sent:
        await post.fail(await post.claimed(delivery))
    assert len({(await post.row(delivery)).due_at for delivery in sent}) == 8


async def test_a_pause_that_the_receiver_names_is_kept(post: SubscriberEnv) -> None:
    (delivery,) = await post.sent(new_id())
    await post.fail(await post.claimed(delivery), DeliveryFailure("busy", retry_after=42))
    post.clock.advance(dt.timedelta(seconds=41))
    assert await post.claim(delivery) is None
    post.clock.advance(dt.timedelta(seconds=1))
    assert await post.claim(delivery) is not None


async def test_a_pause_longer_than_the_schedules_last_is_not_believed(post: SubscriberEnv) -> None:
    (delivery,) = await post.sent(new_id())
    await post.fail(await post.claimed(delivery), DeliveryFailure("busy", retry_after=1e300))
    post.clock.advance(dt.timedelta(seconds=PAUSES[-1]))
    assert await post.claim(delivery) is not None


async def test_what_will_never_be_taken_is_parked_at_once_and_lets_the_next_pass(post: SubscriberEnv) -> None:
    subject = new_id()
    first, second = await post.sent(subject, subject)
    assert await post.fail(await post.claimed(first), DeliveryFailure("gone", final=True))
    assert (await post.row(first)).state == "parked"
    assert await post.claim(second) is not None


async def test_a_replayed_one_starts_its_schedule_again(post: SubscriberEnv) -> None:
    (delivery,) = await post.sent(new_id())
    await post.exhaust(delivery)
    assert await post.claim(delivery) is None
    assert await post.replay(delivery)
    assert not await post.replay(delivery)
    assert await post.due() == [delivery]
    assert len(await post.exhaust(delivery)) == len(PAUSES)


async def test_not_yet_is_no_attempt(post: SubscriberEnv) -> None:
    (delivery,) = await post.sent(new_id())
    for _ in range(3 * len(PAUSES)):
        await post.postpone(await post.claimed(delivery), dt.timedelta(seconds=3))
        assert await post.claim(delivery) is None
        post.clock.advance(dt.timedelta(seconds=3))
    row = await post.row(delivery)
    assert (row.state, row.attempts) == ("due", 0)


async def test_one_that_kills_its_workers_is_parked_after_five_and_the_next_goes_on(
    post: SubscriberEnv,
) -> None:
    subject = new_id()
    poison, after = await post.sent(subject, subject)
    for _ in range(MAX_UNANSWERED):
        assert await post.park_poison() == []
        await post.claimed(poison)
        post.clock.advance(LEASE)
    assert await post.claim(poison) is None
    (fact,) = await post.park_poison()
    assert (fact.subject_id, fact.subscriber, fact.why) == (poison, "cards", "its worker died five times")
    assert await post.park_poison() == []
    assert (await post.row(poison)).state == "parked"
    assert await post.claim(after) is not None


async def test_an_answer_in_between_shows_that_it_is_no_poison(post: SubscriberEnv) -> None:
    (delivery,) = await post.sent(new_id())
    for _ in range(MAX_UNANSWERED - 1):
        await post.claimed(delivery)
        post.clock.advance(LEASE)
    await post.fail(await post.claimed(delivery))
    assert (await post.row(delivery)).unanswered == 0


async def test_what_is_due_is_handed_out_once_and_again_when_it_may_be_lost(post: SubscriberEnv) -> None:
    sent = await post.sent(*(new_id() for _ in range(5)))
    assert await post.due(limit=3) == sent[:3]
    assert await post.due() == sent[3:]
    assert await post.due() == []
    post.clock.advance(AGAIN)
    assert await post.due() == sent


async def test_two_relays_hand_out_each_delivery_once(post: SubscriberEnv) -> None:
    sent = await post.sent(*(new_id() for _ in range(60)))
    shares = await asyncio.gather(*(post.due(limit=20) for _ in range(3)))
    given = [delivery for share in shares for delivery in share]
    assert len(given) == len(set(given))
    assert set(given) | set(await post.due()) == set(sent)


async def test_one_that_its_worker_left_behind_is_handed_out_when_the_lease_is_over(
    post: SubscriberEnv,
) -> None:
    (delivery,) = await post.sent(new_id())
    await post.due()
    await post.claimed(delivery)
    post.clock.advance(AGAIN)
    assert await post.due() == []
    post.clock.advance(LEASE)
    assert await post.due() == [delivery]
