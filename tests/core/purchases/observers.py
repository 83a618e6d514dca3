"""Everybody who may look at a purchase, and whether each view shows them what the slice's own query shows.

One rule: a view and its query give the same read model, or both refuse.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals import policy as approvals_policy
from core.approvals import repo as approvals_repo
from core.decisions import queries as approvals
from core.documents import repo as documents_repo
from core.invitations import queries as rfq_queries
from core.kernel.errors import DomainError, MissingPermission, NotFound
from core.kernel.ids import DocumentId
from core.orders import policy as orders_policy
from core.orders import queries as orders
from core.orders import repo as orders_repo
from core.people import repo as people
from core.people.model import Person
from core.purchases import repo, views
from core.purchases import request_queries as requests
from core.purchases.model import Purchase
from core.quotes import policy as quotes_policy
from core.quotes import repo as quotes_repo
from core.requests import policy as requests_policy
from core.requests import repo as requests_repo
from core.rfqs import policy as rfqs_policy
from core.rfqs import repo as rfqs_repo
from core.split_awards import queries as split_awards
from core.uow import Uow
from core.vendors.model import Vendor
from tests.support.uow import begin
from tests.support.world import ADMINISTRATOR, World

View = Callable[[], object]
Query = Callable[[], Awaitable[object]]
Outcome = object
"""A read model, None for a refusal of this reader, or another refusal's class and facts."""


@dataclass
class Observers:
    """Readers by what they are; ``shown`` counts the read models that were the same and not refused."""

    world: World
    readers: Mapping[str, Person]
    vendors: tuple[Vendor, ...]
    shown: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def invited(cls, world: World) -> "Observers":
        """One of each kind; three vendors that the purchase may ask, and one that it does not."""
        vendors = [await world.a_vendor(currency) for currency in ("USD", "EUR", "JPY", "USD")]
        readers = {
            "requester": await world.a_requester(),
            "another requester": await world.a_person(Role.requester),
            "officer": await world.an_officer(),
            "candidate": await world.a_manager(),
            "former candidate": await world.a_person(Role.manager),
            "deputy": await world.a_person(Role.officer),
            "finance": await world.a_finance(),
            "auditor": await world.an_auditor(),
            "admin": await world.an_admin(),
        }
        readers |= {f"vendor {number}": contact for number, (_, contact) in enumerate(vendors, 1)}
        return cls(world, readers, tuple(vendor for vendor, _ in vendors[:3]))

    def contact(self, number: int) -> Person:
        return self.readers[f"vendor {number}"]

    async def purchase(self, request_id: UUID) -> Purchase:
        async with begin(self.world.engine, ADMINISTRATOR, self.world.clock) as uow:
            found = await repo.load(uow, request_id)
        assert found is not None
        return found

    async def agree(self, request_id: UUID, state: str) -> Purchase:
        """Compare all views with all queries for every reader, in this state of the request."""
        purchase = await self.purchase(request_id)
        assert purchase.request.state.value == state
        for name, person in self.readers.items():
            actor = people.as_actor(await self.world.person(person.id))
            async with begin(self.world.engine, actor, self.world.clock) as uow:
                await self._compare(uow, actor, purchase, f"{name}, {state}")
                await _same_visibility(uow, actor, purchase, f"{name}, {state}")
        return purchase

    async def _compare(self, uow: Uow, actor: Actor, purchase: Purchase, where: str) -> None:
        for what, view, query in _pairs(uow, actor, purchase):
            expected = await _outcome_of(query())
            assert _seen(view) == expected, f"{what} for {where}"
            if expected is not None:
                self.shown[what] = self.shown.get(what, 0) + 1


def _pairs(uow: Uow, actor: Actor, purchase: Purchase) -> Iterator[tuple[str, View, Query]]:
    """Every view of this purchase with the query that shows the same."""
    request_id = purchase.request.id
    yield (
        "request",
        partial(views.request_details, purchase, actor, uow.now),
        partial(requests.show, uow, actor, request_id),
    )
    yield (
        "comparison",
        partial(views.comparison, purchase, actor, uow.now),
        partial(split_awards.compare, uow, actor, request_id),
    )
    for rfq in purchase.rfqs:
        view = partial(views.rfq_view, purchase, actor, rfq.id, uow.now)
        yield "rfq", view, partial(rfq_queries.show, uow, actor, rfq.id)
    for approval in purchase.approvals:
        details = partial(views.approval_details, purchase, actor, approval.id, uow.now)
        yield "approval", details, partial(approvals.show, uow, actor, approval.id)
    for order in purchase.orders:
        shown = partial(views.order_details, purchase, actor, order.id)
        yield "order", shown, partial(orders.show, uow, actor, order.id)


async def _outcome_of(query: Awaitable[object]) -> Outcome:
    try:
        return await query
    except (NotFound, MissingPermission):
        return None
    except DomainError as refused:
        return type(refused), refused.facts()


def _seen(view: View) -> Outcome:
    try:
        return view()
    except DomainError as refused:
        return type(refused), refused.facts()


async def _same_visibility(uow: Uow, actor: Actor, purchase: Purchase, where: str) -> None:
    """Each policy's may_see against its repo's condition; staff tables are closed to a vendor's login anyway."""

    async def check(what: str, may_see: bool, lookup: Awaitable[object]) -> None:
        assert may_see == (await _outcome_of(lookup) is not None), f"{what} for {where}"

    for rfq in purchase.rfqs:
        await check("rfq", rfqs_policy.may_see(actor, rfq), rfqs_repo.visible_to(uow, actor, rfq.id))
    for quote in purchase.quotes:
        rfq_of = purchase.rfq_of(quote.rfq_id)
        assert rfq_of is not None
        visible = quotes_policy.may_see(actor, quote, rfq_of)
        await check("quote", visible, quotes_repo.visible_to(uow, actor, quote.id))
    for file in purchase.documents:
        readable = views.may_read(purchase, actor, file)
        await check("file", readable, documents_repo.visible_to(uow, actor, DocumentId(file.document.id)))
    for order in purchase.orders:
        await check(
            "order", orders_policy.may_see(actor, order), orders_repo.visible_to(uow, actor, order.id)
        )
    if actor.is_vendor:
        return
    request = purchase.request
    seen = requests_policy.may_see(actor, request, purchase.candidates)
    await check("request", seen, requests_repo.visible_to(uow, actor, request.id))
    for approval in purchase.approvals:
        decides = approvals_policy.may_see(actor, approval)
        await check("approval", decides, approvals_repo.visible_to(uow, actor, approval.id))
