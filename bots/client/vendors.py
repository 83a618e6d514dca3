"""The vendor file, for a person."""

from api.contract import endpoints as e
from api.contract.values import Listing
from api.contract.vendors import VendorOut
from bots.client.caller import Caller, asked


class Vendors:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def listing(
        self, *, q: str | None = None, category: str | None = None, limit: int | None = None
    ) -> Listing[VendorOut]:
        query = asked(q=q, category=category, limit=limit)
        return await self._caller.call(e.list_vendors, None, query=query)
