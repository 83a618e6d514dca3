"""A real Redis for tests: one server per test process.

The fixture ``redis_url`` is its address; it is emptied before each test that asks for it.
"""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from stack.ports import find_free
from stack.services import redis as embedded
from stack.supervisor.launcher import die_with_parent
from tests.support.postgres import in_thread

PASSWORD = "redis-test-password"


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The running server's address."""
    folder = Path(tempfile.mkdtemp(prefix="parley-test-redis-"))
    port = find_free()
    embedded.write_settings(folder, port, PASSWORD)
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            embedded.command(folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )
    url = embedded.url_for(port, PASSWORD)
    try:
        in_thread(lambda: asyncio.run(embedded.wait_until_ready(url, 15)))
        yield url
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def redis_url(redis_server: str) -> str:
    """An empty Redis for this test."""
    client = Redis.from_url(redis_server)
    await client.flushall()
    await client.aclose()
    return redis_server
