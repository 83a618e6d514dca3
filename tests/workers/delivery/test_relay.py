"""The relay: seals, hints, hints again when Redis forgot, and signs nothing that contradicts what it signed."""

import asyncio
import datetime as dt
import errno
from pathlib import Path

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import SecretStr
from redis.asyncio import Redis
from sqlalchemy import select, text

from core.db.engine import make_engine
from core.log.channel import NOTIFY_CHANNEL
from core.log.notes import Checkpoint, parse
from core.log.tables import audit_events
from core.log.verify import verify
from core.log.witnesses import Witness
from tests.support.postgres import Database
from tests.workers.delivery.relay_env import RecordingSubscribers, RelayEnv, names
from workers.broker import Queue
from workers.keys import all_keys
from workers.relay import MAX_HINTS, RESEND_HINT_AFTER, Relay


def public_key(relay_env: RelayEnv) -> Ed25519PublicKey:
    return all_keys(relay_env.settings.keys_dir)[-1].public_key()


def published(relay_env: RelayEnv) -> list[Checkpoint]:
    """Every checkpoint of the folder, oldest first."""
    files = sorted(relay_env.settings.checkpoints_dir.glob("0*.txt"))
    return [parse(file.read_text(encoding="utf-8"), public_key(relay_env)) for file in files]


async def test_what_was_committed_reaches_each_subscriber_once(relay_env: RelayEnv) -> None:
    heard = RecordingSubscribers()
    request = await relay_env.world.a_request()
    await relay_env.work(heard.everywhere())
    assert names(heard.events, "cards").count("request.submitted") == 1
    assert names(heard.events, "dashboard")[-1:] == ["request.submitted"], "and it counts everything"
    assert {event.request_id for name, event in heard.events if name == "cards"} == {request.request.id}
    assert set(await relay_env.states()) == {"done"}
    assert await relay_env.run_relay() == []


async def test_an_opened_approval_wakes_the_relay(relay_env: RelayEnv, database: Database) -> None:
    """The next one waits for its card; without a notification the relay looks twice a second."""
    notified = asyncio.Event()
    listening = await asyncpg.connect(database.sealer_url)
    await listening.add_listener(NOTIFY_CHANNEL, lambda *_: notified.set())
    vendor, contact = await relay_env.world.a_vendor()
    await relay_env.world.a_finance()
    await relay_env.world.a_quote(await relay_env.world.an_rfq(to=[vendor]), contact)
    selected = await relay_env.pending("approvals", "quote.selected")
    assert not notified.is_set()
    assert (await relay_env.deliver(selected)).state == "done"
    await asyncio.wait_for(notified.wait(), 10)
    await listening.close()
    assert len(await relay_env.facts("approval.opened")) == 1


async def test_a_wiped_redis_loses_nothing(relay_env: RelayEnv) -> None:
    heard = RecordingSubscribers()
    for _ in range(3):
        await relay_env.world.a_request()
    await relay_env.relay.run_once()
    client = Redis.from_url(relay_env.redis_url)
    assert await client.dbsize() > 0
    await client.flushall()
    await client.aclose()
    assert await relay_env.run_relay() == []
    relay_env.clock.advance(RESEND_HINT_AFTER)
    await relay_env.work(heard.everywhere())
    assert set(await relay_env.states()) == {"done"}
    assert names(heard.events, "cards").count("request.submitted") == 3


async def test_a_redis_that_is_away_stops_neither_sealing_nor_checkpoints(relay_env: RelayEnv) -> None:
    nowhere = SecretStr("redis://127.0.0.1:1/0")
    relay = Relay(relay_env.settings.model_copy(update={"redis_url": nowhere}), relay_env.clock)
    await relay_env.world.a_request()
    await relay.run_once()
    await relay.close()
    assert len(published(relay_env)) == 1
    async with relay_env.world.engine.connect() as connection:
        assert (await verify(connection)).unsealed == 0
    heard = RecordingSubscribers()
    await relay_env.work(heard.everywhere())
    assert names(heard.events, "cards") == ["request.submitted"]


