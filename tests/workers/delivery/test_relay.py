"""The relay: seals, hints, hints again when Redis forgot, and signs nothing that contradicts what it signed."""

import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import SecretStr
from redis.asyncio import Redis
from sqlalchemy import select, text

from core.db.engine import make_engine
from core.log.checkpoint import Checkpoint, read
from core.log.tables import audit_events
from core.log.verify import verify
from tests.support.postgres import Database
from tests.workers.delivery.works import Heard, Works, names
from workers.keys import all_keys
from workers.relay import AGAIN_AFTER, MOST_IN_REDIS, Relay


def public_key(works: Works) -> Ed25519PublicKey:
    return all_keys(works.settings.keys_dir)[-1].public_key()


def published(works: Works) -> list[Checkpoint]:
    """Every checkpoint of the folder, oldest first."""
    files = sorted(works.settings.checkpoints_dir.glob("0*.txt"))
    return [read(file.read_text(encoding="utf-8"), public_key(works)) for file in files]


async def test_what_was_committed_reaches_each_subscriber_once(works: Works) -> None:
    heard = Heard()
    request = await works.world.a_request()
    await works.work(heard.everywhere())
    assert names(heard.events, "cards").count("request.submitted") == 1
    assert names(heard.events, "dashboard")[-1:] == ["request.submitted"], "and it counts everything"
    assert {event.request_id for name, event in heard.events if name == "cards"} == {request.request.id}
    assert set(await works.states()) == {"done"}
    assert await works.turn() == []


async def test_a_wiped_redis_loses_nothing(works: Works) -> None:
    heard = Heard()
    for _ in range(3):
        await works.world.a_request()
    await works.relay.turn()
    client = Redis.from_url(works.redis_url)
    assert await client.dbsize() > 0
    await client.flushall()
    await client.aclose()
    assert await works.turn() == []
    works.clock.forward(AGAIN_AFTER)
    await works.work(heard.everywhere())
    assert set(await works.states()) == {"done"}
    assert names(heard.events, "cards").count("request.submitted") == 3


async def test_a_redis_that_is_away_stops_neither_sealing_nor_checkpoints(works: Works) -> None:
    nowhere = SecretStr("redis://127.0.0.1:1/0")
    relay = Relay(works.settings.model_copy(update={"redis_url": nowhere}), works.clock)
    await works.world.a_request()
    await relay.turn()
    await relay.close()
    assert len(published(works)) == 1
    async with works.world.engine.connect() as connection:
        assert (await verify(connection)).unsealed == 0
    heard = Heard()
    await works.work(heard.everywhere())
    assert names(heard.events, "cards") == ["request.submitted"]


async def test_at_most_a_thousand_hints_lie_in_redis(works: Works, database: Database) -> None:
    await works.work(Heard().everywhere())
    await _copies(database, MOST_IN_REDIS + 300)
    assert len(await works.turn()) == MOST_IN_REDIS
    assert await works.turn() == []
    works.clock.forward(AGAIN_AFTER)
    assert len(await works.turn()) == MOST_IN_REDIS


async def test_without_a_worker_the_queue_does_not_grow(works: Works, database: Database) -> None:
    await works.work(Heard().everywhere())
    await _copies(database, MOST_IN_REDIS + 300)
    for _ in range(5):
        await works.relay.turn()
        works.clock.forward(AGAIN_AFTER)
    client = Redis.from_url(works.redis_url)
    assert await client.llen("dramatiq:chats") == MOST_IN_REDIS
    await client.aclose()


async def test_cards_that_are_far_behind_hold_up_no_workflow(works: Works, database: Database) -> None:
    await works.work(Heard().everywhere())
    await _copies(database, MOST_IN_REDIS + 300)
    assert len(await works.turn()) == MOST_IN_REDIS
    await works.world.a_request()
    heard = Heard()
    for delivery in await works.turn():
        await works.deliver(delivery, heard.everywhere())
    assert {name for name, _ in heard.events} == {"dashboard"}


async def _copies(database: Database, count: int) -> None:
    """As many due deliveries of as many subjects as there would be after an outage."""
    owner = make_engine(database.admin_url, size=1)
    async with owner.begin() as connection:
        await connection.execute(text("SET session_replication_role = replica"))
        await connection.execute(
            text(
                "INSERT INTO deliveries (id, event_id, position, event_type, subscriber, subject, due_at, "
                "updated_at) SELECT gen_random_uuid(), gen_random_uuid(), 1000 + n, 'request.submitted', "
                "'cards', 'request:' || n, :now, :now FROM generate_series(1, :count) n"
            ),
            {"now": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "count": count},
        )
    await owner.dispose()


async def test_two_relays_hint_at_each_delivery_once(works: Works) -> None:
    other = works.another_relay()
    for _ in range(4):
        await works.world.a_request()
    hinted = [*await works.turn(), *await works.turn(other), *await works.turn()]
    await other.close()
    assert len(hinted) == len(set(hinted)) == 9, "a card and a topic for each, the numbers once"


async def test_a_checkpoint_is_published_each_minute_that_brought_something(works: Works) -> None:
    await works.turn()
    await works.world.a_request()
    await works.turn()
    works.later(seconds=59)
    await works.turn()
    assert len(published(works)) == 1
    await works.world.a_request()
    works.later(seconds=2)
    await works.turn()
    works.later(minutes=10)
    await works.turn()
    first, second = published(works)
    assert first.size < second.size
    latest = (works.settings.checkpoints_dir / "latest.txt").read_text(encoding="utf-8")
    assert latest == second.note
    async with works.world.engine.connect() as connection:
        assert (await verify(connection, [first, second])).ok


async def test_a_relay_that_starts_again_goes_on_from_the_same_log(works: Works) -> None:
    await works.world.a_request()
    await works.turn()
    await works.world.a_request()
    again = works.another_relay()
    await works.turn(again)
    await again.close()
    assert len(published(works)) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_events SET digest = sha256('anything') WHERE position = 2",
        "DELETE FROM audit_events WHERE position > 3",
        "DELETE FROM audit_events WHERE position = 1",
    ],
)
async def test_a_relay_does_not_sign_a_log_that_contradicts_its_checkpoint(
    works: Works, database: Database, change: str
) -> None:
    await works.world.a_request()
    await works.turn()
    owner = make_engine(database.admin_url, size=1)
    async with owner.begin() as connection:
        await connection.execute(text("SET session_replication_role = replica"))
        await connection.execute(text(change))
        await connection.execute(text("DELETE FROM checkpoints"))
    await owner.dispose()
    await works.world.a_request()
    again = works.another_relay()
    for _ in range(3):
        await works.turn(again)
        works.later(seconds=40)
    await again.close()
    assert len(published(works)) == 1


async def test_a_thousand_events_bring_a_checkpoint_before_the_minute_is_over(works: Works) -> None:
    await works.world.a_request()
    await works.turn()
    event = audit_events.c
    copied = [
        column for column in audit_events.columns if column.name not in ("id", "seq", "position", "chain")
    ]
    listed = ", ".join(column.name for column in copied)
    async with works.world.engine.begin() as connection:
        one = await connection.scalar(select(event.id).where(event.type == "request.submitted"))
        await connection.execute(
            text(
                f"INSERT INTO audit_events (id, {listed}) SELECT gen_random_uuid(), {listed} "
                "FROM audit_events, generate_series(1, 1000) WHERE id = :one"
            ),
            {"one": one},
        )
    works.later(seconds=1)
    await works.turn()
    assert len(published(works)) == 2
