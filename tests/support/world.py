"""A world for tests: people, vendors and a purchase in any state, all made by the real use cases.

One rule: only the organisation's row is inserted directly, because no use case makes it.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from core.access.actor import Actor, ActorKind
from core.access.roles import Role
from core.approvals import service as approvals
from core.approvals.model import ApprovalDetails
from core.approvals.states import ApprovalState, Verdict
from core.awards import selection
from core.db.engine import Engine
from core.decisions import queries as approval_queries
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.kernel.clock import Clock, SystemClock
from core.kernel.ids import ApprovalId, DocumentId, OrderId, QuoteId, RequestId, VendorId
from core.log.tables import audit_events
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.orders import queries as order_queries
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.orders.model import OrderDetails
from core.organisation import service as organisations
from core.organisation.commands import AddCostCentre, AddDepartment
from core.people import repo as people_repo
from core.people import service as people
from core.people.commands import AddPerson
from core.people.model import Person
from core.people.tables import organisation
from core.policies import service as policies
from core.policies.commands import Approver, PolicyStep, SetPolicy, Tier
from core.policies.model import Policy
from core.purchases import request_queries
from core.quotes import service as quotes
from core.quotes.model import QuoteDetails
from core.rates.service import ExchangeRate, LoadRates, load_rates
from core.requests import service as requests
from core.requests.commands import CreateRequest, RequestLineDraft
from core.requests.model import RequestDetails
from core.rfqs.model import RfqDetails
from core.sourcing import service as sourcing
from core.sourcing.commands import SendRfq
from core.split_awards import service as split_awards
from core.split_awards.commands import AwardedLine, ProposeSplit
from core.uow import Uow
from core.vendors import service as vendors
from core.vendors.commands import CreateVendor, NewContact
from core.vendors.model import Vendor
from tests.support.uow import begin

C = TypeVar("C")
R = TypeVar("R")
UseCase = Callable[[Uow, Actor, C], Awaitable[R]]

ADMINISTRATOR = Actor(ActorKind.service, "tests", "tests", frozenset({Role.admin}))
PASSWORD = "a long enough password"
RATES = {"EUR": Decimal("1.09"), "GBP": Decimal("1.28"), "JPY": Decimal("0.0066")}


def role_step(name: str) -> PolicyStep:
    return PolicyStep(name, (Approver(name, None, None),))


POLICY = (
    Tier("small", Decimal(500), (), (), (PolicyStep("head", (Approver(None, None, "cost_centre"),)),)),
    Tier("medium", Decimal(5000), (), (), (role_step("manager"),)),
    Tier("large", None, (), (), (role_step("manager"), role_step("finance"))),
)


class World:
    """One company in one database. Tests share one person per role, or ask for a new one."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.clock: Clock = SystemClock()
        self.named = 0
        """How many names have a number so far; from 1 in each company, so that none looks like a price."""
        self.known: dict[Role, Person] = {}
        """The person that tests share, by role."""

    @property
    def now(self) -> dt.datetime:
        return self.clock.now()

    @property
    def today(self) -> dt.date:
        return self.now.date()

    async def set_up_company(self) -> "World":
        """The company: base currency, exchange rates, a cost centre with its head, the approval policy."""
        async with self.engine.begin() as connection:
            named = {"name": "Northwind", "base_currency": "USD", "duplicate_days": 0}
            await connection.execute(organisation.insert().values(named))
        days = [self.today - dt.timedelta(days=back) for back in (30, 0)]
        rates = [ExchangeRate(code, day, rate) for code, rate in RATES.items() for day in days]
        await self.act(ADMINISTRATOR, load_rates, LoadRates(tuple(rates), "tests"))
        manager = await self.a_manager()
        await self.act(ADMINISTRATOR, organisations.add_department, AddDepartment("IT", "IT", manager.id))
        await self.act(
            ADMINISTRATOR, organisations.add_cost_centre, AddCostCentre("IT", "IT", "IT", manager.id)
        )
        await self.a_policy(POLICY)
        return self

    async def act(self, who: Person | Actor, use_case: UseCase[C, R], command: C) -> R:
        """One use case in one committed transaction, which the database limits for a vendor as in production."""
        actor = people_repo.as_actor(who) if isinstance(who, Person) else who
        async with begin(self.engine, actor, self.clock) as uow:
            return await use_case(uow, actor, command)

    async def a_policy(self, tiers: Sequence[Tier]) -> Policy:
        return await self.act(ADMINISTRATOR, policies.set_policy, SetPolicy("USD", tuple(tiers), None))

    async def a_person(
        self, *roles: Role, vendor_id: VendorId | None = None, password: str | None = None
    ) -> Person:
        """A new person with these roles."""
        self.named += 1
        number = self.named
        name = f"{'-'.join(role.value for role in roles)} {number}"
        command = AddPerson(name, f"person{number}@example.com", roles, "en", "UTC", vendor_id, password)
        return await self.act(ADMINISTRATOR, people.add_person, command)

    async def the(self, role: Role) -> Person:
        """The person of this role that tests share."""
        if role not in self.known:
            self.known[role] = await self.a_person(role)
        return self.known[role]

    async def a_requester(self) -> Person:
        return await self.the(Role.requester)

    async def an_officer(self) -> Person:
        return await self.the(Role.officer)

    async def a_manager(self) -> Person:
        return await self.the(Role.manager)

    async def a_finance(self) -> Person:
        return await self.the(Role.finance)

    async def an_admin(self) -> Person:
        return await self.the(Role.admin)

    async def an_auditor(self) -> Person:
        return await self.the(Role.auditor)

    async def a_vendor(self, currency: str = "USD") -> tuple[Vendor, Person]:
        """A vendor and its first contact."""
        self.named += 1
        number = self.named
        contact = NewContact(f"Contact {number}", f"vendor{number}@example.com", "en")
        command = CreateVendor(f"Vendor {number}", "IT hardware", currency, "DE", contact)
        vendor = await self.act(ADMINISTRATOR, vendors.create_vendor, command)
        async with self.engine.connect() as connection:
            person = await people_repo.person(connection, vendor.contacts[0].person_id)
        assert person is not None
        return vendor, person

    async def a_request(
        self,
        by: Person | None = None,
        *,
        submit: bool = True,
        lines: Sequence[RequestLineDraft] = (),
        needed_in_days: int = 30,
    ) -> RequestDetails:
        """A request: three laptops for IT unless ``lines`` says otherwise."""
        wanted = tuple(lines) or (RequestLineDraft("Laptop 14 inch", Decimal(3), "pcs", Decimal("1200")),)
        needed_by = self.today + dt.timedelta(days=needed_in_days)
        command = CreateRequest(wanted, "USD", needed_by, "IT", "", submit)
        return await self.act(by or await self.a_requester(), requests.create, command)

    async def an_rfq(
        self,
        request: RequestDetails | None = None,
        *,
        to: Sequence[Vendor] = (),
        by: Person | None = None,
        quote_by: dt.timedelta = dt.timedelta(days=3),
    ) -> RfqDetails:
        """An RFQ to these vendors, or to a new one."""
        request = request or await self.a_request()
        asked = tuple(to) or ((await self.a_vendor())[0],)
        command = SendRfq(request.request.id, tuple(vendor.id for vendor in asked), self.now + quote_by, "")
        return await self.act(by or await self.an_officer(), sourcing.send_rfq, command)

    async def a_quote(
        self,
        rfq: RfqDetails,
        contact: Person,
        price: str = "1180",
        currency: str = "USD",
        files: Sequence[UUID] = (),
    ) -> QuoteDetails:
        """A quote: the same price for every line, ten days, no shipping; ``files`` are documents of this contact."""
        lines = [QuoteLineDraft(line.id, Decimal(price), None, no_bid=False) for line in rfq.rfq.lines]
        return await self.a_quote_of(rfq, contact, lines, currency, files)

    async def a_quote_of(
        self,
        rfq: RfqDetails,
        contact: Person,
        lines: Sequence[QuoteLineDraft],
        currency: str = "USD",
        files: Sequence[UUID] = (),
    ) -> QuoteDetails:
        """A quote of these lines."""
        command = SubmitQuote(
            rfq_id=rfq.rfq.id,
            currency=currency,
            valid_until=self.today + dt.timedelta(days=45),
            lead_time_days=10,
            shipping=Decimal(0),
            note="",
            lines=tuple(lines),
            document_ids=tuple(DocumentId(each) for each in files),
        )
        return await self.act(contact, quotes.submit_quote, command)

    async def an_open_approval(
        self,
        *,
        requested_by: Person | None = None,
        price: str = "1180",
        vendor: Vendor | None = None,
        contact: Person | None = None,
        route_wait: dt.timedelta = dt.timedelta(0),
    ) -> ApprovalDetails:
        """An approval whose first step is open: the only vendor asked has quoted."""
        if vendor is None or contact is None:
            vendor, contact = await self.a_vendor()
        await self.a_finance()
        request = await self.a_request(requested_by)
        rfq = await self.an_rfq(request, to=[vendor])
        quote = await self.a_quote(rfq, contact, price)
        return await self.open_approval_of(quote.quote.id, route_wait)

    async def open_approval_of(
        self, quote_id: QuoteId, route_wait: dt.timedelta = dt.timedelta(0)
    ) -> ApprovalDetails:
        """The approval of a selected quote, opened as the approvals subscriber does it."""
        system = Actor.system(Role.system_approvals)

        async def open_up(uow: Uow, actor: Actor, quote: QuoteId) -> ApprovalId:
            wanted = await selection.approval_for(uow, quote, route_wait)
            assert wanted is not None
            return (await approvals.open_approval(uow, actor, wanted)).id

        approval_id = await self.act(system, open_up, quote_id)
        return await self.act(await self.an_auditor(), approval_queries.show, approval_id)

    async def a_split(self, rfq: RfqDetails, *quotes: QuoteDetails | None, by: Person | None = None) -> UUID:
        """A proposal: one quote for each line of the RFQ in their order, None to leave a line out."""
        given = zip(rfq.rfq.lines, quotes, strict=True)
        lines = [AwardedLine(line.id, quote.quote.id) for line, quote in given if quote is not None]
        return await self.a_split_of(rfq, *lines, by=by)

    async def a_split_of(self, rfq: RfqDetails, *lines: AwardedLine, by: Person | None = None) -> UUID:
        """A proposal of these lines; the others are left out."""
        given = {line.rfq_line_id for line in lines}
        left_out = tuple(line.id for line in rfq.rfq.lines if line.id not in given)
        command = ProposeSplit(rfq.rfq.id, lines, left_out, "each is cheapest for its part", None)
        proposed = await self.act(by or await self.an_officer(), split_awards.propose, command)
        assert proposed.rfq.split_award_id is not None
        return proposed.rfq.split_award_id

    async def open_approval_of_split(self, split_award_id: UUID) -> ApprovalDetails:
        """The approval of a proposed split award, opened as the approvals subscriber does it."""
        system = Actor.system(Role.system_approvals)

        async def open_up(uow: Uow, actor: Actor, award: UUID) -> ApprovalId:
            wanted = await split_awards.approval_for(uow, award, dt.timedelta(0))
            assert wanted is not None
            return (await approvals.open_approval(uow, actor, wanted)).id

        approval_id = await self.act(system, open_up, split_award_id)
        return await self.act(await self.an_auditor(), approval_queries.show, approval_id)

    async def approved(self, approval: ApprovalDetails) -> ApprovalDetails:
        """The approval after the first candidate of every step has approved."""
        while approval.approval.state is ApprovalState.pending:
            step = approval.approval.open_step
            assert step is not None
            assert step.candidates
            person = await self.person(step.candidates[0])
            command = Decide(approval.approval.id, Verdict.approve, approval.approval.version, "")
            approval = await self.act(person, decisions.decide, command)
        return approval

    async def an_order(
        self,
        *,
        price: str = "1180",
        acknowledged: bool = False,
        contact: Person | None = None,
        vendor: Vendor | None = None,
    ) -> OrderDetails:
        """A purchase order, acknowledged by the vendor if asked."""
        if vendor is None or contact is None:
            vendor, contact = await self.a_vendor()
        approval = await self.an_open_approval(price=price, vendor=vendor, contact=contact)
        await self.approved(approval)
        officer = await self.an_officer()
        request = await self.act(officer, request_queries.show, RequestId(approval.approval.request_id))
        assert request.request.order_id is not None
        order_id = OrderId(request.request.order_id)
        if acknowledged:
            await self.act(contact, orders.acknowledge, AcknowledgeOrder(order_id, "", None))
        return await self.act(officer, order_queries.show, order_id)

    async def person(self, person_id: UUID) -> Person:
        async with self.engine.connect() as connection:
            found = await people_repo.person(connection, person_id)
        assert found is not None
        return found

    async def events_of(self, subject_id: UUID) -> list[str]:
        """The types of the subject's events, in order."""
        event = audit_events.c
        async with self.engine.connect() as connection:
            found = await connection.scalars(
                select(event.type).where(event.subject_id == subject_id).order_by(event.seq)
            )
            return list(found)

    async def recorded(self, event_type: str, subject_id: UUID | None = None) -> list[dict[str, object]]:
        """What the events of this type say, in order; of one subject if given."""
        event = audit_events.c
        wanted = select(event.data).where(event.type == event_type).order_by(event.seq)
        if subject_id is not None:
            wanted = wanted.where(event.subject_id == subject_id)
        async with self.engine.connect() as connection:
            return list(await connection.scalars(wanted))