async def test_at_most_a_thousand_hints_lie_in_redis(relay_env: RelayEnv, database: Database) -> None:
    await relay_env.work(RecordingSubscribers().everywhere())
    await _copies(database, MAX_HINTS + 300)
    assert len(await relay_env.run_relay()) == MAX_HINTS
    assert await relay_env.run_relay() == []
    relay_env.clock.advance(RESEND_HINT_AFTER)
    assert len(await relay_env.run_relay()) == MAX_HINTS


async def test_without_a_worker_the_queue_does_not_grow(relay_env: RelayEnv, database: Database) -> None:
    await relay_env.work(RecordingSubscribers().everywhere())
    await _copies(database, MAX_HINTS + 300)
    for _ in range(5):
        await relay_env.relay.run_once()
        relay_env.clock.advance(RESEND_HINT_AFTER)
    client = Redis.from_url(relay_env.redis_url)
    assert await client.llen("dramatiq:chats") * Queue.chats.batch_size == MAX_HINTS
    await client.aclose()


async def test_cards_that_are_far_behind_hold_up_no_workflow(relay_env: RelayEnv, database: Database) -> None:
    await relay_env.work(RecordingSubscribers().everywhere())
    await _copies(database, MAX_HINTS + 300)
    assert len(await relay_env.run_relay()) == MAX_HINTS
    await relay_env.world.a_request()
    heard = RecordingSubscribers()
    for delivery in await relay_env.run_relay():
        await relay_env.deliver(delivery, heard.everywhere())
    assert {name for name, _ in heard.events} == {"analytics", "dashboard", "findings"}


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


async def test_two_relays_hint_at_each_delivery_once(relay_env: RelayEnv) -> None:
    other = relay_env.make_relay()
    for _ in range(4):
        await relay_env.world.a_request()
    hinted = [*await relay_env.run_relay(), *await relay_env.run_relay(other), *await relay_env.run_relay()]
    await other.close()
    assert len(hinted) == len(set(hinted)) == 14, (
        "a card, a topic and what the rules say for each, the numbers and the analytics once"
    )


async def test_a_checkpoint_is_published_each_minute_that_brought_something(relay_env: RelayEnv) -> None:
    await relay_env.run_relay()
    await relay_env.world.a_request()
    await relay_env.run_relay()
    relay_env.later(seconds=59)
    await relay_env.run_relay()
    assert len(published(relay_env)) == 1
    await relay_env.world.a_request()
    relay_env.later(seconds=2)
    await relay_env.run_relay()
    relay_env.later(minutes=10)
    await relay_env.run_relay()
    first, second = published(relay_env)
    assert first.size < second.size
    latest = (relay_env.settings.checkpoints_dir / "latest.txt").read_text(encoding="utf-8")
    assert latest == second.note
    async with relay_env.world.engine.connect() as connection:
        assert (await verify(connection, [Witness("the folder", (first, second))])).ok


async def test_a_relay_that_starts_again_goes_on_from_the_same_log(relay_env: RelayEnv) -> None:
    await relay_env.world.a_request()
    await relay_env.run_relay()
    await relay_env.world.a_request()
    again = relay_env.make_relay()
    await relay_env.run_relay(again)
    await again.close()
    assert len(published(relay_env)) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_events SET digest = sha256('anything') WHERE position = 2",
        "DELETE FROM audit_events WHERE position > 3",
        "DELETE FROM audit_events WHERE position = 1",
    ],
)
async def test_a_relay_does_not_sign_a_log_that_contradicts_its_checkpoint(
    relay_env: RelayEnv, database: Database, change: str
) -> None:
    await relay_env.world.a_request()
    await relay_env.run_relay()
    owner = make_engine(database.admin_url, size=1)
    async with owner.begin() as connection:
        await connection.execute(text("SET session_replication_role = replica"))
        await connection.execute(text(change))
        await connection.execute(text("DELETE FROM checkpoints"))
    await owner.dispose()
    await relay_env.world.a_request()
    again = relay_env.make_relay()
    for _ in range(3):
        await relay_env.run_relay(again)
        relay_env.later(seconds=40)
    await again.close()
    assert len(published(relay_env)) == 1


REWRITTEN = (
    "DELETE FROM audit_events WHERE position > 3",
    "UPDATE audit_events SET chain = sha256(chain)",
    "DELETE FROM deliveries; DELETE FROM audit_events",
)


