"""How somebody sees a list: columns, density, page size, and saved views with their counts.

One rule: what is kept is checked by the same reading of an address as the page itself.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import quote
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from api.web.room import get, post, problem_of
from api.web.table_pages import counted, draw_table, spec_of, with_person
from api.web.table_query import TableQuery, asked_in
from api.web.table_specs import TableSpec
from api.web.templating import draw
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.kernel.errors import DomainError, FieldError, Invalid, NotFound, Unauthenticated, invalid
from core.table_views import queries, service
from core.table_views.commands import ArrangeTable, RemoveView, SaveView
from core.table_views.model import SavedView
from core.uow import Uow

MOST_NAME = 60
MOST_QUERY = 1000
EXAMPLE = "Open over 1,000"
MOST_COUNTED_VIEWS = 12


async def _staffs_list(visitor: Visitor) -> TableSpec:
    """The list, for those who keep settings; a vendor's contact has none."""
    spec = await spec_of(visitor, str(visitor.request.path_params["kind"]))
    if visitor.actor.is_vendor:
        raise NotFound(what="path")
    return spec


def _query(visitor: Visitor, spec: TableSpec) -> TableQuery:
    """The list from which a form was sent."""
    return asked_in(spec, visitor.typed.get("query", ""))


async def arrange(visitor: Visitor) -> Response:
    spec, form = await _staffs_list(visitor), visitor.typed
    columns = tuple(each.key for each in spec.on_page if form.get(f"column.{each.key}"))
    rows = form.get("rows", "")
    command = ArrangeTable(
        spec.name,
        () if len(columns) == len(spec.on_page) else columns,
        dense=bool(form.get("dense")),
        rows=int(rows) if rows.isascii() and rows.isdecimal() and len(rows) < 6 else 0,
    )

    async def work(uow: Uow, actor: Actor) -> None:
        await service.arrange(uow, actor, command)

    return await _kept(visitor, spec, work)


async def save_view(visitor: Visitor) -> Response:
    spec = await _staffs_list(visitor)
    query = _query(visitor, spec)

    async def work(uow: Uow, actor: Actor) -> None:
        name = " ".join(visitor.typed.get("name", "").split())
        if not name:
            raise invalid("/name", "text.empty", "a view has a name", EXAMPLE)
        if len(name) > MOST_NAME:
            limits = {"max_length": MOST_NAME}
            raise Invalid((FieldError("/name", "text.too_long", "too long", EXAMPLE, limits),))
        wanted = await with_person(uow, actor, query)
        wanted.wanted(1)
        _check_length(wanted)
        await service.save_view(
            uow, actor, SaveView(spec.name, name, wanted.text, bool(visitor.typed.get("shared")))
        )

    return await _kept(visitor, spec, work)


def _check_length(query: TableQuery) -> None:
    """Invalid names the longest filter, and how long it may be beside the others; a cut one would widen the list."""
    if len(query.text) <= MOST_QUERY:
        return
    longest = max(query.chosen, key=lambda name: len(quote(query.chosen[name])))
    typed = query.chosen[longest]
    cut = (replace(query, chosen={**query.chosen, longest: typed[:n]}).text for n in range(len(typed)))
    limits = {"max_length": max(1, sum(len(each) <= MOST_QUERY for each in cut) - 1)}
    raise Invalid((FieldError(f"/{longest}", "text.too_long", "too long", typed[:10], limits),))


async def remove_view(visitor: Visitor) -> Response:
    spec = await _staffs_list(visitor)
    try:
        command = RemoveView(UUID(str(visitor.request.path_params["id"])))
    except ValueError as error:
        raise NotFound(what="view") from error

    async def work(uow: Uow, actor: Actor) -> None:
        await service.remove_view(uow, actor, command)

    return await _kept(visitor, spec, work)


async def _kept(visitor: Visitor, spec: TableSpec, work: Callable[[Uow, Actor], Awaitable[None]]) -> Response:
    """Do it and go back to the list; refused, the list comes back with what was typed."""
    query = _query(visitor, spec)
    try:
        await visitor.run("table_views", work)
    except Unauthenticated:
        raise
    except DomainError as error:
        return await draw_table(visitor, query, problem_of(visitor, error))
    return RedirectResponse(query.address(), 303)


async def views(visitor: Visitor) -> Response:
    """The saved views with how many rows each has now; the page's script asks for it."""
    spec = await _staffs_list(visitor)

    async def work(uow: Uow, actor: Actor) -> tuple[tuple[SavedView, ...], dict[UUID, str]]:
        found = (await queries.arrangement(uow, actor, spec.name)).views
        counts = {each.id: await _count(uow, actor, spec, each) for each in found[:MOST_COUNTED_VIEWS]}
        return found, counts

    found, counts = await visitor.read("table_views", work)
    query = asked_in(spec, str(visitor.request.url.query))
    return draw(visitor, "views.html", spec=spec, query=query, views=found, counts=counts)


async def _count(uow: Uow, actor: Actor, spec: TableSpec, view: SavedView) -> str:
    """A view whose filters mean nothing any more takes no other with it."""
    try:
        return await counted(uow, actor, replace(asked_in(spec, view.query), sort=""))
    except Invalid:
        return "?"


ROUTES = (
    get("/lists/{kind}/views", views),
    post("/lists/{kind}/settings", arrange),
    post("/lists/{kind}/views", save_view),
    post("/lists/{kind}/views/{id}/remove", remove_view),
)
