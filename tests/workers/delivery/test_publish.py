"""Publishing: what was not committed does not count, and keys are read anew."""

import os
from contextlib import closing

import pytest
from redis import Redis

from api.server.signing_keys import add_key
from core.db.engine import make_engine
from core.log.notes import parse_any
from core.log.witnesses import FOLDER, read_folder
from tests.support.postgres import Database
from tests.workers.delivery.relay_env import RelayEnv
from workers.keys import all_keys
from workers.publish import CheckpointPublisher
from workers.redis_note import RedisNote


async def publish_until_committed(relay_env: RelayEnv, database: Database) -> None:
    """The first commit fails; one process goes on and looks three times more."""
    engine = make_engine(database.sealer_url, size=1)
    settings = relay_env.settings
    with closing(Redis.from_url(relay_env.redis_url)) as client:
        publisher = CheckpointPublisher(settings.keys_dir, settings.checkpoint_folders, RedisNote(client))
        async with engine.connect() as never_committed:
            await publisher.publish(never_committed, relay_env.clock.now())
        for _ in range(3):
            relay_env.later(minutes=2)
            async with engine.begin() as connection:
                await publisher.publish(connection, relay_env.clock.now())
            await publisher.keep()
    await engine.dispose()


@pytest.mark.parametrize("lacking", [False, True])
async def test_what_was_not_committed_is_published_by_a_later_look(
    relay_env: RelayEnv, database: Database, *, lacking: bool
) -> None:
    """A new checkpoint; or first one of the folder that the database lacks."""
    await relay_env.world.a_request()
    await relay_env.run_relay()
    if lacking:
        await database.hand.execute(
            "SET session_replication_role = replica; DELETE FROM checkpoints; RESET session_replication_role"
        )
    await relay_env.world.a_request()
    await relay_env.run_relay()
    await publish_until_committed(relay_env, database)
    keys = [key.public_key() for key in all_keys(relay_env.settings.keys_dir)]
    kept = read_folder(relay_env.settings.checkpoints_dir, FOLDER, keys)
    stored = await database.hand.fetch("SELECT size, note FROM checkpoints")
    assert {each.size: each.note for each in kept.checkpoints} == {row["size"]: row["note"] for row in stored}
    assert (len(stored), kept.unreadable) == (2, ())


async def test_a_checkpoint_that_only_the_folder_has_is_stored_although_nothing_happened_since(
    relay_env: RelayEnv, database: Database
) -> None:
    await relay_env.world.a_request()
    await relay_env.run_relay()
    await database.hand.execute(
        "SET session_replication_role = replica; DELETE FROM checkpoints; RESET session_replication_role"
    )
    again = relay_env.make_relay()
    await relay_env.run_relay(again)
    await again.close()
    assert await database.hand.fetchval("SELECT count(*) FROM checkpoints") == 1


async def test_a_key_that_is_put_into_the_folder_signs_as_soon_as_it_is_whole(relay_env: RelayEnv) -> None:
    folder, checkpoints = relay_env.settings.keys_dir, relay_env.settings.checkpoints_dir
    await relay_env.world.a_request()
    await relay_env.run_relay()
    whole = add_key(folder)
    os.utime(whole, (2**31, 2**31))
    half = folder / "half.pem"
    half.touch()
    signed_by_newest = []
    for _ in range(2):
        await relay_env.world.a_request()
        relay_env.later(minutes=2)
        await relay_env.run_relay()
        half.unlink(missing_ok=True)
        note = (checkpoints / "latest.txt").read_text(encoding="utf-8")
        newest = all_keys(folder)[-1].public_key()
        try:
            signed_by_newest.append(parse_any(note, [newest]).note == note)
        except ValueError:
            signed_by_newest.append(False)
    assert signed_by_newest == [False, True]
