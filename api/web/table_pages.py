"""Any of the lists as a page with filters and order in its address, and as a file of exactly what is shown.

One rule: a filter that cannot be taken is named beside its field, and never widens the list.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from starlette.responses import Response

from api.contract.problems import Problem
from api.contract.values import Listing, UnshownRow
from api.web import step_up, table_files
from api.web.room import get, problem_of
from api.web.table_query import PERSON, TableQuery, asked, url
from api.web.table_specs import SPECS, TableColumn, TableSpec
from api.web.templating import draw
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.guard import check_permission
from core.access.permissions import Permission
from core.kernel.errors import Invalid, NotFound, invalid
from core.proxies import queries as proxies
from core.proxies.commands import FindColleagues
from core.table_views import queries as table_views
from core.table_views.model import TableArrangement, TableSettings
from core.table_views.service import ROWS
from core.uow import Uow
from core.worklist import queries as worklist
from core.worklist.model import WhereNow

PAGE_OF_FILE = 200
MOST_PAGES = 50
"""Of a file: 10,000 rows."""
MOST_COUNTED = 50
NOTHING = TableArrangement(TableSettings(), ())


@dataclass(frozen=True)
class FoundRows:
    """A page of a list, where its purchases are now, what each filter hides of an empty one, and how it is seen."""

    query: TableQuery
    listing: Listing[Any]
    where: Mapping[UUID, tuple[WhereNow, ...]]
    hidden: Mapping[str, str]
    arrangement: TableArrangement


async def spec_of(visitor: Visitor, name: str) -> TableSpec:
    """The list, if this person may read it; a refusal is recorded as in the API."""
    spec = SPECS.get(name)
    if spec is None:
        raise NotFound(what="path")
    if not visitor.actor.may(spec.right):
        await visitor.read(spec.name, _refusal(spec))
    return spec


def _refusal(spec: TableSpec) -> Callable[[Uow, Actor], Awaitable[None]]:
    async def work(uow: Uow, actor: Actor) -> None:
        check_permission(actor, spec.right)

    return work


async def purchases(visitor: Visitor) -> Response:
    spec = await spec_of(visitor, "purchases")
    return await draw_table(visitor, asked(spec, visitor.request.query_params))


async def table(visitor: Visitor) -> Response:
    name, _, kind = str(visitor.request.path_params["name"]).partition(".")
    if kind not in ("", *table_files.MEDIA_TYPES):
        raise NotFound(what="path")
    spec = await spec_of(visitor, name)
    query = asked(spec, visitor.request.query_params)
    return await (_file(visitor, query, kind) if kind else draw_table(visitor, query))


async def draw_table(visitor: Visitor, query: TableQuery, problem: Problem | None = None) -> Response:
    """The page; ``problem``: a form of it was refused, and stands there as it was typed."""
    spec, refused = query.spec, problem
    found = FoundRows(query, Listing[Any](items=()), {}, {}, NOTHING)
    try:
        found = await visitor.read(spec.name, _reading(query))
        await visitor.report(found.listing)
    except Invalid as error:
        problem = problem_of(visitor, error)
    query, listing, settings = found.query, found.listing, found.arrangement.settings
    return draw(
        visitor,
        "table.html",
        problem.status if problem is not None else 200,
        spec=spec,
        link=spec.portal_link if visitor.actor.is_vendor else spec.link,
        query=query,
        columns=shown_columns(spec, settings),
        settings=settings,
        page_sizes=ROWS,
        views=found.arrangement.views,
        counts={},
        arranges=not visitor.actor.is_vendor,
        names_people="requested_by" in spec.filters and visitor.actor.may(Permission.requests_create),
        rows=listing.items,
        unshown=listing.unshown,
        where=found.where,
        hidden=found.hidden,
        chosen=query.chosen,
        wrong={each.field.strip("/"): each.message for each in problem.errors} if problem else {},
        problem=problem,
        typed=visitor.typed if refused is not None else {},
        first_page=query.cursor is None,
        next_url=query.address(cursor=listing.next_cursor) if listing.next_cursor else "",
        files={kind: url(f"/lists/{spec.name}.{kind}", query.kept) for kind in table_files.MEDIA_TYPES},
        without={name: query.address(**{name: None}) for name in query.chosen},
    )


def shown_columns(spec: TableSpec, settings: TableSettings) -> tuple[TableColumn, ...]:
    """The first column is always there, because it leads to the row's page."""
    wanted = settings.columns or tuple(each.key for each in spec.on_page)
    return tuple(each for place, each in enumerate(spec.on_page) if place == 0 or each.key in wanted)


