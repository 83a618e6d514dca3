"""The portal's routes, in the order in which they are looked for."""

from api.web.portal import file_pages, link_pages, order_pages, own_pages, page_switches, rfq_pages

ROUTES = (
    *file_pages.ROUTES,
    *link_pages.ROUTES,
    *own_pages.ROUTES,
    *page_switches.ROUTES,
    *rfq_pages.ROUTES,
    *order_pages.ROUTES,
)
