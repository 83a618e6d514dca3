"""Serves an Endpoint: path, method, status, answer and refusals come from the contract's value."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query

from api.contract.endpoints import Endpoint
from api.contract.values import NumberedQuery
from core.db.pages import PageQuery
from core.kernel.pagination import DEFAULT_LIMIT, MAX_LIMIT

F = TypeVar("F", bound=Callable[..., Any])

Cursor = Annotated[str | None, Query(max_length=100, description="next_cursor of the page before")]
Counted = Annotated[bool, Query(description="Also count the list: first and total")]
PageLimit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Rows on a page")]
LIMIT = DEFAULT_LIMIT


def days(query: NumberedQuery) -> tuple[dt.datetime | None, dt.datetime | None]:
    """The first moment of the first day, and the first one after the last day."""
    since = _midnight(query.from_) if query.from_ is not None else None
    last = query.until
    return since, _midnight(last + dt.timedelta(days=last < dt.date.max)) if last is not None else None


def narrowed(query: NumberedQuery) -> dict[str, Any]:
    """What every list of numbered things can be limited to, for its filter."""
    since, until = days(query)
    return {
        "page": PageQuery(query.cursor, query.limit, query.counted),
        "number": query.number,
        "text": query.q,
        "vendor_id": query.vendor_id,
        "cost_centre": query.cost_centre,
        "person": query.requested_by,
        "since": since,
        "until": until,
    }


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


_WHY = {
    400: "The body is not JSON.",
    401: "No token, or one that no longer counts.",
    403: "A right is missing, or a policy says no; the sentence says which and who can.",
    404: "Unknown, or not yours to see.",
    409: "The world moved on: stale version, wrong state, key in flight.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "One or more values cannot be taken; each error names its field and shows an example.",
    429: "Too many tries; see Retry-After.",
    500: "Nobody foresaw this; the reference finds it in the log.",
    503: "Busy for a moment; the same key may be sent again.",
}


_SOMETIMES = (403, 413, 415)
_PROBLEM: dict[str, Any] = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def refusals(*sometimes: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of an operation for OpenAPI; ``sometimes`` names those that not every operation has."""
    return {
        status: {**_PROBLEM, "description": why}
        for status, why in _WHY.items()
        if status not in _SOMETIMES or status in sometimes
    }


def serve(
    router: APIRouter, endpoint: Endpoint[Any, Any], *, tag: str, public: bool = False
) -> Callable[[F], F]:
    """Register a handler for an endpoint of the contract."""
    extra = () if public else (403,)
    body = () if endpoint.body is type(None) else (413, 415)
    answers = refusals(*extra, *body)

    def register(handler: F) -> F:
        router.add_api_route(
            endpoint.path,
            handler,
            methods=[endpoint.method],
            status_code=endpoint.status,
            response_model=None if endpoint.response is type(None) else endpoint.response,
            responses=answers,
            tags=[tag],
            operation_id=operation_id(endpoint),
            summary=(handler.__doc__ or "").strip().split("\n")[0],
        )
        return handler

    return register


def operation_id(endpoint: Endpoint[Any, Any]) -> str:
    """A stable name made from method and path."""
    words = [word.strip("{}") for word in endpoint.path.replace("-", "_").split("/") if word]
    return "_".join([endpoint.method.lower(), *words]).replace(".", "_")
