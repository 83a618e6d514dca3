"""Delegations, for a person."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.approvals import CandidateOut
from api.contract.delegations import DelegationIn, DelegationOut
from api.contract.values import Listing
from bots.client.caller import ApiSlice


class DelegationsApi(ApiSlice):
    async def create(self, body: DelegationIn, *, key: str) -> DelegationOut:
        return await self._caller.call(e.delegate, body, key=key)

    async def mine(self) -> Listing[DelegationOut]:
        """Given and received, as long as they count."""
        return await self._caller.call(e.list_delegations, None)

    async def colleagues(self) -> Listing[CandidateOut]:
        """Who could stand in."""
        return await self._caller.call(e.list_colleagues, None)

    async def end(self, delegation_id: UUID, *, key: str) -> None:
        await self._caller.call(e.end_delegation, None, key=key, path={"id": delegation_id})