async def burgle(database: Database, statements: str) -> None:
    await database.hand.execute(
        f"SET session_replication_role = replica; {statements}; DELETE FROM checkpoints;"
        "SET session_replication_role = origin"
    )


@pytest.mark.parametrize("change", REWRITTEN)
async def test_a_running_relay_signs_nothing_more_and_puts_its_checkpoint_back(
    relay_env: RelayEnv, database: Database, change: str
) -> None:
    """Database and folder agree with each other; the relay knows better, without being started again."""
    await relay_env.world.a_request()
    await relay_env.run_relay()
    (before,) = published(relay_env)
    await burgle(database, change)
    for file in relay_env.settings.checkpoints_dir.glob("*.txt"):
        file.unlink()
    await relay_env.world.a_request()
    relay_env.later(minutes=2)
    await relay_env.run_relay()
    assert published(relay_env) == [before]
    assert await database.hand.fetchval("SELECT count(*) FROM checkpoints") == 0


async def test_a_relay_that_starts_again_learns_from_redis_what_the_files_do_not_say(
    relay_env: RelayEnv, database: Database
) -> None:
    await relay_env.world.a_request()
    await relay_env.run_relay()
    (before,) = published(relay_env)
    await burgle(database, REWRITTEN[0])
    for file in relay_env.settings.checkpoints_dir.glob("*.txt"):
        file.unlink()
    await relay_env.world.a_request()
    again = relay_env.make_relay()
    await relay_env.run_relay(again)
    await again.close()
    assert published(relay_env) == [before]


async def test_a_checkpoint_is_also_written_elsewhere_and_a_changed_file_is_mended(
    relay_env: RelayEnv, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    settings = relay_env.settings.model_copy(update={"checkpoints_copy_dir": elsewhere})
    relay = Relay(settings, relay_env.clock)
    await relay_env.world.a_request()
    await relay.run_once()
    (made,) = published(relay_env)
    (elsewhere / f"{made.size:012d}.txt").write_text("forged")
    relay_env.later(seconds=6)
    await relay.run_once()
    await relay.close()
    assert {file.read_text(encoding="utf-8") for file in elsewhere.iterdir()} == {made.note}


async def test_a_copy_that_cannot_be_written_stops_no_checkpoint(relay_env: RelayEnv, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("in the way")
    settings = relay_env.settings.model_copy(update={"checkpoints_copy_dir": tmp_path / "a file" / "copy"})
    relay = Relay(settings, relay_env.clock)
    await relay_env.world.a_request()
    await relay.run_once()
    await relay.close()
    assert len(published(relay_env)) == 1


async def test_a_disk_that_fills_up_takes_no_checkpoint_away(
    relay_env: RelayEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    await relay_env.world.a_request()
    await relay_env.run_relay()
    (before,) = published(relay_env)
    latest = relay_env.settings.checkpoints_dir / "latest.txt"

    def half(file: Path, text: str, encoding: str) -> int:
        file.write_bytes(text.encode(encoding)[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    await relay_env.world.a_request()
    relay_env.later(minutes=2)
    with monkeypatch.context() as full:
        full.setattr(Path, "write_text", half)
        await relay_env.run_relay()
    assert latest.read_text(encoding="utf-8") == before.note
    assert published(relay_env) == [before], "and no half of one is there"
    relay_env.later(seconds=6)
    await relay_env.run_relay()
    assert latest.read_text(encoding="utf-8") == published(relay_env)[-1].note != before.note


async def test_a_thousand_events_bring_a_checkpoint_before_the_minute_is_over(relay_env: RelayEnv) -> None:
    await relay_env.world.a_request()
    await relay_env.run_relay()
    event = audit_events.c
    copied = [
        column for column in audit_events.columns if column.name not in ("id", "seq", "position", "chain")
    ]
    listed = ", ".join(column.name for column in copied)
    async with relay_env.world.engine.begin() as connection:
        one = await connection.scalar(select(event.id).where(event.type == "request.submitted"))
        await connection.execute(
            text(
                f"INSERT INTO audit_events (id, {listed}) SELECT gen_random_uuid(), {listed} "
                "FROM audit_events, generate_series(1, 1000) WHERE id = :one"
            ),
            {"one": one},
        )
    relay_env.later(seconds=1)
    await relay_env.run_relay()
    assert len(published(relay_env)) == 2
