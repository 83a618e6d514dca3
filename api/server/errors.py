"""Refusals at the edge: every DomainError has one status and one sentence, as RFC 9457 problem details.

One rule: the core never names a status and a client never sees a traceback; what nobody foresaw is a 500 with
a reference, and the log has the rest.
"""

import datetime as dt
import http
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.contract.problems import FieldProblem, Problem
from api.server.examples import example_of
from api.text import field_name, fill_commands, locale_of, moment, refusal, value_problem
from core.kernel.clock import SystemClock
from core.kernel.errors import (
    DomainError,
    ErrorKind,
    FieldError,
    Invalid,
    RateLimited,
    Refused,
    Stale,
    Unavailable,
    WrongState,
)
from core.kernel.ids import new_id
from core.log.events import as_json

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
STATUS: Mapping[ErrorKind, int] = MappingProxyType(
    {
        ErrorKind.unreadable: 400,
        ErrorKind.unauthenticated: 401,
        ErrorKind.refused: 403,
        ErrorKind.not_found: 404,
        ErrorKind.conflict: 409,
        ErrorKind.too_large: 413,
        ErrorKind.unsupported_media: 415,
        ErrorKind.invalid: 422,
        ErrorKind.mismatch: 422,
        ErrorKind.rate_limited: 429,
        ErrorKind.unavailable: 503,
    }
)

_OF_STARLETTE = {
    400: "unreadable_body",
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}
_PLURAL = {"policy": "policies", "delivery": "deliveries"}


def code_of(error: DomainError) -> str:
    """The stable code: ``approvals.stale``, ``requests.wrong_state``, or the error's own."""
    if isinstance(error, Stale | WrongState):
        return f"{_PLURAL.get(error.what, error.what + 's')}.{error.code}"
    return error.code


def problem_response(error: DomainError, locale: str, platform: str = "") -> Response:
    """One refusal as problem+json, in the person's language and with the commands of their platform."""
    facts = dict(error.facts())
    fields = _told(error.errors, locale) if isinstance(error, Invalid) else ()
    headers = {}
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unavailable):
        headers["Retry-After"] = "1"
    if error.kind is ErrorKind.unauthenticated:
        headers["WWW-Authenticate"] = "Bearer"
    told = _sentence_facts(facts, locale)
    if isinstance(error, Refused):
        told["able"] = error.able
    if fields:
        told |= {"field": field_name(fields[0].field, locale), "message": fields[0].message}
    sentence = refusal(error.code, told, locale, now=SystemClock().now())
    detail = fill_commands(sentence, platform)
    return _problem(STATUS[error.kind], code_of(error), detail, facts, fields, headers)


def _told(found: Sequence[FieldError], locale: str) -> tuple[FieldError, ...]:
    """The same errors with what is wrong in the reader's language."""
    return tuple(
        replace(each, message=value_problem(each.code, each.limits, each.message, locale)) for each in found
    )


def _problem(
    status: int,
    code: str,
    detail: str,
    facts: Mapping[str, object],
    fields: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    problem = Problem(
        type=f"urn:parley:problem:{code}",
        title=http.HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=detail,
        facts=_plain(facts) if not fields else {},
        errors=tuple(
            FieldProblem(field=f.field, code=f.code, message=f.message, example=f.example) for f in fields
        ),
    )
    return Response(problem.model_dump_json(), status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: as_json(value) for name, value in facts.items()}


def _sentence_facts(facts: Mapping[str, object], locale: str) -> dict[str, object]:
    """Facts for a sentence: moments in words, except ``at``, which the sentence tells as how long ago."""
    return {
        name: _moment(name, value, locale) if isinstance(value, dt.datetime) else value
        for name, value in facts.items()
    }


def _moment(name: str, value: dt.datetime, locale: str) -> str:
    return value.isoformat() if name == "at" else moment(value, locale, "UTC")


def locale_from(request: Request) -> str:
    """The signed-in person's language, else the browser's or bot's, else English."""
    wanted = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
    return locale_of(wanted, getattr(request.state, "locale", None))


def platform_from(request: Request) -> str:
    """The chat platform whose bot asks, so that a refusal names commands as they are typed there."""
    return request.headers.get("x-parley-channel", "")


def _detail(code: str, facts: Mapping[str, object], request: Request) -> str:
    """The sentence of a refusal that no DomainError stands for."""
    return fill_commands(refusal(code, facts, locale_from(request)), platform_from(request))


def pointer(location: Sequence[Any]) -> str:
    """A validation error's place as a JSON pointer; query and path parameters by their name."""
    parts = [str(part) for part in location[1:]] if location else []
    return "/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def field_error(error: Mapping[str, Any], *within: str) -> FieldError:
    """What a model says of one value; ``within``: the part of the request that the model read alone."""
    context = {name: value for name, value in (error.get("ctx") or {}).items() if name != "error"}
    return FieldError(
        field=pointer((*within, *error["loc"])),
        code=str(error["type"]),
        message=str(error["msg"])[:300],
        example=context.get("example"),
        limits=context,
    )


def _without_duplicates(found: Sequence[Any]) -> list[Any]:
    """A list is called too short when its only item was refused; the item's own error says it all."""
    places = [tuple(item["loc"]) for item in found]

    def echoes(item: Mapping[str, Any]) -> bool:
        place = tuple(item["loc"])
        inside = (other != place and other[: len(place)] == place for other in places)
        return item["type"] == "too_short" and any(inside)

    return [item for item in found if not echoes(item)]


async def on_domain_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, DomainError):
        raise error
    if isinstance(error, Invalid):
        error = _with_examples(request, error)
    return problem_response(error, locale_from(request), platform_from(request))


async def on_invalid(request: Request, error: Exception) -> Response:
    """A body that cannot be read is 400; one whose values cannot be taken is 422."""
    if not isinstance(error, RequestValidationError):
        raise error
    found = _without_duplicates(error.errors())
    if any(item["type"] == "json_invalid" for item in found):
        return _problem(400, "unreadable_body", _detail("unreadable_body", {}, request), {})
    invalid = _with_examples(request, Invalid(tuple(field_error(item) for item in found[:50])))
    return problem_response(invalid, locale_from(request), platform_from(request))


def _with_examples(request: Request, error: Invalid) -> Invalid:
    """Each wrong value with an example: its own, else the contract's."""
    return Invalid(
        tuple(
            each if each.example else replace(each, example=example_of(request, each.field))
            for each in error.errors
        )
    )


async def on_http_error(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: unknown paths and methods."""
    if not isinstance(error, HTTPException):
        raise error
    code = _OF_STARLETTE.get(error.status_code, "unreadable_body")
    facts = {"what": "path"} if code == "not_found" else {}
    detail = _detail(code, facts, request)
    return _problem(error.status_code, code, detail, facts, headers=error.headers)


async def on_unexpected_error(request: Request, error: Exception) -> Response:
    """Nobody foresaw this: the person gets a reference, the log gets the rest."""
    reference = str(new_id())
    route = getattr(request.scope.get("route"), "path", "")  # never what somebody wrote into the address
    log.exception("unforeseen", reference=reference, route=route, exc_info=error)
    facts = {"reference": reference}
    return _problem(500, "internal", _detail("internal", facts, request), facts)


def install(app: FastAPI) -> None:
    """Register the four handlers."""
    app.add_exception_handler(DomainError, on_domain_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(Exception, on_unexpected_error)
