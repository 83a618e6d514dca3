"""Findings, for a person."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.findings import DismissFindingIn, FindingOut, ReviewFindingIn, UsualQuantityOut
from api.contract.values import Listing
from bots.client.caller import ApiSlice


class FindingsApi(ApiSlice):
    async def waiting(self, *, limit: int, request_id: UUID | None = None) -> Listing[FindingOut]:
        """The newest that nobody has settled, of one purchase or of all."""
        query = {"state": "waiting", "limit": str(limit)}
        if request_id is not None:
            query["request_id"] = str(request_id)
        return await self._caller.call(e.list_findings, None, query=query)

    async def show(self, finding_id: UUID) -> FindingOut:
        return await self._caller.call(e.show_finding, None, path={"id": finding_id})

    async def dismiss(self, finding_id: UUID, body: DismissFindingIn, *, key: str) -> FindingOut:
        return await self._caller.call(e.dismiss_finding, body, key=key, path={"id": finding_id})

    async def hold(self, finding_id: UUID, body: ReviewFindingIn, *, key: str) -> FindingOut:
        return await self._caller.call(e.hold_finding, body, key=key, path={"id": finding_id})

    async def confirm(self, finding_id: UUID, body: ReviewFindingIn, *, key: str) -> FindingOut:
        return await self._caller.call(e.confirm_finding, body, key=key, path={"id": finding_id})

    async def usual_quantity(self, *, description: str, unit: str, quantity: str) -> UsualQuantityOut:
        """What is usual, when this is far above it."""
        query = {"description": description, "unit": unit, "quantity": quantity}
        return await self._caller.call(e.usual_quantity, None, query=query)
