"""A request for two things, asked from several vendors and split among them, over HTTP."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from api.contract import endpoints as e
from api.contract.approvals import ApprovalOut
from api.contract.awards import ComparisonOut
from api.contract.orders import OrderOut
from api.contract.quotes import QuoteOut
from api.contract.requests import RequestOut
from api.contract.rfqs import RfqOut
from core.approvals.states import ApprovalState
from core.people.model import Person
from core.policies.commands import SetPolicy
from core.policies.service import set_policy
from core.quotes.states import QuoteState
from core.requests.commands import RequestLineDraft
from tests.api.sourcing import Sourcing
from tests.support.api import Api
from tests.support.world import ADMINISTRATOR, POLICY

WANTED = (
    RequestLineDraft("Laptop", Decimal(3), "pcs", None),
    RequestLineDraft("Dock", Decimal(4), "pcs", None),
)
REASON = "Alder is cheap for laptops, Birch for docks"


class Splitting:
    """Two lines, two vendors (or more); ``prices`` per vendor: one per line, None where it does not offer it."""

    def __init__(self, sourcing: Sourcing, rfq: RfqOut, quotes: list[QuoteOut]) -> None:
        self.sourcing, self.rfq, self.quotes = sourcing, rfq, quotes
        self.world, self.officer, self.api = sourcing.world, sourcing.officer, sourcing.api

    @classmethod
    async def of(
        cls,
        sourcing: Sourcing,
        *prices: tuple[str | None, ...],
        shipping: tuple[str, ...] = (),
        currencies: tuple[str, ...] = (),
        undo_seconds: int = 0,
        alternatives: Mapping[tuple[int, int], Mapping[str, Any]] = MappingProxyType({}),
    ) -> "Splitting":
        """``alternatives``: by vendor and line."""
        world = sourcing.world
        await world.act(ADMINISTRATOR, set_policy, SetPolicy("USD", POLICY, None, undo_seconds=undo_seconds))
        sellers = [await world.a_vendor() for _ in prices]
        sourcing.vendors, sourcing.contacts = [each for each, _ in sellers], [each for _, each in sellers]
        request = await world.a_request(lines=WANTED)
        rfq = await sourcing.send(request.request.id)
        quotes = []
        for index, offered in enumerate(prices):
            body = sourcing.offer(rfq, "1") | {
                "shipping": shipping[index] if shipping else "0",
                "currency": currencies[index] if currencies else "USD",
                "lines": [
                    {"rfq_line_id": str(line.id), "alternative": alternatives.get((index, place))}
                    | ({"unit_price": price} if price else {"no_bid": True})
                    for place, (line, price) in enumerate(zip(rfq.lines, offered, strict=True))
                ],
            }
            quotes.append(await sourcing.api.as_(sourcing.contacts[index]).call(e.submit_quote, body))
        return cls(sourcing, rfq, quotes)

    def body(self, *choice: int | None, instead: Sequence[int] = (), **more: Any) -> dict[str, Any]:
        """One vendor's number per line; ``instead``: of which lines its alternative."""
        given = list(zip(self.rfq.lines, choice, strict=True))
        lines = [
            {
                "rfq_line_id": str(line.id),
                "quote_id": str(self.quotes[vendor].id),
                "alternative": self.rfq.lines.index(line) in instead,
            }
            for line, vendor in given
            if vendor is not None
        ]
        left_out = [str(line.id) for line, vendor in given if vendor is None]
        return {"lines": lines, "left_out": left_out, "reason": REASON} | more

    async def split(self, *choice: int | None, by: Api | None = None, **more: Any) -> RfqOut:
        caller = by or self.officer
        return await caller.call(e.split_award, self.body(*choice, **more), path={"id": self.rfq.id})

    async def compared(self) -> ComparisonOut:
        return await self.officer.call(e.comparison, path={"id": self.rfq.request_id})

    async def opened(self) -> ApprovalOut:
        """The approval of what is split now, opened as the subscriber does it."""
        split = (await self.compared()).split
        assert split is not None
        approval = (await self.world.open_approval_of_split(split.id)).approval
        return await self.officer.call(e.show_approval, path={"id": approval.id})

    async def approved(self) -> ApprovalOut:
        approval = await self.opened()
        while approval.state is ApprovalState.pending:
            step = next(each for each in approval.steps if each.state.value == "open")
            approver = await self.world.person(step.candidates[0].person_id)
            approval = await self.decide(approver, approval, "approve")
        return approval

    async def decide(self, who: Person, approval: ApprovalOut, verb: str, comment: str = "") -> ApprovalOut:
        body = {
            "approval_id": str(approval.id),
            "verb": verb,
            "expected_version": approval.version,
            "comment": comment,
        }
        return await self.api.as_(who).call(e.decide, body)

    async def orders(self) -> list[OrderOut]:
        query = {"request_id": str(self.rfq.request_id)}
        return sorted(
            (await self.officer.call(e.list_orders, query=query)).items, key=lambda order: order.number
        )

    async def request(self) -> RequestOut:
        return await self.sourcing.request(self.rfq)

    async def states(self) -> list[QuoteState]:
        found = {each.id: each.state for each in await self.sourcing.quotes_of(self.officer, self.rfq)}
        return [found[quote.id] for quote in self.quotes]

    async def receive(self, order: OrderOut) -> OrderOut:
        lines = [{"line_id": str(line.id), "accepted": str(line.quantity)} for line in order.lines]
        return await self.officer.call(e.receive_order, {"lines": lines}, path={"id": order.id})
