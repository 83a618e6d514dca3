"""The people, vendors and steps of the purchases that are walked through."""

import datetime as dt
from decimal import Decimal
from typing import Self
from uuid import UUID

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.model import Approval
from core.approvals.states import Verdict
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.delegations import service as delegations
from core.delegations.commands import Delegate
from core.issuing import service as issuing
from core.kernel.clock import FixedClock
from core.kernel.ids import OrderId, QuoteId
from core.orders import repo as order_repo
from core.orders.commands import IssueOrder
from core.people.model import Person
from core.policies import service as policies
from core.policies.commands import SetPolicy
from core.purchases import request_queries
from core.requests.commands import (
    RequestLineDraft,
)
from core.requests.model import RequestDetails
from core.rfqs.model import RfqDetails
from core.vendors.model import Vendor
from tests.core.action_walk import Walk
from tests.support.uow import begin
from tests.support.world import ADMINISTRATOR, POLICY, World

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
DEADLINES = Actor.system(Role.system_deadlines)


class Story(Walk):
    """A walk with the people and vendors of its purchases; the clock stands still until it is moved."""

    clock: FixedClock
    vendors: tuple[tuple[Vendor, Person], ...]
    request: RequestDetails
    rfq: RfqDetails
    approval: Approval
    award: UUID
    """The split award that was proposed last."""

    @classmethod
    async def of(cls, world: World) -> Self:
        world.clock = clock = FixedClock(world.now)
        await world.act(ADMINISTRATOR, policies.set_policy, SetPolicy("USD", POLICY, None, 60))
        vendors = (await world.a_vendor(), await world.a_vendor())
        stranger, contact = await world.a_vendor()
        people = {
            "requester": await world.a_requester(),
            "another requester": await world.a_person(Role.requester),
            "officer": await world.an_officer(),
            "manager": await world.a_manager(),
            "finance": await world.a_finance(),
            "deputy": await world.a_person(Role.manager),
            "admin": await world.an_admin(),
            "auditor": await world.an_auditor(),
            "first vendor": vendors[0][1],
            "second vendor": vendors[1][1],
            "vendor that was not asked": contact,
        }
        deputy = Delegate(people["deputy"].id, people["manager"].id, clock.now() + 90 * DAY, None, "leave")
        await world.act(people["admin"], delegations.delegate, deputy)
        story = cls(world, people, stranger)
        story.clock, story.vendors = clock, vendors
        return story

    async def at(self, stage: str) -> None:
        await self.walk(stage, self.request.request.id)

    async def asked(self) -> None:
        """A new request for two items, and both vendors asked."""
        lines = (
            RequestLineDraft("Laptop", Decimal(3), "pcs", Decimal(1200)),
            RequestLineDraft("Bag", Decimal(3), "pcs", None),
        )
        self.request = await self.world.a_request(lines=lines)
        self.rfq = await self.world.an_rfq(self.request, to=[vendor for vendor, _ in self.vendors])

    async def quoted(self, *prices: str) -> list[QuoteId]:
        """Both vendors asked, and as many quotes as prices."""
        await self.asked()
        made = [
            await self.world.a_quote(self.rfq, contact, price)
            for (_, contact), price in zip(self.vendors, prices, strict=False)
        ]
        return [QuoteId(quote.quote.id) for quote in made]

    async def opened(self, quote_id: QuoteId) -> None:
        """The approval of this quote is open."""
        self.approval = (await self.world.open_approval_of(quote_id)).approval

    async def decided(self, verb: Verdict, *names: str, comment: str = "") -> None:
        """The verdicts of these people, one after the other."""
        for name in names:
            command = Decide(self.approval.id, verb, self.approval.version, comment)
            await self.world.act(self.people[name], decisions.decide, command)

    async def split(self, *prices: str) -> list[QuoteId]:
        """Both have quoted, and each is to get one of the two lines."""
        await self.asked()
        made = [
            await self.world.a_quote(self.rfq, contact, price)
            for (_, contact), price in zip(self.vendors, prices, strict=True)
        ]
        self.award = await self.world.a_split(self.rfq, *made)
        return [QuoteId(quote.quote.id) for quote in made]

    async def split_opened(self) -> None:
        """The approval of the split is open."""
        self.approval = (await self.world.open_approval_of_split(self.award)).approval

    async def split_issued(self) -> list[OrderId]:
        """The live orders of the request, after they were sent; in the order of the lines."""
        self.clock.advance(2 * MINUTE)
        async with begin(self.world.engine, DEADLINES, self.world.clock) as uow:
            live = await order_repo.live_of_request(uow, self.request.request.id)
        await self.world.act(DEADLINES, issuing.issue, IssueOrder(live[0].id))
        return [order.id for order in live]

    async def order_id(self) -> OrderId:
        admin = self.people["admin"]
        found = await self.world.act(admin, request_queries.show, self.request.request.id)
        assert found.request.order_id is not None
        return OrderId(found.request.order_id)

    async def ordered(self) -> OrderId:
        """An order that is on its way to its vendor."""
        [quote_id, _] = await self.quoted("2000", "2100")
        await self.opened(quote_id)
        await self.decided(Verdict.approve, "manager", "finance")
        self.clock.advance(2 * MINUTE)
        order_id = await self.order_id()
        await self.world.act(DEADLINES, issuing.issue, IssueOrder(order_id))
        return order_id
