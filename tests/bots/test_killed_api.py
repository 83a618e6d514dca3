"""A process of the API is killed while it answers: nobody in a chat hears of it, and what was asked happens once."""

import ast
import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from multidict import CIMultiDict

from api.contract import endpoints as e
from bots.client.api import ApiClient
from bots.client.errors import NotLinked
from bots.client.transport import CallMetadata
from tests.bots.bot_env import BOTH, BotEnv, free_port, serving_app
from tests.bots.test_idempotency import open_forms, told
from tests.support.api import BOT_KEY, Api
from tests.support.world import World

BOTS = Path(__file__).parents[2] / "bots"
PASSED_ON = ("Authorization", "Accept-Language", "Content-Type", "Idempotency-Key")
NEVER_TOLD = ("can’t reach", "went wrong")


class MortalApi:
    """The address of several processes of the API, of which the first that takes a call is killed over it."""

    def __init__(self, url: str, http: aiohttp.ClientSession, *, too_late: bool) -> None:
        self._url, self._http, self._too_late = url, http, too_late
        self._taken: set[tuple[str, str, bytes]] = set()
        self.killed: list[str] = []
        """The calls over which one was killed."""

    async def take(self, request: web.Request) -> web.Response:
        """Nothing at the first time, whether or not it was carried out; the answer at the next."""
        body = await request.read()
        key = request.headers.get("Idempotency-Key", "").encode()
        call = (request.method, request.path_qs, key or body)
        if call in self._taken:
            return await self._answer(request, body)
        self._taken.add(call)
        self.killed.append(f"{request.method} {request.path}")
        if self._too_late:
            await self._answer(request, body)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def _answer(self, request: web.Request, body: bytes) -> web.Response:
        passed_on = {name: value for name, value in request.headers.items() if _is_passed_on(name)}
        url = f"{self._url}{request.path_qs}"
        async with self._http.request(request.method, url, data=body, headers=passed_on) as answer:
            headers = CIMultiDict({"Content-Type": answer.headers.get("Content-Type", "")})
            return web.Response(status=answer.status, body=await answer.read(), headers=headers)


def _is_passed_on(header: str) -> bool:
    return header in PASSED_ON or header.startswith("X-")


@contextlib.asynccontextmanager
async def serving(api: MortalApi) -> AsyncIterator[str]:
    """Its address."""
    app = web.Application(client_max_size=2**20)
    app.router.add_route("*", "/{path:.*}", api.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


@BOTH
@pytest.mark.parametrize("too_late", [False, True], ids=["before it did anything", "after it was done"])
async def test_everything_happens_once_though_the_process_behind_every_call_is_killed(
    bot_env: BotEnv, world: World, too_late: bool
) -> None:
    once = await told(bot_env, world)
    mortal = MortalApi(bot_env.api_url, bot_env.http, too_late=too_late)
    async with serving(mortal) as url:
        await bot_env.stop_bot()
        await bot_env.start_bot(api_url=url)
        assert await told(bot_env, world) == once
    people = [each["id"] for each in await bot_env.sandbox.people()]
    said = [each["text"] for who in people for each in await bot_env.sandbox.messages(who)]
    assert not [each for each in said if any(words in each for words in NEVER_TOLD)]
    assert {"POST /auth/service", "POST /auth/chat", "PUT /chat/drafts", "POST /documents"} <= set(
        mortal.killed
    )
    assert await open_forms(world) == 0


async def test_whoever_calls_while_the_only_process_is_restarted_waits_for_it(api: Api) -> None:
    port = free_port()
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
        client = ApiClient(f"http://127.0.0.1:{port}", BOT_KEY, session)
        asking = tasks.create_task(_is_linked(client, "4711"))
        await asyncio.sleep(1.0)
        assert not asking.done(), "it goes on asking"
        async with serving_app(api.app, port):
            assert not await asking


async def _is_linked(client: ApiClient, account: str) -> bool:
    try:
        await client.for_person("telegram", account, CallMetadata()).me()
    except NotLinked:
        return False
    return True


def test_the_bots_make_no_call_that_could_not_be_made_again() -> None:
    """Each has a key, or its endpoint says that twice is as good as once."""
    without_key = {name for path in BOTS.rglob("*.py") for name in _called_without_key(path)}
    assert {name for name in without_key if not getattr(e, name).may_be_repeated} == set()
    assert {name for name in without_key if getattr(e, name).repeatable} == {
        name for name, value in vars(e).items() if isinstance(value, e.Endpoint) and value.repeatable
    }


def _called_without_key(path: Path) -> set[str]:
    """The endpoints that this module asks so: ``call(e.name, …)``."""
    calls = [
        each for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(each, ast.Call)
    ]
    return {
        each.args[0].attr
        for each in calls
        if isinstance(each.func, ast.Attribute)
        and each.func.attr == "call"
        and each.args
        and isinstance(each.args[0], ast.Attribute)
        and isinstance(each.args[0].value, ast.Name)
        and each.args[0].value.id == "e"
        and not any(keyword.arg == "key" for keyword in each.keywords)
    }