def _reading(query: TableQuery) -> Callable[[Uow, Actor], Awaitable[FoundRows]]:
    spec = query.spec

    async def work(uow: Uow, actor: Actor) -> FoundRows:
        wanted = await with_person(uow, actor, query)
        seen = await table_views.arrangement(uow, actor, spec.name)
        page = await spec.read(uow, actor, wanted.wanted(seen.settings.rows, query.cursor))
        listing = spec.present(page)
        if not listing.items:
            hidden = (
                {}
                if query.cursor
                else {name: await without(uow, actor, wanted, name) for name in wanted.chosen}
            )
            return FoundRows(wanted, listing, {}, hidden, seen)
        ids = [spec.request_id(row) for row in listing.items] if spec.request_id is not None else []
        shown = ids and any(each.kind == "where" for each in shown_columns(spec, seen.settings))
        where = await worklist.where_now(uow, actor, ids) if shown else {}
        return FoundRows(wanted, listing, where, {}, seen)

    async def without(uow: Uow, actor: Actor, wanted: TableQuery, name: str) -> str:
        """How many rows there would be without one filter."""
        return await counted(uow, actor, wanted, name)

    return work


async def counted(uow: Uow, actor: Actor, query: TableQuery, without: str = "") -> str:
    """How many rows a query leaves; where they are many, that many and more."""
    page = await query.spec.read(uow, actor, query.wanted(MOST_COUNTED, without=without))
    return f"{len(page.items)}{'+' if page.next_cursor else ''}"


async def with_person(uow: Uow, actor: Actor, query: TableQuery) -> TableQuery:
    """A typed name as the filter that it stands for; Invalid when nobody, or more than one, has it."""
    if not query.person:
        return query
    found = await proxies.find(uow, actor, FindColleagues(query.person))
    exactly = [each for each in found.items if each.name.casefold() == query.person.casefold()]
    people = exactly or found.items
    if len(people) != 1:
        why, told = (
            ("person.unknown", "nobody has this name")
            if not people
            else ("person.several", "several have it")
        )
        raise invalid(f"/{PERSON}", why, told, people[0].name if people else "Rosa Keller")
    return replace(query, chosen={**query.chosen, "requested_by": str(people[0].person_id)}, person="")


async def names(visitor: Visitor) -> Response:
    """Names that have what was typed, for the field's list of proposals."""
    typed = visitor.request.query_params.get(PERSON, "").strip()[:100]

    async def work(uow: Uow, actor: Actor) -> list[str]:
        return [each.name for each in (await proxies.find(uow, actor, FindColleagues(typed))).items]

    return draw(visitor, "names.html", names=await visitor.read("requests", work) if typed else [])


async def _file(visitor: Visitor, query: TableQuery, kind: str) -> Response:
    """Every row that the filters leave, in the order of the page; where there are too many, the last line says so.

    All of it is read in one state, so that a row that moves meanwhile is in the file once.
    """
    spec = query.spec
    if spec.right is Permission.people_manage:
        await step_up.check(visitor)

    async def work(uow: Uow, actor: Actor) -> tuple[Listing[Any], TableSettings]:
        wanted = await with_person(uow, actor, query)
        settings = (await table_views.arrangement(uow, actor, spec.name)).settings
        rows: list[Any] = []
        unshown: list[UnshownRow] = []
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = spec.present(await spec.read(uow, actor, wanted.wanted(PAGE_OF_FILE, cursor)))
            rows += page.items
            unshown += page.unshown
            cursor = page.next_cursor
            if cursor is None:
                break
        return Listing[Any](items=tuple(rows), unshown=tuple(unshown), next_cursor=cursor), settings

    listing, settings = await visitor.read(spec.name, work, snapshot=True)
    await visitor.report(listing)
    shown = {each.key for each in shown_columns(spec, settings) if each.kind != "where"}
    shown |= {each.key for each in spec.columns if each.kind == "file"}
    if "amount" not in shown:
        shown.discard("currency")
    columns = [each for each in spec.columns if each.key in shown]
    write = table_files.as_csv if kind == "csv" else table_files.as_xlsx
    content = await asyncio.to_thread(write, visitor.phrases, columns, listing)
    headers = {"Content-Disposition": f'attachment; filename="{spec.name}.{kind}"'}
    return Response(content, media_type=table_files.MEDIA_TYPES[kind], headers=headers)


ROUTES = (
    get("/purchases", purchases),
    get("/lists/names", names),
    get("/lists/{name}", table),
)
