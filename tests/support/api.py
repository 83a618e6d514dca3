"""The API in this process: the real application over a real database, called as some person.

    api.as_(person).call(endpoints.decide, body)     a model of the contract, or ProblemError
    api.as_(person).send("GET", "/me")               the HTTP response

Fixtures: ``world`` has people and purchases (tests.support.world), ``api`` is the application over the same database.
"""

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, SecretStr, TypeAdapter
from starlette.routing import BaseRoute

from api import logging
from api.contract.endpoints import Endpoint
from api.contract.problems import Problem
from api.server.app import create_app
from api.server.settings import ApiSettings
from api.server.tokens import AccessTokens
from core.access.actor import Channel
from core.access.roles import Role
from core.db.engine import make_engine
from core.people.model import Person
from tests.support.clocks import OffsetClock
from tests.support.company_snapshot import with_company
from tests.support.postgres import Database
from tests.support.world import World

BodyT = TypeVar("BodyT", bound=BaseModel | None)
ResponseT = TypeVar("ResponseT", bound=BaseModel | None)

BOT_KEY = "0123456789abcdef" * 4
CALLBACK_SECRET = "a call-back secret of more than thirty-two bytes"
CHAT_KEY = "fedcba9876543210" * 4


class ProblemError(Exception):
    """A refusal, as the contract describes it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.code}: {problem.detail} {problem.errors or ''}")
        self.problem = problem
        self.code = problem.code
        self.status = problem.status
        self.fields = [error.field for error in problem.errors]


class Api:
    """The application as one caller; ``as_`` returns it for another caller."""

    def __init__(self, app: FastAPI, client: httpx2.AsyncClient, token: str | None = None) -> None:
        self.app = app
        self.client = client
        self.token = token

    @property
    def tokens(self) -> AccessTokens:
        tokens: AccessTokens = self.app.state.tokens
        return tokens

    def as_(self, person: Person, channel: Channel = Channel.api) -> "Api":
        return Api(self.app, self.client, self.tokens.for_person(person, channel, proved=True))

    def as_before(self, person: Person, channel: Channel = Channel.api) -> "Api":
        """Somebody who came in long ago: their token was refreshed since."""
        return Api(self.app, self.client, self.tokens.for_person(person, channel))

    def as_bot(self) -> "Api":
        return Api(self.app, self.client, self.tokens.for_service(Role.service_bot))

    def with_token(self, token: str) -> "Api":
        return Api(self.app, self.client, token)

    def pass_time(self, **ahead: float) -> None:
        """From now on the application works as if so much time had passed (arguments as for ``timedelta``)."""
        clock = OffsetClock(dt.timedelta(**ahead))
        self.app.state.services.edge._clock = self.app.state.tokens._clock = clock

    async def send(
        self, method: str, path: str, json: Any = None, headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx2.Response:
        """The HTTP response."""
        given = {"Authorization": f"Bearer {self.token}"} if self.token is not None else {}
        if json is not None:
            more["json"] = json
        return await self.client.request(method, path, headers={**given, **(headers or {})}, **more)

    async def call(
        self,
        endpoint: Endpoint[BodyT, ResponseT],
        body: BaseModel | Mapping[str, Any] | None = None,
        *,
        key: str | None = None,
        path: Mapping[str, object] | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> ResponseT:
        """What the endpoint returns, or ProblemError."""
        address = endpoint.path.format(**(path or {}))
        plain = body.model_dump(mode="json", exclude_unset=True) if isinstance(body, BaseModel) else body
        headers = {"Idempotency-Key": key} if key is not None else {}
        answer = await self.send(endpoint.method, address, plain, headers, params=dict(query or {}))
        if answer.status_code >= 400:
            raise ProblemError(Problem.model_validate_json(answer.content))
        return TypeAdapter(endpoint.response).validate_json(answer.content or b"null")


def settings_for(database: Database, folder: Path, **more: Any) -> ApiSettings:
    """The settings of an application under test."""
    return ApiSettings.model_construct(
        **{
            **{name: field.default for name, field in ApiSettings.model_fields.items()},
            "database_url": SecretStr(database.app_url),
            "keys_dir": folder / "keys",
            "files_dir": folder / "files",
            "bot_key": SecretStr(BOT_KEY),
            "callback_secret": SecretStr(CALLBACK_SECRET),
            "chat_key": SecretStr(CHAT_KEY),
            "writes_per_minute": 100_000,
            **more,
        }
    )


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """A company in a database of its own."""
    engine = make_engine(database.app_url, size=4, name="parley tests")
    yield await with_company(World(engine), database)
    await engine.dispose()


@pytest.fixture
async def api(database: Database, tmp_path: Path) -> AsyncIterator[Api]:
    """The application, called without a token."""
    async with AsyncExitStack() as stack:
        yield await start(database, tmp_path, stack)


_routes: list[BaseRoute] = []


def _routes_of(app: FastAPI) -> list[BaseRoute]:
    """Routes, which FastAPI prepares at their first call; all applications share them, because that takes long."""
    if not _routes:
        _routes.extend(app.router.routes)
    return _routes


async def start(database: Database, folder: Path, stack: AsyncExitStack, **settings: Any) -> Api:
    """One more application over this database; it stops when the exit stack closes."""
    logging.set_up()
    app = create_app(settings_for(database, folder, **settings))
    app.router.routes = _routes_of(app)
    await stack.enter_async_context(app.router.lifespan_context(app))
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    client = await stack.enter_async_context(
        httpx2.AsyncClient(transport=transport, base_url="http://parley.test")
    )
    return Api(app, client)
