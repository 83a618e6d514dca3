"""Serves plain calls without the framework's way to them: found by the path's words, read and answered at once.

One rule: only what FastAPI would accept in the same way is served here; all else is FastAPI's, refusals of values too.

A route is plain when its handler takes the caller, ids of the path, one JSON body or the model of its query, and
answers with a response.
FastAPI's search through all routes, its dependencies, exit stacks and nested handlers of errors cost such a call as
much as the statements that it sends.
"""

import inspect
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, get_args, get_origin
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request
from fastapi.params import Query
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from api.server import errors
from api.server.deps.actor import bearer_of
from api.server.deps.call import call, is_call
from api.server.middleware import BODY
from core.kernel.errors import DomainError

_ID_LENGTH = 36
_PLACE = "{}"


class NotPlain(Exception):
    """FastAPI reads this request itself, and says what is wrong with it."""


@dataclass(frozen=True)
class PlainRoute:
    """A route whose handler takes a call, ids, and a body or a query."""

    route: APIRoute
    handler: Callable[..., Awaitable[Response]]
    call: str
    ids: tuple[str, ...]
    body: tuple[str, type[BaseModel]] | None
    query: tuple[str, type[BaseModel]] | None

    def values(self, words: tuple[str, ...], body: bytes, query: bytes) -> dict[str, object]:
        """The handler's arguments; NotPlain when they cannot be taken as they are."""
        values: dict[str, object] = {name: _id(word) for name, word in zip(self.ids, words, strict=True)}
        try:
            if self.body is not None:
                name, model = self.body
                values[name] = model.model_validate(json.loads(body))
            if self.query is not None:
                name, model = self.query
                values[name] = model.model_validate(_said_once(query))
        except (ValidationError, ValueError, RecursionError, DomainError) as error:
            raise NotPlain() from error
        return values


PlainRoutes = Mapping[tuple[str, str], PlainRoute]
"""By method and path, whose id is ``{}``."""


def plain_route(route: BaseRoute) -> PlainRoute | None:
    """The route, if it is plain."""
    if not isinstance(route, APIRoute):
        return None
    signature = inspect.signature(route.endpoint)
    places = tuple(word[1:-1] for word in route.path.split("/") if word.startswith("{"))
    calls, bodies, queries, ids = [], [], [], []
    for name, parameter in signature.parameters.items():
        kind = parameter.annotation
        if is_call(kind):
            calls.append(name)
        elif name in places and kind is UUID:
            ids.append(name)
        elif isinstance(kind, type) and issubclass(kind, BaseModel) and parameter.default is parameter.empty:
            bodies.append((name, kind))
        elif (model := _query_model(kind)) is not None:
            queries.append((name, model))
        else:
            return None
    whole = len(calls) == 1 and len(bodies) + len(queries) <= 1 and tuple(ids) == places and len(ids) <= 1
    if not whole or signature.return_annotation is not Response:
        return None
    body, query = next(iter(bodies), None), next(iter(queries), None)
    return PlainRoute(route, route.endpoint, calls[0], places, body, query)


def _query_model(kind: object) -> type[BaseModel] | None:
    """The model of ``Annotated[Model, Query()]``."""
    if get_origin(kind) is not Annotated:
        return None
    model, *marks = get_args(kind)
    fits = isinstance(model, type) and issubclass(model, BaseModel) and len(marks) == 1
    return model if fits and isinstance(marks[0], Query) else None


def _said_once(query: bytes) -> dict[str, str]:
    """The parameters of a query as Starlette reads them; NotPlain when one is there twice."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    values = dict(pairs)
    if len(values) < len(pairs):
        raise NotPlain()
    return values


def plain_routes(routes: Iterable[BaseRoute]) -> PlainRoutes:
    """The plain ones of these routes, by method and path."""
    found: dict[tuple[str, str], PlainRoute] = {}
    for each in routes:
        plain = plain_route(each)
        if plain is not None:
            words = (_PLACE if word.startswith("{") else word for word in plain.route.path.split("/"))
            path = "/".join(words)
            found |= {(method, path): plain for method in plain.route.methods or ()}
    return found


class DirectRoutes:
    """Serves the plain routes, and hands everything else on."""

    def __init__(self, app: ASGIApp, routes: PlainRoutes) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        plain, words = found
        try:
            values = plain.values(words, scope.get(BODY, b""), scope["query_string"])
        except NotPlain:
            await self._app(scope, receive, send)
            return
        scope["route"] = plain.route
        response = await _answer(plain, values, Request(scope, receive))
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> tuple[PlainRoute, tuple[str, ...]] | None:
        """The route of this path, with the id that stands in its place, if it has one."""
        method, path = scope["method"], scope["path"]
        exact = self._routes.get((method, path))
        if exact is not None:
            return None if exact.ids else (exact, ())  # a path may be written like a pattern
        words = path.split("/")
        for number in range(len(words) - 1, 0, -1):
            if len(words[number]) == _ID_LENGTH:
                pattern = "/".join((*words[:number], _PLACE, *words[number + 1 :]))
                found = self._routes.get((method, pattern))
                return None if found is None else (found, (words[number],))
        return None


async def _answer(plain: PlainRoute, values: dict[str, object], request: Request) -> Response:
    """What the handler answers, or the refusal; what nobody foresaw goes on to the outermost handler."""
    try:
        key = request.headers.get("idempotency-key")
        made = await call(request, await bearer_of(request), key)
        return await plain.handler(**{plain.call: made}, **values)
    except DomainError as error:
        return await errors.on_domain_error(request, error)


def _id(word: str) -> UUID:
    """An id as it is usually written; FastAPI knows other ways."""
    try:
        found = UUID(word)
    except ValueError as error:
        raise NotPlain() from error
    if str(found) != word:
        raise NotPlain()
    return found
