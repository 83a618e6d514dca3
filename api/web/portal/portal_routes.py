"""The portal's routes, in the order in which they are looked for."""

from api.web.portal import link_pages, order_pages, own_pages, rfq_pages

ROUTES = (*link_pages.ROUTES, *own_pages.ROUTES, *rfq_pages.ROUTES, *order_pages.ROUTES)
