"""The lists, one row each: where they are, what they are read by, what they can be limited to, and their columns.

One rule: a new list is one row here; the page, the filters, the paging and the CSV follow from it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from api.contract.orders import OrderQuery
from api.contract.people import StaffQuery
from api.contract.quotes import QuoteQuery
from api.contract.requests import RequestQuery
from api.contract.rfqs import RfqQuery
from api.contract.values import Listing
from api.contract.vendors import VendorQuery
from api.present import orders as present_orders
from api.present import people as present_people
from api.present import quotes as present_quotes
from api.present import requests as present_requests
from api.present import rfqs as present_rfqs
from api.present import vendors as present_vendors
from api.server.routes.serve import narrowed
from api.web.phrasing import Phrasing
from core.access.permissions import Permission
from core.access.roles import Role
from core.accounts import team
from core.accounts.team import StaffFilter
from core.db.pages import PageQuery
from core.invitations import queries as rfqs
from core.kernel.pagination import Page
from core.orders import queries as orders
from core.orders.model import OrderFilter
from core.orders.states import OrderState
from core.purchases import request_queries
from core.quotes import queries as quotes
from core.quotes.model import QuoteFilter
from core.quotes.states import QuoteState
from core.requests.model import RequestFilter
from core.requests.states import RequestState
from core.rfqs.model import RfqFilter
from core.rfqs.states import RfqState
from core.vendors import queries as vendors
from core.vendors.model import VendorFilter
from core.vendors.states import VendorState

Cell = Callable[[Phrasing, Any], str]


@dataclass(frozen=True)
class TableColumn:
    """``cell`` is what the page shows, ``raw`` what the file holds: exact, in no language."""

    key: str
    cell: Cell
    raw: Callable[[Any], object]
    kind: str = "text"
    """text · number · day · ago · state · person · link · where · file (only there)"""
    sort: str = ""
    """The listed table's column by which the list can be ordered, where an index leads to it or it is short."""


@dataclass(frozen=True)
class TableSpec:
    name: str
    path: str
    title: str
    right: Permission
    read: Callable[..., Awaitable[Page[Any]]]
    wanted: Callable[[Any], Any]
    present: Callable[[Any], Listing[Any]]
    query: type[BaseModel]
    filters: tuple[str, ...]
    columns: tuple[TableColumn, ...]
    states: type[StrEnum] | None = None
    family: str = ""
    link: Callable[[Any], str] = lambda row: ""
    request_id: Callable[[Any], Any] | None = None
    """Where the rows belong to purchases: of which, to say where each is now."""
    portal_link: Callable[[Any], str] = lambda row: ""
    """Where a vendor finds the row; the pages of purchases are not theirs."""

    @property
    def on_page(self) -> tuple[TableColumn, ...]:
        """The columns of the page; what only the file has stands beside one of them."""
        return tuple(each for each in self.columns if each.kind != "file")

    @property
    def sorts(self) -> Mapping[str, str]:
        """By what the list can be ordered: the column's key, and the table's column."""
        return {each.key: each.sort for each in self.columns if each.sort}


def _page(query: Any) -> PageQuery:
    return PageQuery(query.cursor, query.limit, query.counted)


def _requests(query: RequestQuery) -> RequestFilter:
    return RequestFilter(state=query.state, mine=query.mine, **narrowed(query))


def _rfqs(query: RfqQuery) -> RfqFilter:
    return RfqFilter(state=query.state, mine=query.mine, request_id=query.request_id, **narrowed(query))


def _quotes(query: QuoteQuery) -> QuoteFilter:
    return QuoteFilter(state=query.state, rfq_id=query.rfq_id, request_id=query.request_id, **narrowed(query))


def _orders(query: OrderQuery) -> OrderFilter:
    return OrderFilter(state=query.state, mine=query.mine, request_id=query.request_id, **narrowed(query))


def _vendors(query: VendorQuery) -> VendorFilter:
    return VendorFilter(query.q, query.category, _page(query), query.state, query.country, query.currency)


def _people(query: StaffQuery) -> StaffFilter:
    role = Role(query.role) if query.role else None
    return StaffFilter(query.q, role, _page(query), query.active)


def _title(row: Any) -> str:
    more = f" +{len(row.lines) - 1}" if len(row.lines) > 1 else ""
    return f"{row.lines[0].description}{more}" if row.lines else ""


def _number() -> TableColumn:
    """Ids grow as numbers do."""
    return TableColumn("number", lambda p, row: row.number, lambda row: row.number, "link", "id")


def _state(sort: str = "state") -> TableColumn:
    return TableColumn("state", lambda p, row: row.state.value, lambda row: row.state.value, "state", sort)


def _requester() -> TableColumn:
    """Pressing a name limits the list to what this person asked for."""
    return TableColumn(
        "person", lambda p, row: row.requested_by_name, lambda row: row.requested_by_name, "person"
    )


def _what() -> TableColumn:
    return TableColumn("what", lambda p, row: _title(row), _title)


def _text(key: str, name: str, sort: str = "") -> TableColumn:
    return TableColumn(
        key, lambda p, row: str(getattr(row, name) or ""), lambda row: getattr(row, name), "text", sort
    )


def _day(key: str, name: str) -> TableColumn:
    def cell(p: Phrasing, row: Any) -> str:
        value = getattr(row, name)
        return p.day(value) if value is not None else ""

    return TableColumn(key, cell, lambda row: getattr(row, name), "day", name)


def _moment(key: str, name: str) -> TableColumn:
    return TableColumn(
        key, lambda p, row: p.moment(getattr(row, name)), lambda row: getattr(row, name), "day", name
    )


