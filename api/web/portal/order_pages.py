"""An order as its vendor sees it: confirm, refuse, propose another day, answer what the buyer proposes.

One rule: an action is offered exactly where the order carries it, and runs the API's own route.
"""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from api.contract.orders import ChangeIn, OrderOut
from api.contract.problems import Problem
from api.language import NotUnderstood, parse_date
from api.language.readings import Ambiguous
from api.present import orders as present_orders
from api.server.routes import order_changes
from api.web import action_forms
from api.web.portal import guests
from api.web.portal.guests import Guest
from api.web.portal.rfq_pages import id_of
from api.web.portal.typed_body import body_of
from api.web.room import get, post, problem_of
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.kernel.actions import ActionVerb
from core.kernel.errors import DomainError, FieldError, Invalid, NotFound, Unauthenticated
from core.kernel.ids import OrderId
from core.orders import queries as orders
from core.uow import Uow

VERBS = ("acknowledge", "refuse", "accept", "decline", "withdraw", "call_off")
CHANGE = "change"
DONE = frozenset({*VERBS, CHANGE})
MOST_LINES = 200
MOST_DIGITS = 9


async def _read(visitor: Visitor, order_id: UUID) -> OrderOut:
    async def work(uow: Uow, actor: Actor) -> OrderOut:
        return present_orders.order(await orders.show(uow, actor, OrderId(order_id)))

    found = await visitor.read("orders", work)
    guests.in_wanted_language(visitor)
    return found


async def draw_order(
    visitor: Visitor, guest: Guest, order_id: UUID, problem: Problem | None = None, refused: str = ""
) -> Response:
    """The page; a refused form comes back as it was typed."""
    order = await _read(visitor, order_id)
    done = visitor.request.query_params.get("done", "")
    forms = action_forms.offered("order", order, order.id, order.version)
    return guests.drawn(
        visitor,
        guest,
        "portal/order.html",
        problem.status if problem is not None else 200,
        order=order,
        forms=[each for each in forms if each.verb in VERBS],
        may_change=order.offers(ActionVerb.change),
        proposed={each.line_id: each for each in order.proposal.lines} if order.proposal is not None else {},
        problem=problem,
        refused=refused,
        typed=visitor.typed if problem is not None else {},
        wrong={each.field.strip("/").replace("/", "."): each.message for each in problem.errors}
        if problem
        else {},
        done=done if done in DONE and problem is None else "",
    )


async def order_page(visitor: Visitor) -> Response:
    return await draw_order(visitor, guests.by_session(visitor), id_of(visitor))


async def answer_order(visitor: Visitor) -> Response:
    """Do what a form says; the form's number makes a second press harmless."""
    verb = str(visitor.request.path_params["verb"])
    if verb not in DONE:
        raise NotFound(what="path")
    code_page = await guests.asks_for_code(visitor)
    if code_page is not None:
        return code_page
    guest, order_id = guests.by_session(visitor), id_of(visitor)
    try:
        if verb == CHANGE:
            await _propose(visitor, order_id)
        else:
            visitor.typed["subject"] = str(order_id)
            await action_forms.run(visitor, "order", verb)
    except Unauthenticated:
        raise
    except DomainError as error:
        return await draw_order(visitor, guest, order_id, problem_of(visitor, error), verb)
    return RedirectResponse(f"/portal/orders/{order_id}?{urlencode({'done': verb})}", 303)


async def _propose(visitor: Visitor, order_id: UUID) -> None:
    """Another day for each line where one was written."""
    typed = visitor.typed
    order = await _read(visitor, order_id)
    known = {str(line.id): line for line in order.lines}
    places, lines = list[int](), list[dict[str, Any]]()
    for place in range(min(len(order.lines), MOST_LINES)):
        name = f"lines.{place}.due_on"
        line = known.get(typed.get(f"lines.{place}.line_id", ""))
        text = typed.get(name, "").strip()
        if line is None or not text:
            continue
        day = _day(visitor, name, text)
        if day != line.due_on:
            places.append(place)
            lines.append({"line_id": line.id, "due_on": day})
    named = typed.get("version", "")
    version = int(named) if named.isdecimal() and len(named) <= MOST_DIGITS else None
    call = visitor.call(typed.get("nonce") or None, await visitor.request.body())
    body = body_of(ChangeIn, lines=lines, reason=typed.get("reason", ""), expected_version=version)
    try:
        await order_changes.propose(call, id=order_id, body=body)
    except Invalid as error:
        raise Invalid(tuple(_in_form(each, places) for each in error.errors)) from error


def _day(visitor: Visitor, name: str, text: str) -> Any:
    """A day as the reader's language writes it; none is guessed."""
    p = visitor.phrases
    reading = parse_date(text, p.locale, p.now.date())
    if isinstance(reading, Ambiguous):
        why = p.say("errors.fields.ambiguous", text=reading.text, readings=p.readings(reading.readings))
    elif isinstance(reading, NotUnderstood):
        why = p.say("errors.fields.date", text=text[:80], example=p.now.date().isoformat())
    else:
        return reading
    raise Invalid((FieldError("/" + name.replace(".", "/"), action_forms.AMBIGUOUS, why, ""),))


def _in_form(error: FieldError, places: list[int]) -> FieldError:
    """``/lines/0/due_on`` of the body is another line of the form when lines before it stayed as they are."""
    words = error.field.split("/")
    if len(words) > 2 and words[1] == "lines" and words[2].isdecimal() and int(words[2]) < len(places):
        words[2] = str(places[int(words[2])])
    return FieldError("/".join(words), error.code, error.message, error.example, error.limits)


async def back(visitor: Visitor) -> Response:
    """Whoever reloads the address of a form comes to the order."""
    return RedirectResponse(f"/portal/orders/{id_of(visitor)}", 303)


ROUTES = (
    get("/portal/orders/{id}", order_page),
    post("/portal/orders/{id}/{verb}", guests.keeping(answer_order), public=True),
    get("/portal/orders/{id}/{verb}", back, public=True),
)
