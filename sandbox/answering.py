"""One call, on whichever platform: its fault, its answer, or its refusal.

One rule: each leaves a line in the call log, and only what the real server would refuse too counts as refused; a
fault on purpose does not.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Set
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.faults import Fault, Kind
from sandbox.memory import Half
from sandbox.refusal import Refused

Json = dict[str, Any]
SHOWN = 5000


@dataclass
class Told:
    """A call as its platform reads it: what the log shows, the chats and persons that it is about, what it does."""

    shown: Json
    about: Set[str]
    run: Callable[[], Awaitable[Json]]
    quiet: bool = False
    """Left out of the log: it only asks whether there is anything new."""


Words = Callable[[Fault], Refused]
"""What a platform says when something is wrong with it."""


async def answer(
    half: Half, request: web.Request, method: str, read: Callable[[], Awaitable[Told]], *, words: Words
) -> web.StreamResponse:
    """Read the call, meet its fault, do it; a refusal at any of this is told and kept."""
    shown: Json = {}
    try:
        told = await read()
        shown = told.shown
        fault = half.faults.hit(half.platform, method, told.about)
        if fault is not None:
            half.note({"method": method, "args": shown, "fault": fault.kind.value})
            if fault.kind is not Kind.delay:
                return await _struck(request, fault, told, words)
            await asyncio.sleep(fault.seconds)
        result = await told.run()
    except Refused as error:
        return await refuse(half, method, error, shown)
    if not told.quiet:
        half.note({"method": method, "args": shown})
    return web.json_response(result)


async def refuse(half: Half, method: str, error: Refused, shown: Json) -> web.Response:
    """The answer to a call that the real server would refuse."""
    half.refuse(method, error, shown)
    half.note({"method": method, "args": shown, "refused": error.description})
    await half.touch()
    return spoken(error)


def spoken(error: Refused) -> web.Response:
    """A refusal over HTTP."""
    return web.json_response(error.body(), status=error.status, headers=error.headers)


def legible(value: Any) -> Any:
    """An argument for the log: JSON that travelled as text is read, a long text is cut."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            pass
    return value[:SHOWN] + "…" if isinstance(value, str) and len(value) > SHOWN else value


async def _struck(request: web.Request, fault: Fault, told: Told, words: Words) -> web.Response:
    """The answer of a platform that has trouble, or none at all."""
    if fault.kind is Kind.drop:
        if fault.after:  # the call took effect, its answer never arrives
            await told.run()
        if request.transport is not None:
            request.transport.close()
    return spoken(words(fault))
