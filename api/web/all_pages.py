"""Every page's route, in the order in which they are looked for."""

from starlette.routing import Route

from api.web import doors, front_page, purchase_page, table_pages

ROUTES: tuple[Route, ...] = (
    *doors.ROUTES,
    *front_page.ROUTES,
    *table_pages.ROUTES,
    *purchase_page.ROUTES,
)
