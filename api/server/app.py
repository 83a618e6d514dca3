"""The API as one ASGI application; its lifespan owns the engine and the wake-up.

One rule: many of these processes run side by side, so nothing that must survive is stored in one.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI

from api.server import errors
from api.server.deps.call import Services
from api.server.direct_routes import DirectRoutes
from api.server.edge import Edge, Engines
from api.server.hooks import n8n
from api.server.middleware import BodyLimitMiddleware
from api.server.openapi import describe
from api.server.rate_limits import RateLimit, RateLimiter
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
    documents,
    entries,
    groups,
    health,
    installations,
    me,
    operations,
    order_changes,
    orders,
    organisation,
    people,
    quotes,
    rates,
    receipts,
    requests,
    rfqs,
    vendor_links,
    vendors,
)
from api.server.settings import ApiSettings
from api.server.signing_keys import load_keys
from api.server.tokens import AccessTokens
from api.server.wake import Waker
from api.web import all_pages, room
from api.web.change_feed import ChangeFeed
from core.documents.store import FileStore
from core.kernel.clock import Clock, SystemClock
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
    installations,
    requests,
    attachments,
    comments,
    rfqs,
    amendments,
    clarifications,
    quotes,
    entries,
    awards,
    vendors,
    vendor_links,
    approvals,
    delegations,
    orders,
    order_changes,
    receipts,
    documents,
    analytics,
    operations,
    n8n,
    health,
)


def create_app(settings: ApiSettings | None = None, clock: Clock | None = None) -> FastAPI:
    """The application; settings come from the environment unless a test passes them."""
    settings = settings or ApiSettings()
    clock = clock or SystemClock()
    keys = load_keys(settings.keys_dir)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            engines = Engines.of(settings.database_url.get_secret_value(), settings.pool_size)
            waker = Waker(engines.commands)
            app.state.engine = engines.commands
            app.state.services = Services(
                Edge(engines, clock, REACTIONS, waker),
                RateLimiter(),
                FileStore(settings.files_dir),
                RateLimit(settings.writes_per_minute, 60),
                VerifyHelpers(settings.database_url.get_secret_value()),
            )
            app.state.changes = ChangeFeed(engines.queries, clock)
            async with asyncio.TaskGroup() as tasks:
                running = [tasks.create_task(each.run()) for each in (waker, app.state.changes)]
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
    app.router.routes.extend(all_pages.ROUTES)
    errors.install(app)
    app.add_exception_handler(Exception, room.on_unforeseen)
    describe(app)
    app.add_middleware(DirectRoutes, routes=[route for module in ROUTERS for route in module.router.routes])
    app.add_middleware(BodyLimitMiddleware, is_form=room.is_page, form_bytes=room.MAX_FORM_BYTES)
    app.add_middleware(room.PageHeaders)
    return app
