"""Any of the lists as a page with filters in its address, and as a file of exactly what the filters leave.

One rule: a filter that cannot be taken is named beside its field, and never widens the list.
"""

import csv
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api.contract.values import Listing, UnshownRow
from api.server.errors import pointer
from api.web import step_up
from api.web.room import get, problem_of
from api.web.table_specs import SPECS, TableSpec
from api.web.templating import draw
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.guard import check_permission
from core.access.permissions import Permission
from core.kernel.errors import FieldError, Invalid, NotFound
from core.uow import Uow
from core.worklist import queries as worklist
from core.worklist.model import WhereNow

ROWS = 50
PAGE_OF_FILE = 200
MOST_PAGES = 50
"""Of a file: 10,000 rows."""
MOST_COUNTED = 50


@dataclass(frozen=True)
class FoundRows:
    """A page of a list, where its purchases are now, and what each filter hides of an empty one."""

    listing: Listing[Any]
    where: Mapping[UUID, tuple[WhereNow, ...]]
    hidden: Mapping[str, str]


async def _spec(visitor: Visitor, name: str) -> TableSpec:
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


def _chosen(visitor: Visitor, spec: TableSpec) -> dict[str, str]:
    """The filters that are set; an empty field is none."""
    sent = visitor.request.query_params
    chosen = {name: sent[name].strip() for name in spec.filters if sent.get(name, "").strip()}
    return chosen | ({"number": chosen["number"].upper()} if "number" in chosen else {})


def _query(spec: TableSpec, chosen: Mapping[str, str], **more: Any) -> Any:
    """The list's query as the contract reads it; Invalid names the filter."""
    try:
        return spec.query.model_validate({**chosen, **more})
    except ValidationError as error:
        raise Invalid(tuple(field_error(each) for each in error.errors())) from error


def field_error(error: Mapping[str, Any]) -> FieldError:
    context = error.get("ctx") or {}
    return FieldError(
        pointer(("query", *error["loc"])), str(error["type"]), str(error["msg"])[:300], limits=context
    )


async def purchases(visitor: Visitor) -> Response:
    return await _table(visitor, await _spec(visitor, "purchases"))


async def table(visitor: Visitor) -> Response:
    name, _, kind = str(visitor.request.path_params["name"]).partition(".")
    if kind not in ("", "csv"):
        raise NotFound(what="path")
    spec = await _spec(visitor, name)
    return await (_file(visitor, spec) if kind else _table(visitor, spec))


async def _table(visitor: Visitor, spec: TableSpec) -> Response:
    chosen, problem = _chosen(visitor, spec), None
    found = FoundRows(Listing[Any](items=()), {}, {})
    try:
        cursor = visitor.request.query_params.get("cursor") or None
        query = _query(spec, chosen, limit=ROWS, cursor=cursor)
        found = await visitor.read(spec.name, _reading(spec, query, {} if cursor else chosen))
        await visitor.report(found.listing)
    except Invalid as error:
        problem = problem_of(visitor, error)
    return draw(
        visitor,
        "table.html",
        problem.status if problem is not None else 200,
        spec=spec,
        rows=found.listing.items,
        unshown=found.listing.unshown,
        where=found.where,
        hidden=found.hidden,
        chosen=chosen,
        wrong={each.field.strip("/"): each.message for each in problem.errors} if problem else {},
        problem=problem,
        first_page="cursor" not in visitor.request.query_params,
        next_url=_url(spec.path, {**chosen, "cursor": found.listing.next_cursor})
        if found.listing.next_cursor
        else "",
        file_url=_url(f"/lists/{spec.name}.csv", chosen),
        without={
            name: _url(spec.path, {other: value for other, value in chosen.items() if other != name})
            for name in chosen
        },
    )


def _reading(
    spec: TableSpec, query: BaseModel, chosen: Mapping[str, str]
) -> Callable[[Uow, Actor], Awaitable[FoundRows]]:
    async def work(uow: Uow, actor: Actor) -> FoundRows:
        listing = spec.present(await spec.read(uow, actor, spec.wanted(query)))
        if not listing.items:
            return FoundRows(listing, {}, {name: await without(uow, actor, name) for name in chosen})
        if spec.request_id is None:
            return FoundRows(listing, {}, {})
        ids = [spec.request_id(row) for row in listing.items]
        return FoundRows(listing, await worklist.where_now(uow, actor, ids), {})

    async def without(uow: Uow, actor: Actor, name: str) -> str:
        """How many rows there would be without one filter; where they are many, that many and more."""
        others = {other: value for other, value in chosen.items() if other != name}
        page = await spec.read(uow, actor, spec.wanted(_query(spec, others, limit=MOST_COUNTED)))
        return f"{len(page.items)}{'+' if page.next_cursor else ''}"

    return work


async def _file(visitor: Visitor, spec: TableSpec) -> Response:
    """Every row that the filters leave, newest first; where there are too many, the last line says so."""
    if spec.right is Permission.people_manage:
        await step_up.check(visitor)
    chosen = _chosen(visitor, spec)
    query = _query(spec, chosen, limit=PAGE_OF_FILE)

    async def work(uow: Uow, actor: Actor) -> Listing[Any]:
        rows: list[Any] = []
        unshown: list[UnshownRow] = []
        cursor = None
        for _ in range(MOST_PAGES):
            wanted = query.model_copy(update={"cursor": cursor})
            page = spec.present(await spec.read(uow, actor, spec.wanted(wanted)))
            rows += page.items
            unshown += page.unshown
            cursor = page.next_cursor
            if cursor is None:
                break
        return Listing[Any](items=tuple(rows), unshown=tuple(unshown), next_cursor=cursor)

    found = await visitor.read(spec.name, work)
    await visitor.report(found)
    columns = [each for each in spec.columns if each.kind != "where"]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([visitor.phrases.say(f"web.column.{each.key}") for each in columns])
    writer.writerows([safe_cell(each.raw(row)) for each in columns] for row in found.items)
    if found.unshown:
        writer.writerow([visitor.phrases.say("web.unshown", n=len(found.unshown)), *_numbers(found.unshown)])
    if found.next_cursor is not None:
        writer.writerow([visitor.phrases.say("web.file.more", n=len(found.items))])
    headers = {"Content-Disposition": f'attachment; filename="{spec.name}.csv"'}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _numbers(rows: Sequence[UnshownRow]) -> list[str]:
    return [row.number or str(row.id) for row in rows]


def safe_cell(value: object) -> str:
    """What a spreadsheet would run as a formula is marked as text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _url(path: str, query: Mapping[str, str | None]) -> str:
    kept = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


ROUTES = (get("/purchases", purchases), get("/lists/{name}", table))
