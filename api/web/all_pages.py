"""Every page's route, in the order in which they are looked for."""

from starlette.responses import Response
from starlette.routing import Route

from api.web import doors, front_page, live, purchase_page, table_arranging, table_pages
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
    *(get(f"/{word}/{{rest:path}}", missing, public=True) for word in sorted(FIRST_WORDS - {""})),
)
