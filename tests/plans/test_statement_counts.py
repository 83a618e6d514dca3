"""How many statements a list takes: the same for ten rows and for forty, and what this table says."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from core.access.actor import Actor
from core.approvals.model import ApprovalFilter
from core.db.engine import Engine
from core.db.pages import PageQuery
from core.decisions import queries as approvals
from core.kernel.clock import FixedClock
from core.orders import queries as orders
from core.orders.model import OrderFilter
from core.purchases import request_queries as requests
from core.quotes import queries as quotes
from core.quotes import rfq_queries as rfqs
from core.quotes.model import QuoteFilter
from core.requests.model import RequestFilter
from core.rfqs.model import RfqFilter
from core.vendors import queries as vendors
from core.vendors.queries import VendorFilter
from tests.plans.test_plans import MANAGER, NOW, OFFICER, REQUESTER, VENDOR
from tests.support.plans import watch
from tests.support.uow import begin

Listed = tuple[Actor, Callable[..., Awaitable[Any]], Callable[[PageQuery], object]]
LISTS: Mapping[str, tuple[int, Listed]] = {
    "requests": (2, (REQUESTER, requests.listing, lambda page: RequestFilter(page=page))),
    "requests by text": (
        3,
        (OFFICER, requests.listing, lambda page: RequestFilter(text="laptop", page=page)),
    ),
    "approvals": (3, (MANAGER, approvals.listing, lambda page: ApprovalFilter(page=page))),
    "RFQs": (2, (OFFICER, rfqs.listing, lambda page: RfqFilter(page=page))),
    "RFQs of a vendor": (4, (VENDOR, rfqs.listing, lambda page: RfqFilter(page=page))),
    "quotes": (4, (OFFICER, quotes.list_quotes, lambda page: QuoteFilter(page=page))),
    "quotes of a vendor": (3, (VENDOR, quotes.list_quotes, lambda page: QuoteFilter(page=page))),
    "orders": (1, (OFFICER, orders.listing, lambda page: OrderFilter(page=page))),
    "vendors": (2, (OFFICER, vendors.listing, lambda page: VendorFilter(None, None, page))),
}


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_takes_as_many_statements_as_the_table_says(filled: Engine, name: str) -> None:
    most, (actor, read, filters) = LISTS[name]
    taken = []
    for limit in (10, 40):
        async with begin(filled, actor, FixedClock(NOW)) as uow:
            watched = watch(uow)
            page = await read(uow, actor, filters(PageQuery(None, limit)))
        assert len(page.items) == limit
        taken.append(len(watched.statements))
    assert taken == [most, most]
