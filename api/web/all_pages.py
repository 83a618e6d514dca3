"""Every page's route, in the order in which they are looked for."""

from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route, Router
from starlette.types import Receive, Scope, Send

from api.web import (
    analytics_pages,
    audit_pages,
    demand_pages,
    doors,
    finding_pages,
    front_page,
    given_links,
    live,
    number_pages,
    purchase_page,
    sign_in_pages,
    table_arranging,
    table_pages,
)
from api.web.admin import admin_routes
from api.web.portal import portal_routes
from api.web.room import FIRST_WORDS, get, is_page
from api.web.visitors import Visitor
from core.kernel.errors import NotFound


async def missing(visitor: Visitor) -> Response:
    raise NotFound(what="path")


ROUTES: tuple[Route, ...] = (
    *doors.ROUTES,
    *front_page.ROUTES,
    *table_pages.ROUTES,
    *table_arranging.ROUTES,
    *given_links.ROUTES,
    *purchase_page.ROUTES,
    *live.ROUTES,
    *number_pages.ROUTES,
    *sign_in_pages.ROUTES,
    *admin_routes.ROUTES,
    *audit_pages.ROUTES,
    *portal_routes.ROUTES,
    *analytics_pages.ROUTES,
    *finding_pages.ROUTES,
    *demand_pages.ROUTES,
    *(get(f"/{word}/{{rest:path}}", missing, public=True) for word in sorted(FIRST_WORDS - {""})),
)


class AllPages(BaseRoute):
    """All pages as one route, so that a page is looked for among pages alone, and a call among calls."""

    def __init__(self, routes: Sequence[BaseRoute] = ROUTES) -> None:
        self._pages = Router(routes)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        ours = scope["type"] == "http" and is_page(scope["path"])
        return (Match.FULL, {}) if ours else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._pages(scope, receive, send)
