"""The API as one ASGI application; its lifespan owns the engine and the wake-up.

One rule: many of these processes run side by side, so nothing that must survive is stored in one.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI

from api.quote_files.child import FileReader
from api.server import errors
from api.server.deps.call import Services
from api.server.direct_routes import DirectRoutes, plain_routes
from api.server.edge import Edge, Engines
from api.server.hooks import n8n
from api.server.log_watch import LogWatch
from api.server.middleware import BodyLimitMiddleware
from api.server.openapi import describe
from api.server.rate_limits import RateLimit, RateLimiter
from api.server.request_metrics import RequestMetrics
from api.server.routes import (
    amendments,
    analytics,
    approvals,
    attachments,
    auth,
    awards,
    chat,
    clarifications,
    comments,
    delegations,
    demand,
    documents,
    entries,
    findings,
    groups,
    health,
    insights,
    installations,
    me,
    operations,
    order_changes,
    orders,
    organisation,
    people,
    quote_file_reading,
    quotes,
    rates,
    receipts,
    recommendations,
    requests,
    rfqs,
    standings,
    vendor_links,
    vendor_scores,
    vendors,
)
from api.server.settings import ApiSettings
from api.server.shared_limits import SharedRateLimiter
from api.server.signing_keys import KeyRing, load_keys
from api.server.tokens import AccessTokens
from api.server.wake import Waker
from api.server.write_probe import WriteProbe
from api.web import all_pages, room
from api.web.change_feed import ChangeFeed
from api.web.openid import KnownPlatforms
from core.db.connection import DATABASE_ERRORS
from core.documents.store import FileStore
from core.kernel.clock import Clock, DatabaseClock
from core.log.verify_helpers import VerifyHelpers
from core.wiring import REACTIONS

log = structlog.get_logger()

DESCRIPTION = """Procurement where people already talk. Every change is a command with a right, a state table
and an event. Amounts and quantities are decimal strings; times are RFC 3339 with zone. Send an
`Idempotency-Key` with every POST: the same key and body give the same answer for 24 hours."""

ROUTERS = (
    auth,
    me,
    people,
    organisation,
    rates,
    chat,
    groups,
    insights,
    installations,
    requests,
    attachments,
    comments,
    rfqs,
    recommendations,
    amendments,
    clarifications,
    quote_file_reading,
    quotes,
    entries,
    awards,
    vendor_scores,
    standings,
    vendors,
    vendor_links,
    approvals,
    delegations,
    orders,
    order_changes,
    receipts,
    documents,
    analytics,
    demand,
    findings,
    operations,
    n8n,
    health,
)
PLAIN_ROUTES = plain_routes(route for module in ROUTERS for route in module.router.routes)


async def _learn_the_time(engines: Engines) -> None:
    """The database's clock is known before the first token is read."""
    with contextlib.suppress(*DATABASE_ERRORS):
        async with engines.commands.autocommit():
            pass


def _services(settings: ApiSettings, keys: KeyRing, engines: Engines, edge: Edge) -> Services:
    """What this process holds."""
    limits = RateLimiter()
    return Services(
        edge,
        limits,
        SharedRateLimiter(engines.commands, limits),
        FileStore(settings.files_dir),
        settings.scanner,
        RateLimit(settings.writes_per_minute, 60),
        VerifyHelpers(settings.database_url.get_secret_value()),
        LogWatch(settings, keys, engines.queries),
        FileReader(),
        FileReader(),
    )


def create_app(settings: ApiSettings | None = None, clock: Clock | None = None) -> FastAPI:
    """The application; settings come from the environment unless a test passes them."""
    settings = settings or ApiSettings()
    database_clock = DatabaseClock()
    clock = clock or database_clock
    keys = load_keys(settings.keys_dir)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            engines = Engines.of(settings.database_url.get_secret_value(), settings.pool_size, database_clock)
            await _learn_the_time(engines)
            waker = Waker(engines.commands)
            app.state.engine = engines.commands
            settings.files_dir.mkdir(parents=True, exist_ok=True)
            app.state.services = _services(settings, keys, engines, Edge(engines, clock, REACTIONS, waker))
            app.state.changes = ChangeFeed(engines.queries, clock)
            app.state.known_platforms = KnownPlatforms()
            app.state.write_probe = WriteProbe()
            async with asyncio.TaskGroup() as tasks:
                parts = (waker, app.state.changes, app.state.services.log_watch)
                running = [tasks.create_task(each.run()) for each in parts]
                yield
                for task in running:
                    task.cancel()
            await engines.dispose()
        except Exception as error:  # Starlette turns it into a text
            log.critical("api.failed", exc_info=error)
            raise

    app = FastAPI(
        title="Parley",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url=None,  # served by openapi.describe
        docs_url=None,
        redoc_url=None,
        servers=[{"url": settings.public_url}],
        license_info={"name": "See the repository"},
    )
    app.state.settings, app.state.keys, app.state.tokens = settings, keys, AccessTokens(keys, clock)
    for module in ROUTERS:
        app.include_router(module.router)
    app.router.routes.insert(0, all_pages.AllPages())
    errors.install(app)
    app.add_exception_handler(Exception, room.on_unforeseen)
    describe(app)
    _add_middleware(app)
    return app


def _add_middleware(app: FastAPI) -> None:
    """The innermost first."""
    app.add_middleware(DirectRoutes, routes=PLAIN_ROUTES)
    app.add_middleware(BodyLimitMiddleware, is_form=room.is_page, form_bytes=room.MAX_FORM_BYTES)
    app.add_middleware(room.PageHeaders)
    app.add_middleware(RequestMetrics)
