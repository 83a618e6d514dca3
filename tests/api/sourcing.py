"""One officer's RFQ with its vendors, over HTTP: the steps that tests of sourcing have in common."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from api.contract import endpoints as e
from api.contract.quotes import QuoteOut
from api.contract.requests import RequestOut
from api.contract.rfqs import RfqOut
from core.people.model import Person
from core.vendors.model import Vendor
from tests.support.api import Api
from tests.support.world import World

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


class Sourcing:
    """``contacts`` are those of the vendors who were asked, in order."""

    def __init__(self, api: Api, world: World, officer: Person) -> None:
        self.api, self.world, self.officer = api, world, api.as_(officer)
        self.vendors: list[Vendor] = []
        self.contacts: list[Person] = []

    async def rfq(self, *, vendors: int, **more: Any) -> RfqOut:
        """An RFQ about three laptops to so many new vendors."""
        sellers = [await self.world.a_vendor() for _ in range(vendors)]
        self.vendors, self.contacts = [each for each, _ in sellers], [each for _, each in sellers]
        request = await self.world.a_request()
        return await self._send(request.request.id, **more)

    async def ask_again(self, rfq: RfqOut) -> RfqOut:
        """A new RFQ to the same vendors."""
        return await self._send(rfq.request_id)

    async def ask(self, request_id: UUID, **more: Any) -> RfqOut:
        """The vendors that were made before."""
        return await self._send(request_id, **more)

    async def _send(self, request_id: UUID, **more: Any) -> RfqOut:
        body = {
            "vendor_ids": [str(vendor.id) for vendor in self.vendors],
            "quote_by": (self.world.now + dt.timedelta(days=3)).isoformat(),
        }
        return await self.officer.call(e.send_rfq, body | more, path={"id": request_id})

    def offer(self, rfq: RfqOut, price: str) -> dict[str, Any]:
        return {
            "rfq_id": str(rfq.id),
            "currency": "USD",
            "valid_until": str(self.world.today + dt.timedelta(days=45)),
            "lead_time_days": 10,
            "lines": [{"rfq_line_id": str(line.id), "unit_price": price} for line in rfq.lines],
        }

    async def quote(self, rfq: RfqOut, contact: Person, price: str) -> QuoteOut:
        return await self.api.as_(contact).call(e.submit_quote, self.offer(rfq, price))

    async def correct(self, rfq: RfqOut, note: str | None = None, **line: str) -> RfqOut:
        """The first line says something else."""
        lines = [{"rfq_line_id": str(rfq.lines[0].id), **line}] if line else []
        body = {"note": note, "lines": lines}
        return await self.officer.call(e.correct_rfq, body, path={"id": rfq.id})

    async def close(self, rfq: RfqOut) -> RfqOut:
        return await self.officer.call(e.close_rfq, {}, path={"id": rfq.id})

    async def request(self, rfq: RfqOut) -> RequestOut:
        return await self.officer.call(e.show_request, path={"id": rfq.request_id})

    async def quotes_of(self, caller: Api, rfq: RfqOut) -> list[QuoteOut]:
        return list((await caller.call(e.list_quotes, query={"rfq_id": str(rfq.id)})).items)

    async def upload(self, caller: Api, name: str) -> UUID:
        files = {"file": (name, PDF, "application/pdf")}
        answer = await caller.send("POST", "/documents", files=files)
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])

    async def rows(self, sql: str, **facts: Any) -> Sequence[Mapping[str, Any]]:
        """As the application's own database role."""
        async with self.world.engine.begin() as connection:
            return [dict(row.items()) for row in (await connection.execute(text(sql), facts)).all()]

    async def column(self, table: str, name: str, row_id: UUID) -> Any:
        return (await self.rows(f"SELECT {name} FROM {table} WHERE id = :id", id=row_id))[0][name]


@pytest.fixture
async def sourcing(api: Api, world: World) -> Sourcing:
    return Sourcing(api, world, await world.an_officer())
