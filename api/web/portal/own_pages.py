"""The contact's own start page and record: RFQs, quotes and orders; language and zone; colleagues; the devices.

One rule: everything here needs the browser's own session; a link alone shows its one RFQ or order.
"""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from api.contract.orders import OrderOut
from api.contract.preferences import PreferencesPatch
from api.contract.problems import Problem
from api.contract.quotes import QuoteOut
from api.contract.rfqs import RfqOut
from api.contract.vendor_scores import VendorScoreOut
from api.present import orders as present_orders
from api.present import quotes as present_quotes
from api.present import rfqs as present_rfqs
from api.present import vendor_scores as present_scores
from api.server.routes import me as me_routes
from api.text.vendor_scores import in_full
from api.web.portal import guests
from api.web.portal.typed_body import body_of
from api.web.room import get, post, problem_of
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.db.pages import PageQuery
from core.invitations import queries as rfqs
from core.kernel.errors import DomainError, NotFound, Unauthenticated
from core.orders import queries as orders
from core.orders.model import OrderFilter
from core.people import queries as people
from core.people.model import Person
from core.quotes import queries as quotes
from core.quotes.model import QuoteFilter
from core.rfqs.model import RfqFilter
from core.uow import Uow
from core.vendor_links import service
from core.vendor_links.commands import NameColleague
from core.vendor_links.model import LinkKind, LinkSubject
from core.vendor_scores import queries as scores

FEW = PageQuery(limit=25)
DONE = frozenset({"colleague", "settings"})


@dataclass(frozen=True)
class OwnWork:
    rfqs: tuple[RfqOut, ...]
    quotes: tuple[QuoteOut, ...]
    orders: tuple[OrderOut, ...]
    score: VendorScoreOut | None = None


async def start_page(visitor: Visitor) -> Response:
    guest = guests.by_session(visitor)

    async def work(uow: Uow, actor: Actor) -> OwnWork:
        asked = present_rfqs.rfqs(await rfqs.listing(uow, actor, RfqFilter(page=FEW)))
        offered = present_quotes.quotes(await quotes.list_quotes(uow, actor, QuoteFilter(page=FEW)))
        ordered = present_orders.orders(await orders.listing(uow, actor, OrderFilter(page=FEW)))
        own = await scores.find_own(uow, actor)
        score = present_scores.named(own) if own is not None else None
        return OwnWork(asked.items, offered.items, ordered.items, score)

    it = await visitor.read("rfqs", work)
    told = in_full(it.score, visitor.phrases.locale) if it.score is not None else ()
    return guests.drawn(visitor, guest, "portal/start.html", it=it, score=told)


async def record_page(visitor: Visitor) -> Response:
    return await _record(visitor, None, "")


async def _record(visitor: Visitor, problem: Problem | None, refused: str) -> Response:
    guest = guests.by_session(visitor)

    async def work(uow: Uow, actor: Actor) -> tuple[Person, OwnWork]:
        asked = present_rfqs.rfqs(await rfqs.listing(uow, actor, RfqFilter(page=FEW)))
        ordered = present_orders.orders(await orders.listing(uow, actor, OrderFilter(page=FEW)))
        return (await people.me(uow, actor)).person, OwnWork(asked.items, (), ordered.items)

    person, work_of = await visitor.read("people", work)
    done = visitor.request.query_params.get("done", "")
    return guests.drawn(
        visitor,
        guest,
        "portal/record.html",
        problem.status if problem is not None else 200,
        person=person,
        it=work_of,
        problem=problem,
        refused=refused,
        typed=visitor.typed if problem is not None else {},
        wrong={each.field.strip("/"): each.message for each in problem.errors} if problem else {},
        done=done if done in DONE and problem is None else "",
    )


async def set_language_and_zone(visitor: Visitor) -> Response:
    guests.by_session(visitor)
    typed = visitor.typed
    named = {name: typed[name].strip() for name in ("locale", "zone") if typed.get(name, "").strip()}
    try:
        call = visitor.call(None, b"")
        await me_routes.change_preferences(call, body=body_of(PreferencesPatch, **named))
    except Unauthenticated:
        raise
    except DomainError as error:
        return await _record(visitor, problem_of(visitor, error), "settings")
    there = typed.get("next", "")
    kept = there if there.startswith("/portal") and there.isascii() and there.isprintable() else ""
    return RedirectResponse(kept or "/portal/record?done=settings", 303)


async def name_colleague(visitor: Visitor) -> Response:
    guests.by_session(visitor)
    kind, _, subject = visitor.typed.get("about", "").partition(":")
    try:
        about = LinkSubject(LinkKind(kind), UUID(subject))
    except ValueError as error:
        raise NotFound(what="path") from error
    command = NameColleague(visitor.typed.get("name", ""), visitor.typed.get("email", ""), about)

    async def work(uow: Uow, actor: Actor) -> None:
        await service.name_colleague(uow, actor, command)

    try:
        await visitor.run("vendor_links", work)
    except Unauthenticated:
        raise
    except DomainError as error:
        return await _record(visitor, problem_of(visitor, error), "colleague")
    return RedirectResponse("/portal/record?done=colleague", 303)


ROUTES = (
    get("/portal", start_page),
    get("/portal/record", record_page),
    post("/portal/record/settings", guests.keeping(set_language_and_zone), public=True),
    post("/portal/record/colleague", guests.keeping(name_colleague), public=True),
)
