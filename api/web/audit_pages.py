"""The log for auditors: searched, of one purchase, verified, and taken along with its proofs. Reads only.

One rule: everything here is what the API tells; a page adds a form for the question and a table for the answer.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from pydantic import ValidationError
from starlette.responses import Response

from api.contract import operations as wire
from api.present import operations as present
from api.server.errors import pointer
from api.server.rate_limits import LOGIN
from api.server.routes import operations as routes
from api.text import has_key
from api.web.room import get, problem_of
from api.web.templating import draw
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.guard import check_permission
from core.access.permissions import Permission
from core.audit import queries
from core.event_types import concrete_classes
from core.kernel.errors import FieldError, Invalid, NotFound
from core.log.events import Event
from core.uow import Uow

ADDRESS = "/audit-log"
FIELDS = ("person", "action", "subject", "from", "until")
MOST_DATA = 2_000
ROWS = 40
"""With what they contain, more of them would be heavier than a page may be."""


async def search(visitor: Visitor) -> Response:
    """What the fields of the address leave, newest first."""
    sent = visitor.request.query_params
    chosen = {name: sent[name].strip() for name in FIELDS if sent.get(name, "").strip()}
    found, problem = wire.FoundEventsOut(items=(), next_before=None), None
    try:
        wanted = _query(chosen, sent.get("before") or None)

        async def work(uow: Uow, actor: Actor) -> wire.FoundEventsOut:
            return present.found_events(await queries.search_events(uow, actor, routes.searched(wanted)))

        found = await visitor.read("audit", work)
    except Invalid as error:
        problem = problem_of(visitor, error)
    return draw(
        visitor,
        "audit.html",
        problem.status if problem is not None else 200,
        events=found.items,
        told={each.id: _told(each.data) for each in found.items},
        about={each.id: _about(visitor, each) for each in found.items},
        chosen=chosen,
        fields=FIELDS,
        types=_types(),
        problem=problem,
        wrong={each.field.strip("/"): each.message for each in problem.errors} if problem else {},
        purchase=_purchase(chosen, found),
        verifies=visitor.actor.may(Permission.audit_verify),
        older=f"{ADDRESS}?{urlencode({**chosen, 'before': found.next_before})}" if found.next_before else "",
        first_page="before" not in sent,
    )


@cache
def _types() -> tuple[str, ...]:
    """Everything that can stand in the log, by name."""
    return tuple(sorted({each.type for each in concrete_classes(Event)}))


def _purchase(chosen: Mapping[str, str], found: wire.FoundEventsOut) -> UUID | None:
    """The thing whose whole story is looked at, for its bundle."""
    if "subject" not in chosen or not found.items:
        return None
    return found.items[0].request_id or UUID(str(found.items[0].subject["id"]))


def _about(visitor: Visitor, event: wire.EventOut) -> str:
    """The number of the thing, else what kind of thing it is."""
    number, kind = event.data.get("number"), str(event.subject["kind"])
    if isinstance(number, str) and number:
        return number
    return visitor.phrases.say(f"things.{kind}") if has_key(f"things.{kind}") else kind


def _told(data: Mapping[str, object]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)[:MOST_DATA]


def _query(chosen: Mapping[str, str], before: str | None) -> wire.EventQuery:
    told: dict[str, Any] = {**chosen, "before": before, "limit": ROWS}
    try:
        return wire.EventQuery.model_validate({name: value for name, value in told.items() if value})
    except ValidationError as error:
        raise Invalid(
            tuple(
                FieldError(pointer(("query", *each["loc"])), each["type"], each["msg"][:300])
                for each in error.errors()
            )
        ) from error


async def verify(visitor: Visitor) -> Response:
    """Check the whole log, or what came after a head that the reader kept."""
    await _check(visitor, Permission.audit_verify)
    sent = visitor.request.query_params
    kept, verdict, problem = sent.get("after", "").strip()[:100], None, None
    if "run" in sent:
        visitor.services.limits.check(f"verify:{visitor.actor.label}", LOGIN)
        try:
            answer = await routes.verify(visitor.call(None, b""), after=_kept(kept))
            verdict = wire.VerifyOut.model_validate_json(bytes(answer.body))
        except Invalid as error:
            problem = problem_of(visitor, error)
    return draw(
        visitor,
        "verify.html",
        problem.status if problem is not None else 200,
        verdict=verdict,
        kept=kept,
        head=f"{verdict.events}:{verdict.head}"
        if verdict is not None and verdict.ok and verdict.head
        else "",
        problem=problem,
    )


def _kept(text: str) -> str | None:
    """``events:head`` as the page showed it last time."""
    if not text:
        return None
    position, _, chain = text.partition(":")
    whole = position.isascii() and position.isdecimal() and 0 < len(position) < 19 and len(chain) == 64
    if not whole or position[0] == "0" or any(sign not in "0123456789abcdef" for sign in chain):
        raise Invalid(
            (FieldError("/after", "string_pattern_mismatch", "is no head of the log", f"1845:{64 * 'a'}"),)
        )
    return text


async def bundle(visitor: Visitor) -> Response:
    """A file with all events of one thing and their proofs."""
    await _check(visitor, Permission.audit_verify)
    try:
        wanted = UUID(str(visitor.request.path_params["id"]))
    except ValueError as error:
        raise NotFound(what="path") from error
    answer = await routes.bundle(visitor.call(None, b""), id=wanted)
    answer.headers["Content-Disposition"] = f'attachment; filename="parley-{wanted}.json"'
    return answer


async def _check(visitor: Visitor, right: Permission) -> None:
    """A right that is missing is refused before anything else is looked at."""

    async def work(uow: Uow, actor: Actor) -> None:
        check_permission(actor, right)

    if not visitor.actor.may(right):
        await visitor.read("audit", work)


ROUTES = (
    get("/audit-log", search),
    get("/audit-log/verify", verify),
    get("/audit-log/bundles/{id}", bundle),
)
