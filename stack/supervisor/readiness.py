"""Ways to tell that a part is ready; each is asked again and again until it says yes."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from stack.http_client import status_of
from stack.supervisor.service import ServiceRun

ReadinessCheck = Callable[[ServiceRun], Awaitable[bool]]


def answers_http(url: str) -> ReadinessCheck:
    """An HTTP address says 200."""

    async def check(run: ServiceRun) -> bool:
        return await asyncio.to_thread(status_of, url) == 200

    return check


def accepts_connections(url: str) -> ReadinessCheck:
    """Somebody accepts connections there."""
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
    """The part's log of this run holds these words."""

    async def check(run: ServiceRun) -> bool:
        with run.log.open("rb") as log:
            log.seek(run.log_offset)
            return text.encode() in log.read(1_000_000)

    return check


def stays_alive(seconds: float) -> ReadinessCheck:
    """It has not exited for so long."""

    async def check(run: ServiceRun) -> bool:
        return asyncio.get_running_loop().time() - run.started_at >= seconds

    return check


def any_of(*several: ReadinessCheck) -> ReadinessCheck:
    """Any of these says yes."""

    async def check(run: ServiceRun) -> bool:
        return any([await one(run) for one in several])

    return check