def _money(key: str, name: str) -> tuple[TableColumn, TableColumn]:
    """The page shows amount and currency together, the file apart."""

    def cell(p: Phrasing, row: Any) -> str:
        value = getattr(row, name)
        return p.money(value, row.currency) if value is not None else ""

    amount = TableColumn(key, cell, lambda row: getattr(row, name), "number", name)
    return amount, TableColumn("currency", lambda p, row: row.currency, lambda row: row.currency, "file")


WHERE = TableColumn("where", lambda p, row: "", lambda row: "", "where")
_NUMBERED = ("state", "number", "q", "cost_centre", "from", "until")

SPECS: Mapping[str, TableSpec] = {
    spec.name: spec
    for spec in (
        TableSpec(
            "purchases",
            "/purchases",
            "web.nav.purchases",
            Permission.requests_read,
            request_queries.listing,
            _requests,
            present_requests.requests,
            RequestQuery,
            (*_NUMBERED, "requested_by", "mine"),
            (
                _number(),
                _what(),
                _state(),
                *_money("amount", "total_estimate"),
                _requester(),
                _text("cost_centre", "cost_centre", "cost_centre"),
                _day("needed", "needed_by"),
                WHERE,
                TableColumn(
                    "updated",
                    lambda p, row: p.ago(row.updated_at),
                    lambda row: row.updated_at,
                    "ago",
                    "updated_at",
                ),
            ),
            RequestState,
            "request",
            lambda row: f"/purchases/{row.number}",
            lambda row: row.id,
        ),
        TableSpec(
            "rfqs",
            "/lists/rfqs",
            "web.nav.rfqs",
            Permission.rfqs_read,
            rfqs.listing,
            _rfqs,
            present_rfqs.rfqs,
            RfqQuery,
            (*_NUMBERED, "mine"),
            (
                _number(),
                _what(),
                _state(),
                _text("request", "request_number", "request_id"),
                _moment("closes", "quote_by"),
                TableColumn(
                    "answered",
                    lambda p, row: "" if row.answered is None else f"{row.answered}/{len(row.invitations)}",
                    lambda row: row.answered,
                    "number",
                ),
                _day("needed", "needed_by"),
                TableColumn("reason", lambda p, row: row.reason or "", lambda row: row.reason, "file"),
            ),
            RfqState,
            "rfq",
            lambda row: f"/purchases/{row.request_number}",
            portal_link=lambda row: f"/portal/rfqs/{row.id}",
        ),
        TableSpec(
            "quotes",
            "/lists/quotes",
            "web.nav.quotes",
            Permission.rfqs_read,
            quotes.list_quotes,
            _quotes,
            present_quotes.quotes,
            QuoteQuery,
            _NUMBERED,
            (
                _number(),
                _text("vendor", "vendor_name"),
                _state(),
                _text("rfq", "rfq_number", "rfq_id"),
                *_money("amount", "total"),
                TableColumn(
                    "lead_time",
                    lambda p, row: p.quantity(row.lead_time_days, "day"),
                    lambda row: row.lead_time_days,
                    "number",
                    "lead_time_days",
                ),
                _day("valid", "valid_until"),
                _moment("sent", "submitted_at"),
            ),
            QuoteState,
            "quote",
            portal_link=lambda row: f"/portal/rfqs/{row.rfq_id}",
        ),
        TableSpec(
            "orders",
            "/lists/orders",
            "web.nav.orders",
            Permission.orders_read,
            orders.listing,
            _orders,
            present_orders.orders,
            OrderQuery,
            (*_NUMBERED, "mine"),
            (
                _number(),
                _what(),
                _state(),
                _text("vendor", "vendor_name"),
                *_money("amount", "total"),
                _text("request", "request_number", "request_id"),
                _text("person", "requested_by_name"),
                _day("due", "due_on"),
                _moment("made", "created_at"),
            ),
            OrderState,
            "order",
            lambda row: f"/purchases/{row.request_number}",
            portal_link=lambda row: f"/portal/orders/{row.id}",
        ),
        TableSpec(
            "vendors",
            "/lists/vendors",
            "web.nav.vendors",
            Permission.vendors_read,
            vendors.listing,
            _vendors,
            present_vendors.vendors,
            VendorQuery,
            ("state", "q", "category", "country", "currency"),
            (
                _text("name", "name", "name"),
                _state(""),
                _text("category", "category", "category"),
                _text("country", "country", "country"),
                _text("currency", "currency", "currency"),
                TableColumn(
                    "contacts",
                    lambda p, row: ", ".join(each.name for each in row.contacts),
                    lambda row: "; ".join(each.name for each in row.contacts),
                ),
                _day("approved_until", "approved_until"),
            ),
            VendorState,
            "vendor",
        ),
        TableSpec(
            "people",
            "/lists/people",
            "web.nav.people",
            Permission.people_manage,
            team.listing,
            _people,
            present_people.staff,
            StaffQuery,
            ("q", "role", "active"),
            (
                _text("name", "name", "name"),
                _text("email", "email", "email"),
                TableColumn(
                    "roles",
                    lambda p, row: ", ".join(p.say(f"roles.{role}") for role in row.roles),
                    lambda row: "; ".join(row.roles),
                ),
                TableColumn(
                    "chats",
                    lambda p, row: ", ".join(each.capitalize() for each in row.chats),
                    lambda row: "; ".join(row.chats),
                ),
                TableColumn(
                    "active",
                    lambda p, row: p.say("buttons.yes" if row.active else "buttons.no"),
                    lambda row: row.active,
                    "text",
                    "active",
                ),
            ),
        ),
    )
}
