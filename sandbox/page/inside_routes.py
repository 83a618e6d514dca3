"""What happens behind the chats: events, their deliveries and n8n's executions, for the page's last column.

    GET /inside/feed?after=1888               the events after a position, each with what its subscribers did
    GET /inside/dashboard?email=rosa@…        to the page that asks whether this browser may act for that demo person

One rule: it only reads, through the API and with a demo person's own rights.

Without an address (``SANDBOX_INSIDE_URL``) it says that it is not available.
"""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

API_TIMEOUT = aiohttp.ClientTimeout(total=5)
EARLIER_EVENTS, PAGE_OF_EVENTS, PAGE_OF_DELIVERIES, EXECUTIONS = 25, 100, 100, 30
REFRESH_MARGIN_SECONDS = 60.0


class InsideSettings(BaseSettings):
    """The address of the API, the account that reads it, and n8n's own database if there is one."""

    model_config = SettingsConfigDict(env_prefix="SANDBOX_INSIDE_")

    url: str = ""
    email: str = ""
    password_file: Path | None = None
    n8n_database: Path | None = None


class InsideTokens(BaseModel):
    access_token: str
    refresh_token: str
    expires_in: float


class InsideLink(BaseModel):
    """A one-time link into the dashboard."""

    model_config = ConfigDict(extra="ignore")

    url: str


class InsideEvent(BaseModel):
    """An audit event, with the fields that the column shows."""

    model_config = ConfigDict(extra="ignore")

    id: str
    position: int | None
    occurred_at: str
    actor_name: str
    actor_kind: str
    action: str
    subject: dict[str, Any]
    channel: str
    data: dict[str, Any]
    correlation_id: str


class InsideDelivery(BaseModel):
    """What one subscriber did with one event."""

    model_config = ConfigDict(extra="ignore")

    id: str
    event_id: str
    event_type: str
    subscriber: str
    state: str
    attempts: int
    last_error: str | None
    updated_at: str


class InsideExecution(BaseModel):
    """One run of an n8n flow."""

    id: int
    flow: str
    status: str
    started_at: str | None
    stopped_at: str | None


class InsideEvents(BaseModel):
    items: list[InsideEvent]


class InsideDeliveries(BaseModel):
    items: list[InsideDelivery]


class ApiUnreachable(Exception):
    """The API did not answer, or gave an unexpected answer."""


