"""Ways to check that a service is ready; a check is repeated until it succeeds."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from stack.http_client import status_of
from stack.supervisor.service import ServiceRun

ReadinessCheck = Callable[[ServiceRun], Awaitable[bool]]


def answers_http(url: str) -> ReadinessCheck:
    """An HTTP address answers 200."""

    async def check(run: ServiceRun) -> bool:
        return await asyncio.to_thread(status_of, url) == 200

    return check


def accepts_connections(url: str) -> ReadinessCheck:
    """Something accepts connections there."""
    address = urlsplit(url)

    async def check(run: ServiceRun) -> bool:
        try:
            _, writer = await asyncio.open_connection(address.hostname, address.port)
        except OSError:
            return False
        writer.close()
        return True

    return check


def log_contains(text: str) -> ReadinessCheck:
    """The service's log of this run contains these words."""

    async def check(run: ServiceRun) -> bool:
        with run.log.open("rb") as log:
            log.seek(run.log_offset)
            return text.encode() in log.read(1_000_000)

    return check


async def says_ready(run: ServiceRun) -> bool:
    """The process says so, as ``api.ready.tell_ready`` does."""
    return await run.said_ready.wait()


def stays_alive(seconds: float) -> ReadinessCheck:
    """The process has been running for that long."""

    async def check(run: ServiceRun) -> bool:
        return asyncio.get_running_loop().time() - run.started_at >= seconds

    return check


def all_of(*several: ReadinessCheck) -> ReadinessCheck:
    """One after the other succeeds."""

    async def check(run: ServiceRun) -> bool:
        return all([await one(run) for one in several])

    return check


def any_of(*several: ReadinessCheck) -> ReadinessCheck:
    """Any of these succeeds."""

    async def check(run: ServiceRun) -> bool:
        return any([await one(run) for one in several])

    return check
