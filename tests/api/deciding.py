"""An approval about which everything that a card can say is known, over HTTP."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from api.contract import endpoints as e
from api.contract.approvals import ApprovalOut
from api.text import day
from core.awards import service as awards
from core.awards.commands import ProposeQuote
from core.kernel.policy_terms import SplitWhat, SplitWho
from core.orders.model import OrderDetails
from core.policies import service as policies
from core.policies.commands import SetPolicy, SplitRule
from core.receipts import service as receipts
from core.receipts.commands import ReceivedLine, ReceiveGoods
from core.requests import service as requests
from core.requests.commands import CreateRequest, RequestLineDraft
from tests.api.sourcing import Sourcing
from tests.support.world import ADMINISTRATOR, POLICY

WANTED = tuple(
    RequestLineDraft(name, Decimal(1), "pcs", Decimal(12))
    for name in ("Laptop 14 inch", *(f"Part {number}" for number in range(2, 13)))
)
NOTE = "please before the move"
REASON = "the cheaper one has no service here"
PRICES = ("10", "11", "15")


@dataclass
class Decided:
    """The second of three quotes for twelve lines, proposed although another one is cheaper."""

    sourcing: Sourcing
    approval: ApprovalOut
    earlier: OrderDetails
    alike: str
    """The number of the earlier request for the same lines."""

    @classmethod
    async def of(cls, sourcing: Sourcing) -> "Decided":
        world = sourcing.world
        officer, requester = await world.an_officer(), await world.a_requester()
        rule = SplitRule(14, SplitWho.person, SplitWhat.vendor)
        await world.act(ADMINISTRATOR, policies.set_policy, SetPolicy("USD", POLICY, None, 0, rule))
        await sourcing.rows("UPDATE organisation SET duplicate_days = 14 RETURNING name")
        sellers = [await world.a_vendor() for _ in PRICES]
        sourcing.vendors, sourcing.contacts = [each for each, _ in sellers], [each for _, each in sellers]
        earlier = await world.an_order(
            price="1100", acknowledged=True, vendor=sellers[1][0], contact=sellers[1][1]
        )
        arrived = tuple(ReceivedLine(line.id, line.quantity, Decimal(0)) for line in earlier.order.lines)
        await world.act(requester, receipts.receive, ReceiveGoods(earlier.order.id, arrived, "", None))
        needed_by = world.today + dt.timedelta(days=30)
        wanted = CreateRequest(
            WANTED, "USD", needed_by, "IT", NOTE, True, on_behalf_of=requester.id, accept_duplicate=True
        )
        alike = (await world.act(officer, requests.create, wanted)).request
        request = await world.act(officer, requests.create, wanted)
        document = await sourcing.upload(sourcing.officer, "drawing.pdf")
        body = {"document_ids": [str(document)]}
        await sourcing.officer.call(e.attach_files, body, path={"id": request.request.id})
        rfq = await world.an_rfq(request, to=sourcing.vendors)
        quotes = [
            await world.a_quote(rfq, contact, price)
            for (_, contact), price in zip(sellers, PRICES, strict=True)
        ]
        command = ProposeQuote(rfq.rfq.id, quotes[1].quote.id, REASON, None)
        await world.act(officer, awards.propose, command)
        opened = (await world.open_approval_of(quotes[1].quote.id)).approval
        manager = sourcing.api.as_(await world.a_manager())
        shown = await manager.call(e.show_approval, path={"id": opened.id})
        return cls(sourcing, shown, earlier, alike.number)

    @property
    def request_number(self) -> str:
        assert self.approval.facts is not None
        return self.approval.facts.request_number

    @property
    def request_id(self) -> UUID:
        return self.approval.request_id

    async def facts(self) -> dict[str, str]:
        """What has to be read in English, fact by fact, on whatever shows the decision."""
        world, order = self.sourcing.world, self.earlier
        requester, officer = await world.a_requester(), await world.an_officer()
        today = day(world.today, "en")
        needed = day(world.today + dt.timedelta(days=30), "en")
        delivery = day(world.today + dt.timedelta(days=10), "en")
        return {
            "amount": "132.00 USD",
            "vendor": self.sourcing.vendors[1].name,
            "rank and gap": "Place 2 of 3 quotes · 12.00 USD, 10% above the best",
            "who asked": requester.name,
            "for what it is paid": "IT",
            "who entered it": f"Entered by {officer.name} for {requester.name}",
            "note": NOTE,
            "same as": f"Submitted although it resembles {self.alike}",
            "summed": f"Counted together with {order.request_number} (3,300.00 USD, {requester.name})",
            "days": f"Needed {needed} · delivery about {delivery}",
            "file": "drawing.pdf",
            "on time": "Orders on time: 1 of the last 1",
            "similar": f"{self.alike} ({today}, {requester.name}, submitted)",
            "similar and bought": f"{order.request_number} ({today}, {requester.name}, completed)",
            "reason": REASON,
            "last price": "last paid 1,100.00 USD",
            "last order": order.order.number,
        }
