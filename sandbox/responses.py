"""Handles one call on either platform: its fault, its answer, or its refusal.

One rule: every call is logged, and only what the real server would refuse too counts as refused.

A deliberate fault does not count.
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
    """A call after its platform has parsed it: logged arguments, chats and persons concerned, and the action."""

    logged_arguments: Json
    subjects: Set[str]
    run: Callable[[], Awaitable[Json]]
    unlogged: bool = False
    """Not logged, because the call only asks whether there is anything new."""


FaultRefusal = Callable[[Fault], CallRefusal]
"""The platform's answer to a fault."""


async def respond(
    store: PlatformStore,
    request: web.Request,
    method: str,
    read: Callable[[], Awaitable[PreparedCall]],
    *,
    refusal_for: FaultRefusal,
) -> web.StreamResponse:
    """Parse the call, apply its fault, run it; a refusal at any point is answered and recorded."""
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
    """A refusal as an HTTP response."""
    return web.json_response(error.body(), status=error.status, headers=error.headers)


def for_log(value: Any) -> Any:
    """An argument for the log: JSON inside a string is parsed, a long text is cut."""
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
    """The platform's answer under this fault, or no answer at all."""
    if fault.kind is FaultKind.drop:
        if fault.after:  # the call took effect, its answer never arrives
            await call.run()
        if request.transport is not None:
            request.transport.close()
    return refusal_response(refusal_for(fault))
