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

from sandbox.faults import Fault, FaultKind
from sandbox.memory import PlatformStore
from sandbox.refusal import CallRefusal

Json = dict[str, Any]
MAX_LOGGED_CHARACTERS = 5000


@dataclass
class PreparedCall:
    """A call as its platform reads it: what the log shows, the chats and persons that it is about, what it does."""

    logged_arguments: Json
    subjects: Set[str]
    run: Callable[[], Awaitable[Json]]
    unlogged: bool = False
    """Left out of the log: it only asks whether there is anything new."""


FaultRefusal = Callable[[Fault], CallRefusal]
"""What a platform says when something is wrong with it."""


async def respond(
    store: PlatformStore,
    request: web.Request,
    method: str,
    read: Callable[[], Awaitable[PreparedCall]],
    *,
    refusal_for: FaultRefusal,
) -> web.StreamResponse:
    """Read the call, meet its fault, do it; a refusal at any of this is told and kept."""
    logged_arguments: Json = {}
    try:
        call = await read()
        logged_arguments = call.logged_arguments
        fault = store.faults.first_for_call(store.platform, method, call.subjects)
        if fault is not None:
            store.log_call({"method": method, "args": logged_arguments, "fault": fault.kind.value})
            if fault.kind is not FaultKind.delay:
                return await _respond_with_fault(request, fault, call, refusal_for)
            await asyncio.sleep(fault.seconds)
        result = await call.run()
    except CallRefusal as error:
        return await respond_refused(store, method, error, logged_arguments)
    if not call.unlogged:
        store.log_call({"method": method, "args": logged_arguments})
    return web.json_response(result)


async def respond_refused(
    store: PlatformStore, method: str, error: CallRefusal, logged_arguments: Json
) -> web.Response:
    """The answer to a call that the real server would refuse."""
    store.record_refusal(method, error, logged_arguments)
    store.log_call({"method": method, "args": logged_arguments, "refused": error.description})
    await store.touch()
    return refusal_response(error)


def refusal_response(error: CallRefusal) -> web.Response:
    """A refusal over HTTP."""
    return web.json_response(error.body(), status=error.status, headers=error.headers)


def for_log(value: Any) -> Any:
    """An argument for the log: JSON that travelled as text is read, a long text is cut."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            pass
    return (
        value[:MAX_LOGGED_CHARACTERS] + "…"
        if isinstance(value, str) and len(value) > MAX_LOGGED_CHARACTERS
        else value
    )


async def _respond_with_fault(
    request: web.Request, fault: Fault, call: PreparedCall, refusal_for: FaultRefusal
) -> web.Response:
    """The answer of a platform that has trouble, or none at all."""
    if fault.kind is FaultKind.drop:
        if fault.after:  # the call took effect, its answer never arrives
            await call.run()
        if request.transport is not None:
            request.transport.close()
    return refusal_response(refusal_for(fault))