class InsideRoutes:
    """Reads what the column shows; keeps one session."""

    def __init__(self, settings: InsideSettings | None = None) -> None:
        self._settings = settings or InsideSettings()
        self._tokens: InsideTokens | None = None
        self._refresh_at = 0.0
        self._sign_in_lock = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/inside/feed", self.feed), web.get("/inside/dashboard", self.dashboard)]

    async def dashboard(self, request: web.Request) -> web.Response:
        """A one-time link into the dashboard, made with the demo's password; the page behind it asks first."""
        if not self._settings.url:
            raise web.HTTPNotFound(text="The sandbox was not told where the API is.")
        try:
            async with aiohttp.ClientSession(self._settings.url, timeout=API_TIMEOUT) as session:
                body = {"email": request.query.get("email", ""), "password": self._password()}
                async with session.post("/auth/login", json=body) as answer:
                    if answer.status != 200:
                        raise ApiUnreachable(f"/auth/login gave {answer.status}")
                    tokens = InsideTokens.model_validate(await answer.json())
                bearer = {"Authorization": f"Bearer {tokens.access_token}"}
                async with session.post("/auth/web-ticket", json={}, headers=bearer) as answer:
                    url = InsideLink.model_validate(await answer.json()).url
        except (aiohttp.ClientError, TimeoutError, OSError, ValidationError, ApiUnreachable) as error:
            raise web.HTTPBadGateway(text=f"The dashboard cannot be opened ({error}).") from error
        raise web.HTTPFound(url)

    async def feed(self, request: web.Request) -> web.Response:
        """The events after a position; without one, the last few events."""
        asked = request.query.get("after", "")
        if not self._settings.url:
            return web.json_response({"here": False, "why": "The sandbox was not told where the API is."})
        try:
            async with aiohttp.ClientSession(self._settings.url, timeout=API_TIMEOUT) as session:
                after = (
                    int(asked)
                    if asked.isdigit()
                    else max(0, await self._last_position(session) - EARLIER_EVENTS)
                )
                events = await self._events(session, after, PAGE_OF_EVENTS)
                path = f"/deliveries?limit={PAGE_OF_DELIVERIES}"
                deliveries = InsideDeliveries.model_validate(await self._get(session, path)).items
        except (aiohttp.ClientError, TimeoutError, OSError, ValidationError, ApiUnreachable) as error:
            return web.json_response({"here": False, "why": f"The API does not answer ({error})."})
        return web.json_response(
            {
                "here": True,
                "after": max((event.position or 0 for event in events), default=after),
                "events": [event.model_dump() for event in events],
                "deliveries": [delivery.model_dump() for delivery in deliveries],
                "executions": [run.model_dump() for run in await asyncio.to_thread(self._executions)],
            }
        )

    async def _last_position(self, session: aiohttp.ClientSession) -> int:
        """The log's last position, found by bisection, because the API only lists what follows a position."""
        low, high = 0, 1024
        while await self._events(session, high, 1):
            low, high = high, high * 2
        while high - low > EARLIER_EVENTS:
            middle = (low + high) // 2
            low, high = (middle, high) if await self._events(session, middle, 1) else (low, middle)
        return low + len(await self._events(session, low, PAGE_OF_EVENTS))

    async def _events(self, session: aiohttp.ClientSession, after: int, limit: int) -> list[InsideEvent]:
        path = f"/audit/events?after={after}&limit={limit}"
        return InsideEvents.model_validate(await self._get(session, path)).items

    async def _get(self, session: aiohttp.ClientSession, path: str) -> Any:
        headers = {"Authorization": f"Bearer {await self._token(session)}"}
        async with session.get(path, headers=headers) as answer:
            if answer.status == 401:
                self._tokens = None
            if answer.status != 200:
                raise ApiUnreachable(f"{path} gave {answer.status}")
            return await answer.json()

    async def _token(self, session: aiohttp.ClientSession) -> str:
        """This person's access token; refreshed a minute before it expires, and replaced when that fails."""
        async with self._sign_in_lock:
            if self._tokens is not None and time.monotonic() > self._refresh_at:
                self._tokens = await self._sign_in(
                    session, "/auth/refresh", refresh_token=self._tokens.refresh_token
                )
            if self._tokens is None:
                self._tokens = await self._sign_in(
                    session, "/auth/login", email=self._settings.email, password=self._password()
                )
            if self._tokens is None:
                raise ApiUnreachable(f"{self._settings.email} may not sign in")
            return self._tokens.access_token

    def _password(self) -> str:
        """The demo's one password."""
        file = self._settings.password_file
        return file.read_text(encoding="utf-8").strip() if file else ""

    async def _sign_in(self, session: aiohttp.ClientSession, path: str, **body: str) -> InsideTokens | None:
        async with session.post(path, json=body) as answer:
            if answer.status != 200:
                return None
            tokens = InsideTokens.model_validate(await answer.json())
        self._refresh_at = time.monotonic() + tokens.expires_in - REFRESH_MARGIN_SECONDS
        return tokens

    def _executions(self) -> list[InsideExecution]:
        """The last executions according to n8n; its file is opened read-only."""
        file = self._settings.n8n_database
        if file is None or not file.is_file():
            return []
        asked = (
            "SELECT e.id, coalesce(w.name, e.workflowId), e.status, e.startedAt, e.stoppedAt"
            " FROM execution_entity e LEFT JOIN workflow_entity w ON w.id = e.workflowId"
            " ORDER BY e.id DESC LIMIT ?"
        )
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=1)) as connection:
                rows = connection.execute(asked, (EXECUTIONS,)).fetchall()
        except sqlite3.Error:
            return []  # n8n is being installed or has locked its file; the page asks again in a second
        return [
            InsideExecution(id=row[0], flow=row[1], status=row[2], started_at=row[3], stopped_at=row[4])
            for row in rows
        ]
