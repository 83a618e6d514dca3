"""Whether the API is there yet, for a bot that starts beside it.

One rule: only a bot's start asks this; a call has retries of its own.
"""

import asyncio
import contextlib
from urllib.parse import urlsplit

PAUSE_SECONDS, MAX_PAUSE_SECONDS = 0.05, 2.0


async def wait_until_reachable(url: str, stop: asyncio.Event) -> None:
    """Until something accepts connections there, or ``stop`` is set."""
    pause = PAUSE_SECONDS
    while not stop.is_set() and not await _is_reachable(url):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
        pause = min(MAX_PAUSE_SECONDS, pause * 1.05)


async def _is_reachable(url: str) -> bool:
    address = urlsplit(url)
    try:
        _, writer = await asyncio.open_connection(
            address.hostname, address.port, ssl=address.scheme == "https" or None
        )
    except OSError:
        return False
    writer.close()
    return True
