"""Purchases as the rules see them: bought before, bought now, and what is found about it."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.model import Approval
from core.checks.model import CheckRule
from core.decisions import queries as decisions
from core.findings import repo, service
from core.findings.model import KeptFinding
from core.people.model import Person
from core.requests.commands import RequestLineDraft
from core.vendors.model import Vendor
from tests.support.uow import begin
from tests.support.world import World

SYSTEM = Actor.system(Role.system_insights)


def laptops(quantity: str = "3", unit: str = "pcs", what: str = "Laptop 14 inch") -> RequestLineDraft:
    return RequestLineDraft(what, Decimal(quantity), unit, Decimal(1200))


@dataclass(frozen=True)
class Case:
    """One company with one vendor, from whom it buys laptops."""

    world: World
    vendor: Vendor
    contact: Person

    @classmethod
    async def begin(cls, world: World, currency: str = "USD") -> "Case":
        await world.a_finance()
        return cls(world, *await world.a_vendor(currency))

    async def proposed(
        self,
        price: str,
        *,
        by: Person | None = None,
        line: RequestLineDraft | None = None,
        currency: str = "USD",
    ) -> Approval:
        """An open approval of a quote from the vendor."""
        request = await self.world.a_request(by, lines=(line or laptops(),))
        rfq = await self.world.an_rfq(request, to=[self.vendor])
        quote = await self.world.a_quote(rfq, self.contact, price, currency)
        return (await self.world.open_approval_of(quote.quote.id)).approval

    async def bought(
        self, *prices: str, line: RequestLineDraft | None = None, currency: str = "USD"
    ) -> list[Approval]:
        """Orders at these prices, the oldest first."""
        made = []
        for price in prices:
            approval = await self.proposed(price, line=line, currency=currency)
            details = await self.world.act(await self.world.an_auditor(), decisions.show, approval.id)
            made.append((await self.world.approved(details)).approval)
        return made

    async def found(self, approval: Approval) -> list[KeptFinding]:
        """What the rules keep of an approval."""
        async with begin(self.world.engine, SYSTEM, self.world.clock) as uow:
            await service.check_approval(uow, SYSTEM, approval.id)
        return await self.kept(approval.request_id)

    async def rules_of(self, approval: Approval) -> set[CheckRule]:
        return {finding.rule for finding in await self.found(approval)}

    async def kept(self, request_id: UUID) -> list[KeptFinding]:
        async with begin(self.world.engine, SYSTEM, self.world.clock) as uow:
            return await repo.of_purchases(uow, [request_id])
