"""Every page's route, in the order in which they are looked for."""

from starlette.responses import Response
from starlette.routing import Route

from api.web import (
    analytics_pages,
    audit_pages,
    doors,
    front_page,
    live,
    number_pages,
    purchase_page,
    slack_pages,
    table_arranging,
    table_pages,
)
from api.web.admin import admin_routes
from api.web.portal import portal_routes
from api.web.room import FIRST_WORDS, get
from api.web.visitors import Visitor
from core.kernel.errors import NotFound


async def missing(visitor: Visitor) -> Response:
    raise NotFound(what="path")


ROUTES: tuple[Route, ...] = (
    *doors.ROUTES,
    *front_page.ROUTES,
    *table_pages.ROUTES,
    *table_arranging.ROUTES,
    *purchase_page.ROUTES,
    *live.ROUTES,
    *number_pages.ROUTES,
    *slack_pages.ROUTES,
    *admin_routes.ROUTES,
    *audit_pages.ROUTES,
    *portal_routes.ROUTES,
    *analytics_pages.ROUTES,
    *(get(f"/{word}/{{rest:path}}", missing, public=True) for word in sorted(FIRST_WORDS - {""})),
)
