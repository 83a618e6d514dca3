"""A company in the middle of its work, for pages to show: a purchase in every stage, named people, three vendors.

company = await Company.at_work(world)
company.number(Stage.asked)      the purchase that waits for quotes

One rule: everything is made by the real use cases; only names are written over, because the tests' own are numbers.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum

from sqlalchemy import text

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.states import Verdict
from core.awards import service as awards
from core.awards.commands import ProposeQuote
from core.clarifications import service as clarifications
from core.clarifications.commands import AskRfqQuestion
from core.comments import service as comments
from core.comments.commands import AddComment
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.findings import service as findings
from core.kernel.clock import FixedClock
from core.kernel.ids import OrderId, RequestId
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.offers.model import Alternative
from core.orders import queries as order_queries
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.people.model import Person
from core.purchases import request_queries
from core.quotes import service as quotes_of
from core.quotes.model import QuoteDetails
from core.receipts import service as receipts
from core.receipts.commands import ReceivedLine, ReceiveGoods
from core.requests.commands import RequestLineDraft
from core.requests.model import RequestDetails
from core.rfqs.model import RfqDetails
from core.vendors.model import Vendor
from tests.core.demand.made_needs import forecast
from tests.support.world import World

NAMES = {
    Role.requester: "Rosa Keller",
    Role.officer: "Oscar Lind",
    Role.manager: "Mara Osei",
    Role.finance: "Noor Haddad",
    Role.admin: "Ida Bergström",
    Role.auditor: "Tomás Rey",
}
VENDORS = (
    ("Alder Office", "Vera Alder"),
    ("Nordlicht Technik", "Jonas Brandt"),
    ("Saba Supplies", "Laila Saba"),
)
WANTED = (
    ("Laptop 14 inch", "1200"),
    ("Standing desk", "640"),
    ("Conference camera", "480"),
    ("Task chair", "310"),
    ("Label printer", "220"),
    ("Network switch 24 ports", "390"),
    ("Whiteboard 120 × 90", "160"),
    ("Monitor 27 inch", "290"),
    ("Projector", "820"),
)


ACCESSORIES, CENT, REFURBISHED = Decimal("38.50"), Decimal("0.01"), Decimal("0.7")
AGAIN = (3, 0, 5, 0, 4, 6, 0, 2, 0, 7, 0, 3, 0, 5, 4, 0, 2, 0, 6, 3, 0, 5, 0, 2)
"""How many were needed month after month."""


class Stage(IntEnum):
    """How far a purchase has come."""

    draft = 0
    submitted = 1
    asked = 2
    compared = 3
    proposed = 4
    ordered = 5
    acknowledged = 6
    received = 7


@dataclass
class Company:
    """The people, and one purchase per stage."""

    world: World
    vendors: list[tuple[Vendor, Person]] = field(default_factory=list)
    made: dict[Stage, RequestDetails] = field(default_factory=dict)
    rfqs: dict[Stage, RfqDetails] = field(default_factory=dict)

    @classmethod
    async def founded(cls, world: World) -> "Company":
        """The people and vendors, with nothing bought yet."""
        company = cls(world)
        for role, name in NAMES.items():
            await company.call("people", (await world.the(role)).id, name)
        for name, contact in VENDORS:
            vendor, person = await world.a_vendor()
            await company.call("vendors", vendor.id, name)
            await company.call("people", person.id, contact)
            company.vendors.append((vendor, await world.person(person.id)))
        world.known = {role: await world.person(person.id) for role, person in world.known.items()}
        return company

    @classmethod
    async def at_work(cls, world: World) -> "Company":
        """One purchase in each stage, the furthest first."""
        company = await cls.founded(world)
        for stage in sorted(Stage, reverse=True):
            await company.buy(stage)
        await company.need_again()
        return company

    def number(self, stage: Stage) -> str:
        return self.made[stage].request.number

    @property
    def contact(self) -> Person:
        return self.vendors[0][1]

    async def call(self, table: str, id: object, name: str) -> None:
        """Give it a name that people have."""
        async with self.world.engine.begin() as connection:
            await connection.execute(
                text(f"UPDATE {table} SET name = :n WHERE id = :i"), {"n": name, "i": id}
            )

    def passes(self, hours: float) -> None:
        """Time goes by, if this company's clock can be moved."""
        if isinstance(self.world.clock, FixedClock):
            self.world.clock.advance(dt.timedelta(hours=hours))

    async def buy(self, until: Stage, which: int | None = None, pace: float = 1) -> None:
        """One more purchase, up to this stage; ``pace``: hours between two steps."""
        description, estimate = WANTED[(until if which is None else which) % len(WANTED)]
        lines = (
            RequestLineDraft(description, Decimal(3), "pcs", Decimal(estimate)),
            RequestLineDraft(f"{description}: accessories", Decimal(3), "pcs", ACCESSORIES),
        )
        request = await self.world.a_request(submit=until > Stage.draft, lines=lines)
        self.made[until] = request
        if until > Stage.draft:
            said = AddComment(request.request.id, "Please before the new colleagues start.")
            await self.world.act(await self.world.a_requester(), comments.add_comment, said)
        self.passes(pace)
        if until >= Stage.asked:
            await self._ask(until, request, Decimal(estimate), pace)

    async def need_again(self) -> None:
        """Two years of something that was needed month after month, and what a night makes of it."""
        present, now = self.world.clock, self.world.now
        for place, quantity in enumerate(AGAIN):
            for written in ("Toner, black", "Copy paper A4, 80 g") if quantity else ():
                self.world.clock = FixedClock(now - dt.timedelta(days=30 * (len(AGAIN) - place) + 10))
                line = RequestLineDraft(written, Decimal(quantity), "pcs", Decimal(40))
                past = await self.world.a_request(lines=(line,), needed_in_days=8)
                async with self.world.engine.begin() as connection:
                    completed = text("UPDATE procurement_requests SET state = 'completed' WHERE id = :i")
                    await connection.execute(completed, {"i": past.request.id})
        self.world.clock = present
        await forecast(self.world)

    async def _ask(self, until: Stage, request: RequestDetails, estimate: Decimal, pace: float) -> None:
        rfq = self.rfqs[until] = await self.world.an_rfq(request, to=[vendor for vendor, _ in self.vendors])
        question = AskRfqQuestion(rfq.rfq.id, "May we deliver in two parts?")
        await self.world.act(self.contact, clarifications.ask, question)
        self.passes(pace)
        if until < Stage.compared:
            return
        quotes = []
        for (_, contact), part in zip(self.vendors, ("0.98", "1.05", "1.12"), strict=True):
            quotes.append(await self._quote(rfq, contact, (estimate, ACCESSORIES), Decimal(part)))
            self.passes(pace)
        if until >= Stage.proposed:
            chosen = ProposeQuote(rfq.rfq.id, quotes[0].quote.id, "Cheapest, and in time.", None)
            await self.world.act(await self.world.an_officer(), awards.propose, chosen)
            approval = (await self.world.open_approval_of(quotes[0].quote.id)).approval
            await self.world.act(Actor.system(Role.system_insights), findings.check_approval, approval.id)
            self.passes(pace)
            if until > Stage.proposed:
                while (step := approval.open_step) is not None:
                    who = await self.world.person(step.candidates[0])
                    verdict = Decide(approval.id, Verdict.approve, approval.version, "Agreed.")
                    approval = (await self.world.act(who, decisions.decide, verdict)).approval
                    self.passes(pace)
                await self._deliver(until, request, pace)

    async def _quote(
        self, rfq: RfqDetails, contact: Person, estimates: tuple[Decimal, ...], part: Decimal
    ) -> QuoteDetails:
        """A quote with this part of each line's estimate as its price; the second vendor has an alternative too."""
        first = rfq.rfq.lines[0]
        other = Alternative(
            f"{first.description}, refurbished",
            (estimates[0] * REFURBISHED).quantize(CENT),
            3,
            "Two years of warranty",
        )
        lines = tuple(
            QuoteLineDraft(
                line.id,
                (estimate * part).quantize(CENT),
                None,
                no_bid=False,
                alternative=other if line is first and contact == self.vendors[1][1] else None,
            )
            for line, estimate in zip(rfq.rfq.lines, estimates, strict=True)
        )
        until = self.world.today + dt.timedelta(days=45)
        days = 7 + int(part * 10) % 5
        command = SubmitQuote(rfq.rfq.id, "USD", until, days, Decimal(0), "", lines, ())
        return await self.world.act(contact, quotes_of.submit_quote, command)

    async def _deliver(self, until: Stage, request: RequestDetails, pace: float) -> None:
        officer = await self.world.an_officer()
        seen = await self.world.act(officer, request_queries.show, RequestId(request.request.id))
        assert seen.request.order_id is not None
        order_id = OrderId(seen.request.order_id)
        if until >= Stage.acknowledged:
            await self.world.act(self.contact, orders.acknowledge, AcknowledgeOrder(order_id, "", None))
            self.passes(pace)
        if until >= Stage.received:
            order = (await self.world.act(officer, order_queries.show, order_id)).order
            lines = tuple(ReceivedLine(line.id, line.quantity, Decimal(0)) for line in order.lines)
            goods = ReceiveGoods(order_id, lines, "Complete and undamaged.", None)
            await self.world.act(await self.world.a_requester(), receipts.receive, goods)
            self.passes(pace)
