"""Ways to tell that a part is ready; each is asked again and again until it says yes."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from stack.part import Life

Check = Callable[[Life], Awaitable[bool]]


def answers(url: str) -> Check:
    """An HTTP address says 200."""

    async def check(life: Life) -> bool:
        return await asyncio.to_thread(status_of, url) == 200

    return check


def listens(url: str) -> Check:
    """Somebody accepts connections there."""
    place = urlsplit(url)

    async def check(life: Life) -> bool:
        try:
            _, writer = await asyncio.open_connection(place.hostname, place.port)
        except OSError:
            return False
        writer.close()
        return True

    return check


def says(words: str) -> Check:
    """The part's log of this run holds these words."""

    async def check(life: Life) -> bool:
        with life.log.open("rb") as log:
            log.seek(life.offset)
            return words.encode() in log.read(1_000_000)

    return check


def lives(seconds: float) -> Check:
    """It has not exited for so long."""

    async def check(life: Life) -> bool:
        return asyncio.get_running_loop().time() - life.since >= seconds

    return check


def either(*several: Check) -> Check:
    """Any of these says yes."""

    async def check(life: Life) -> bool:
        return any([await one(life) for one in several])

    return check


def status_of(url: str, seconds: float = 3, method: str = "GET") -> int | None:
    """The status of a call, or None when nobody answers."""
    try:
        with _open(urllib.request.Request(url, method=method), seconds) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return refusal.code
    except OSError:
        return None


def fetch(url: str, body: object | None = None, *, token: str = "", seconds: float = 5) -> object:
    """The JSON that an address gives, or that it answers to this JSON; OSError when it does not."""
    data = None if body is None else json.dumps(body).encode()
    signed = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} | signed)
    with _open(request, seconds) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def _open(request: urllib.request.Request, seconds: float):  # type: ignore[no-untyped-def]
    """Our own parts are never behind the user's proxy."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=seconds)
