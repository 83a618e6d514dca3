"""How many statements each call of a purchase sends to PostgreSQL: a change of the table below is seen in review.

BEGIN (with what it sets) and COMMIT count as one each; the NOTIFY after a commit is no part of a call.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from api.contract import endpoints as e
from api.contract.requests import RequestOut
from core.kernel.ids import QuoteId
from core.log.channel import NOTIFY_CHANNEL
from core.people.model import Person
from core.policies.commands import SetPolicy
from core.policies.service import set_policy
from tests.support.api import Api
from tests.support.world import ADMINISTRATOR, POLICY, World

EXPECTED = {
    "create and submit": 5,
    "rfq": 5,
    "first quote": 8,
    "second quote": 8,
    "last quote": 9,
    "approve": 8,
    "show": 2,
    "acknowledge": 6,
    "part receipt": 5,
    "last receipt": 6,
    "list of 50": 3,
}
NO_CALLS = (NOTIFY_CHANNEL, "typeinfo_tree", "current_setting('jit')")
"""The wake-up after the commit, and what the driver asks about types once per connection."""
Counts = dict[str, int]


class Statements:
    """What the api sends while a call runs."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.counts: Counts = {}

    @asynccontextmanager
    async def of(self, call: str) -> AsyncIterator[None]:
        self.sent.clear()
        yield
        await asyncio.sleep(0)  # the driver reports a statement in the loop's next round
        self.counts[call] = len([sql for sql in self.sent if not any(other in sql for other in NO_CALLS)])


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Statements:
    """Everything that connections of the api send from now on."""
    seen, connect = Statements(), asyncpg.connect

    async def connected(*args: Any, **settings: Any) -> Any:
        driver = await connect(*args, **settings)
        if settings["server_settings"]["application_name"].startswith("parley api"):
            driver.add_query_logger(lambda record: seen.sent.append(record.query))
        return driver

    monkeypatch.setattr(asyncpg, "connect", connected)
    return seen


class PlayedPurchase:
    """One purchase from request to last receipt, by ten calls and a list."""

    def __init__(self, api: Api, world: World, statements: Statements) -> None:
        self.api, self.world, self.statements = api, world, statements
        self.numbers = count(1)

    async def play(self) -> Counts:
        world, day = self.world, self.world.today
        officer, requester = await world.an_officer(), self.api.as_(await world.a_requester())
        vendors = [await world.a_vendor() for _ in range(3)]
        made = await self.made(requester)
        async with self.statements.of("rfq"):
            rfq = await self.api.as_(officer).call(
                e.send_rfq,
                {
                    "vendor_ids": [str(vendor.id) for vendor, _ in vendors],
                    "quote_by": (world.now + dt.timedelta(days=3)).isoformat(),
                },
                path={"id": made.id},
                key=f"rfq-{made.id}",
            )
        for name, price, (_, contact) in zip(
            ("first", "second", "last"), (310, 320, 330), vendors, strict=True
        ):
            lines = [{"rfq_line_id": str(line.id), "unit_price": str(price)} for line in rfq.lines]
            body = {
                "rfq_id": str(rfq.id),
                "currency": "USD",
                "valid_until": str(day + dt.timedelta(days=45)),
                "lead_time_days": 10,
                "lines": lines,
            }
            async with self.statements.of(f"{name} quote"):
                quote = await self.api.as_(contact).call(e.submit_quote, body, key=f"{name}-{made.id}")
            if name == "first":
                best = quote.id
        await self.decided(QuoteId(best))
        async with self.statements.of("show"):
            shown = await requester.call(e.show_request, path={"id": made.id})
        assert shown.order_id is not None
        await self.delivered(requester, vendors[0][1], shown.order_id)
        async with self.statements.of("list of 50"):
            await self.api.as_(officer).call(e.list_requests, query={"limit": 50})
        return self.statements.counts

    async def made(self, requester: Api) -> RequestOut:
        body = {
            "lines": [{"description": f"Item {number}", "quantity": "3"} for number in (1, 2)],
            "currency": "USD",
            "needed_by": str(self.world.today + dt.timedelta(days=30)),
            "cost_centre": "IT",
            "submit": True,
        }
        async with self.statements.of("create and submit"):
            return await requester.call(e.create_request, body, key=f"create-{next(self.numbers)}")

    async def decided(self, best: QuoteId) -> None:
        """The approval, opened as the approvals subscriber does it, is approved by its one candidate."""
        approval = (await self.world.open_approval_of(best)).approval
        candidate = await self.world.person(approval.steps[0].candidates[0])
        body = {"approval_id": str(approval.id), "verb": "approve", "expected_version": approval.version}
        async with self.statements.of("approve"):
            await self.api.as_(candidate).call(e.decide, body, key=f"approve-{approval.id}")

    async def delivered(self, requester: Api, contact: Person, order_id: UUID) -> None:
        path = {"id": order_id}
        async with self.statements.of("acknowledge"):
            order = await self.api.as_(contact).call(
                e.acknowledge_order, {}, path=path, key=f"acknowledge-{order_id}"
            )
        for name, quantity in (("part", "1"), ("last", "2")):
            lines = [{"line_id": str(line.id), "accepted": quantity} for line in order.lines]
            async with self.statements.of(f"{name} receipt"):
                await requester.call(e.receive_order, {"lines": lines}, path=path, key=f"{name}-{order_id}")


async def test_each_call_of_a_purchase_sends_few_statements(
    statements: Statements, api: Api, world: World
) -> None:
    await world.act(ADMINISTRATOR, set_policy, SetPolicy("USD", POLICY, None, undo_seconds=0))
    purchase = PlayedPurchase(api, world, statements)
    assert await purchase.play() == EXPECTED


async def test_looking_for_duplicates_costs_no_statement(
    statements: Statements, api: Api, world: World
) -> None:
    admin, requester = api.as_(await world.an_admin()), api.as_(await world.a_requester())
    named = {"name": "Northwind", "base_currency": "USD", "locale": "en", "zone": "UTC"}
    counts = []
    for days in (0, 14):
        await admin.call(e.set_organisation, {**named, "duplicate_days": days})
        body = {
            "lines": [{"description": "Lamp", "quantity": "3"}],
            "currency": "USD",
            "needed_by": str(world.today + dt.timedelta(days=30)),
            "cost_centre": "IT",
        }
        draft = await requester.call(e.create_request, body, key=f"draft-{days}")
        accepted = {"expected_version": draft.version, "accept_duplicate": True}
        async with statements.of("submit"):
            await requester.call(e.submit_request, accepted, path={"id": draft.id}, key=f"submit-{days}")
        async with statements.of("create and submit"):
            at_once = {**body, "submit": True, "accept_duplicate": True}
            made = await requester.call(e.create_request, at_once, key=f"made-{days}")
        assert bool(made.resembles) is (days == 14)
        counts.append(dict(statements.counts))
    assert counts == [{"submit": 7, "create and submit": EXPECTED["create and submit"]}] * 2
