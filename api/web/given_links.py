"""Which links vendors' contacts were given to a purchase's RFQ and orders; new ones are made and old ones ended here.

One rule: a new link's address is shown once, in the answer to the press that made it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from api.contract.problems import Problem
from api.contract.vendor_links import KnownLinkOut, VendorLinkIn, VendorLinkOut
from api.present import vendor_links as present
from api.server.routes import vendor_links as routes
from api.web import link_words
from api.web.admin.admin_forms import validated
from api.web.room import get, post, problem_of
from api.web.templating import draw
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.kernel.errors import DomainError, NotFound, Unauthenticated
from core.orders.states import OrderState
from core.purchases import queries as purchases
from core.purchases.queries import PurchaseSeen
from core.uow import Uow
from core.vendor_links import queries
from core.vendor_links.model import LinkKind, LinkSubject


@dataclass(frozen=True)
class LinkedThing:
    """An RFQ or an order, the vendors who have a part in it, and the links to it."""

    about: LinkSubject
    number: str
    vendors: tuple[tuple[UUID, str], ...]
    links: tuple[KnownLinkOut, ...] = ()


async def show(visitor: Visitor) -> Response:
    return await _draw(visitor)


async def _draw(
    visitor: Visitor, problem: Problem | None = None, made: VendorLinkOut | None = None
) -> Response:
    number = str(visitor.request.path_params["number"])

    async def work(uow: Uow, actor: Actor) -> tuple[LinkedThing, ...]:
        things = _things(await purchases.show(uow, actor, number))
        found = await queries.links_to(uow, actor, [each.about for each in things])
        return _with_links(things, present.known_links(found).items)

    things = await visitor.read("vendor_links", work)
    return draw(
        visitor,
        "given_links.html",
        problem.status if problem is not None else 200,
        number=number,
        things=things,
        words={each.id: link_words.told(visitor.phrases, each) for thing in things for each in thing.links},
        problem=problem,
        made=made,
    )


def _things(seen: PurchaseSeen) -> tuple[LinkedThing, ...]:
    """The newest RFQ, and the orders that are not cancelled."""
    found = []
    for view in seen.rfqs[:1]:
        rfq = view.details.rfq
        vendors = tuple((each.vendor_id, each.vendor_name) for each in rfq.invitations)
        found.append(LinkedThing(LinkSubject(LinkKind.rfq, rfq.id), rfq.number, vendors))
    for each in seen.orders:
        if each.order.state is not OrderState.cancelled:
            vendor = (each.order.vendor_id, each.vendor_name)
            found.append(
                LinkedThing(LinkSubject(LinkKind.order, each.order.id), each.order.number, (vendor,))
            )
    return tuple(found)


def _with_links(things: Sequence[LinkedThing], links: Sequence[KnownLinkOut]) -> tuple[LinkedThing, ...]:
    return tuple(
        LinkedThing(
            each.about,
            each.number,
            each.vendors,
            tuple(link for link in links if link.about_id == each.about.id),
        )
        for each in things
    )


async def make(visitor: Visitor) -> Response:
    """A new link for a contact, or for a vendor's first one."""
    typed = visitor.typed
    values = {"vendor_id": typed.get("vendor_id"), "person_id": typed.get("person_id") or None}
    make = {"rfq": routes.link_to_rfq, "order": routes.link_to_order}.get(typed.get("kind", ""))
    if make is None:
        raise NotFound(what="link")
    try:
        call = visitor.call(None, b"")
        settings = visitor.request.app.state.settings
        body = validated(VendorLinkIn, values)
        assert isinstance(body, VendorLinkIn)
        answer = await make(call, id=_id(typed.get("about", "")), body=body, settings=settings)
    except Unauthenticated:
        raise
    except DomainError as error:
        return await _draw(visitor, problem_of(visitor, error))
    return await _draw(visitor, made=VendorLinkOut.model_validate_json(bytes(answer.body)))


async def end(visitor: Visitor) -> Response:
    try:
        await routes.revoke(visitor.call(None, b""), id=_id(visitor.typed.get("link", "")))
    except Unauthenticated:
        raise
    except DomainError as error:
        return await _draw(visitor, problem_of(visitor, error))
    return _back(visitor)


async def back(visitor: Visitor) -> Response:
    """Whoever reloads the address of a form comes to the links; a link is not made twice."""
    return _back(visitor)


def _back(visitor: Visitor) -> Response:
    return RedirectResponse(f"/purchases/{quote(str(visitor.request.path_params['number']))}/links", 303)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(what="link") from error


ROUTES = (
    get("/purchases/{number}/links", show),
    post("/purchases/{number}/links/new", make),
    post("/purchases/{number}/links/end", end),
    get("/purchases/{number}/links/{verb}", back),
)
