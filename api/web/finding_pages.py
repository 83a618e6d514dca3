"""What looked unusual as pages: the list with its rules, and one finding with its facts and what may be said to it.

One rule: a page shows what the API tells and runs the API's own routes; with findings switched off there is none.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel, ValidationError
from starlette.responses import RedirectResponse, Response

from api.contract import findings as wire
from api.contract.values import Listing
from api.present import findings as present
from api.server.errors import field_error
from api.server.routes import findings as routes
from api.text.findings import finding_sentence
from api.web.room import get, post, problem_of
from api.web.templating import draw
from api.web.typed_numbers import whole
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.checks.model import CheckRule
from core.findings import queries
from core.findings.repo import FindingFilter
from core.findings.states import WAITING, FindingState
from core.kernel.errors import DomainError, Invalid, NotFound
from core.uow import Uow

ADDRESS = "/findings"
SHOWN = ("waiting", "confirmed", "fine")
HANDLERS: Mapping[str, tuple[Callable[..., Awaitable[Response]], type[BaseModel]]] = {
    "dismiss": (routes.dismiss, wire.DismissFindingIn),
    "confirm": (routes.confirm, wire.ReviewFindingIn),
    "hold": (routes.hold, wire.ReviewFindingIn),
}
BUTTONS = {
    "hold": "buttons.hold_finding",
    "dismiss": "buttons.fine_because",
    "confirm": "buttons.confirm_finding",
}


@dataclass(frozen=True)
class FindingList:
    """A page of findings, and every rule."""

    findings: Listing[wire.FindingOut]
    rules: tuple[wire.FindingRuleOut, ...]


async def listing(visitor: Visitor) -> Response:
    """Those that wait, unless the address names others; each rule with its precision below."""
    return await _list(visitor, None)


async def _list(visitor: Visitor, error: DomainError | None) -> Response:
    sent = visitor.request.query_params
    state = sent.get("state", "") if sent.get("state", "") in SHOWN else SHOWN[0]
    rule = CheckRule(sent["rule"]) if sent.get("rule", "") in list(CheckRule) else None
    states = WAITING if state == "waiting" else {FindingState(state)}

    async def work(uow: Uow, actor: Actor) -> FindingList:
        found = await queries.list_findings(
            uow, actor, FindingFilter(states, rule, cursor=sent.get("cursor") or None)
        )
        rules = await queries.list_rules(uow, actor)
        return FindingList(present.findings(found), present.rules(rules).items)

    found = await visitor.read("findings", work)
    chosen = {"state": state, **({"rule": rule.value} if rule else {})}
    after = found.findings.next_cursor
    problem = problem_of(visitor, error) if error else None
    return draw(
        visitor,
        "findings.html",
        problem.status if problem else 200,
        findings=found.findings.items,
        told={each.id: _told(visitor, each) for each in found.findings.items},
        rules=found.rules,
        shown=SHOWN,
        chosen=chosen,
        sets=visitor.actor.may(Permission.insights_switch),
        older=f"{ADDRESS}?{urlencode({**chosen, 'cursor': after})}" if after else "",
        problem=problem,
        of=visitor.typed.get("rule", ""),
    )


def _told(visitor: Visitor, finding: wire.FindingOut) -> str:
    phrases = visitor.phrases
    return finding_sentence(finding.rule, finding.facts, phrases.locale, phrases.zone)


async def show(visitor: Visitor) -> Response:
    """One finding, and how it was counted."""
    return await _finding(visitor, None)


async def _finding(visitor: Visitor, error: DomainError | None) -> Response:
    wanted = _id(visitor)

    async def work(uow: Uow, actor: Actor) -> wire.FindingOut:
        return present.finding(await queries.show_finding(uow, actor, wanted))

    found = await visitor.read("findings", work)
    problem = problem_of(visitor, error) if error else None
    return draw(
        visitor,
        "finding.html",
        problem.status if problem else 200,
        it=found,
        told=_told(visitor, found),
        buttons={verb: key for verb, key in BUTTONS.items() if verb in found.verbs},
        typed=visitor.typed,
        problem=problem,
        wrong={each.field.strip("/") for each in problem.errors} if problem else set(),
    )


def _id(visitor: Visitor) -> UUID:
    try:
        return UUID(str(visitor.request.path_params["id"]))
    except ValueError as error:
        raise NotFound(what="finding") from error


async def review(visitor: Visitor) -> Response:
    """What a reviewer says; a refusal stands on the finding's own page."""
    verb = str(visitor.request.path_params["verb"])
    if verb not in HANDLERS:
        raise NotFound(what="path")
    handler, model = HANDLERS[verb]
    form, finding_id = visitor.typed, _id(visitor)
    values = {"version": whole(form.get("version", "")), "reason": form.get("reason", "").strip() or None}
    try:
        body = _body(model, {name: value for name, value in values.items() if value is not None})
        await handler(await _call(visitor), id=finding_id, body=body)
    except NotFound:
        raise
    except DomainError as error:
        return await _finding(visitor, error)
    return RedirectResponse(f"{ADDRESS}/{finding_id}", 303)


async def set_rule(visitor: Visitor) -> Response:
    """How a rule is used from now on."""
    form = visitor.typed
    ticks = {name: name in form for name in ("switched_on", "raises_level", "in_digest")}
    numbers = {name: whole(form.get(name, "")) for name in ("weekly_cards", "version")}
    values = {**numbers, "limit_amount": form.get("limit_amount", "").strip()}
    try:
        body = _body(wire.FindingRuleIn, {**ticks, **values})
        await routes.set_rule(await _call(visitor), rule=_rule(form.get("rule", "")), body=body)
    except Invalid as error:
        return await _list(visitor, error)
    return RedirectResponse(f"{ADDRESS}#rules", 303)


def _rule(name: str) -> Any:
    if name not in list(CheckRule):
        raise NotFound(what="rule")
    return name


async def _call(visitor: Visitor) -> Any:
    return visitor.call(visitor.typed.get("nonce") or None, await visitor.request.body())


def _body(model: type[BaseModel], values: dict[str, Any]) -> Any:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Invalid(tuple(field_error(each, "body") for each in error.errors())) from error


ROUTES = (
    get(ADDRESS, listing),
    post(f"{ADDRESS}/rules", set_rule),
    get(f"{ADDRESS}/{{id}}", show),
    post(f"{ADDRESS}/{{id}}/{{verb}}", review),
)
