"""Demand as pages: items with their ranges, one item with its months, the lines behind a month, and a draft.

One rule: a draft is made by the API's own route, as anybody's is; a forecast asks for nothing.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from markupsafe import Markup
from pydantic import BaseModel, ValidationError
from starlette.responses import RedirectResponse, Response

from api.contract.demand import DemandDetailsOut, DemandQuery, NeedsQuery
from api.contract.requests import RequestIn
from api.language import parse_quantity
from api.language.readings import Quantity
from api.present import demand as present
from api.present.demand_charts import svg
from api.server.errors import field_error
from api.server.routes import requests
from api.server.routes.demand import wanted
from api.text.demand import DemandWords, lines
from api.web.room import get, post, problem_of
from api.web.templating import draw
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.demand import queries
from core.demand.model import DemandDetails, DemandFilter, DemandPage, NeedRows
from core.insights import queries as insights
from core.insights.states import Feature
from core.kernel.errors import Invalid, NotFound
from core.people import repo as people
from core.people.model import CostCentreName
from core.uow import Uow

M = TypeVar("M", bound=BaseModel)


async def listing(visitor: Visitor) -> Response:
    """Items and categories; a search by name."""
    sent = visitor.request.query_params
    query = _read_in(
        DemandQuery, {"q": sent.get("q", "").strip()[:100], "category": sent.get("category", "")[:40]}
    )
    chosen = DemandFilter(query.q or "", query.category)

    async def work(uow: Uow, actor: Actor) -> DemandPage:
        if not await insights.enabled(uow, Feature.demand):
            raise NotFound(what="path")
        return await queries.listing(uow, actor, chosen)

    found = await visitor.read("demand", work)
    p = visitor.phrases
    answer = present.page(p.locale)(found)
    return draw(
        visitor,
        "demand.html",
        it=answer,
        q=chosen.text,
        category=chosen.category,
        items=[(each, DemandWords.of(each, p.locale)) for each in answer.items],
        categories=[(each, lines(each, p.locale)) for each in answer.categories],
    )


async def item(visitor: Visitor) -> Response:
    """One item: what is said of it, its months as a chart and a table, and the form of a draft."""
    return await _item_page(visitor, _id(visitor))


async def _item_page(visitor: Visitor, item_id: UUID, refused: Invalid | None = None) -> Response:
    async def work(uow: Uow, actor: Actor) -> tuple[DemandDetails, tuple[CostCentreName, ...]]:
        found = await queries.show(uow, actor, item_id)
        return found, await people.active_cost_centres(uow.connection)

    found, centres = await visitor.read("demand", work)
    p = visitor.phrases
    it = present.details(p.locale)(found)
    problem = problem_of(visitor, refused) if refused is not None else None
    return draw(
        visitor,
        "demand_item.html",
        problem.status if problem is not None else 200,
        it=it,
        words=DemandWords.of(it.item, p.locale),
        said=lines(it.item, p.locale),
        chart=Markup(svg(it, p.locale)),
        months=[(each, _needs_url(it, each.month, each.month)) for each in reversed(it.months)],
        all_needs=_needs_url(it, it.months[-12:][0].month, it.months[-1].month),
        centres=centres,
        typed=visitor.typed,
        problem=problem,
        wrong={each.field.rsplit("/", 1)[-1]: each.message for each in problem.errors} if problem else {},
    )


def _needs_url(it: DemandDetailsOut, first: dt.date, last: dt.date) -> str:
    query = urlencode({"first": first.isoformat(), "last": last.isoformat()})
    return f"/demand/{it.item.id}/needs?{query}"


async def needs(visitor: Visitor) -> Response:
    """The lines behind some months of an item."""
    sent = visitor.request.query_params
    query = _read_in(NeedsQuery, {name: sent.get(name, "") for name in ("first", "last")})
    asked = wanted(_id(visitor), query)

    async def work(uow: Uow, actor: Actor) -> NeedRows:
        return await queries.rows(uow, actor, asked)

    found = present.needs(await visitor.read("demand", work))
    return draw(visitor, "demand_needs.html", it=found, first=asked.first, last=asked.last)


async def draft(visitor: Visitor) -> Response:
    """Make the draft that the form describes, and go to it."""
    item_id = _id(visitor)

    async def work(uow: Uow, actor: Actor) -> DemandDetails:
        return await queries.show(uow, actor, item_id)

    found = await visitor.read("demand", work)
    if found.draft is None or found.known.item is None:
        raise NotFound(what="item")
    call = visitor.call(visitor.typed.get("nonce") or None, await visitor.request.body())
    try:
        answer = await requests.create(call, body=_body(visitor, found))
    except Invalid as error:
        return await _item_page(visitor, item_id, error)
    number = json.loads(bytes(answer.body))["number"]
    return RedirectResponse(f"/purchases/{number}", 303)


def _body(visitor: Visitor, found: DemandDetails) -> RequestIn:
    """The contract's body from the form; the item's name, unit and price are the forecast's."""
    item, wanted_draft, form = found.known.item, found.draft, visitor.typed
    if item is None or wanted_draft is None:
        raise NotFound(what="item")
    written = form.get("quantity", "").strip()
    reading = parse_quantity(written, visitor.phrases.locale)
    line: dict[str, Any] = {
        "description": item.name,
        "quantity": str(reading.value) if isinstance(reading, Quantity) else written,
        "unit": item.unit,
    }
    if wanted_draft.price is not None:
        line["estimated_unit_price"] = str(wanted_draft.price)
    values = {
        "lines": [line],
        "currency": wanted_draft.currency,
        "needed_by": form.get("needed_by", ""),
        "cost_centre": form.get("cost_centre", ""),
    }
    return _read_in(RequestIn, values, "body")


def _id(visitor: Visitor) -> UUID:
    try:
        return UUID(str(visitor.request.path_params["id"]))
    except ValueError as error:
        raise NotFound(what="item") from error


def _read_in(kind: type[M], values: Mapping[str, Any], place: str = "query") -> M:
    """The contract's model of these values; Invalid names the field."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise Invalid(tuple(field_error(each, place) for each in error.errors())) from error


ROUTES = (
    get("/demand", listing),
    get("/demand/{id}", item),
    get("/demand/{id}/needs", needs),
    post("/demand/{id}/draft", draft),
)
