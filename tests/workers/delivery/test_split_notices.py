"""What people hear of a split award: the approver gets one card, each vendor its own order, and the rest by name."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.approvals import repo as approval_repo
from core.approvals.states import ApprovalState
from core.decisions import queries as approvals
from core.kernel.ids import ApprovalId
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.order_changes import service as changes
from core.order_changes.commands import AcceptChange, ChangedLine, ProposeChange
from core.orders import repo as orders_repo
from core.orders import service as orders
from core.orders.commands import CancelOrder, RefuseOrder
from core.orders.model import Order
from core.people.model import Person
from core.policies.commands import Tier
from core.quotes.service import submit_quote
from core.requests.commands import RequestLineDraft
from core.rfqs.model import RfqDetails
from tests.core.decisions.test_separation import named
from tests.support.uow import begin
from tests.support.world import ADMINISTRATOR, role_step
from tests.workers.delivery.test_cards import labels
from tests.workers.delivery.worker_env import WorkerEnv

ZERO = Decimal(0)
WANTED = [RequestLineDraft(name, Decimal(1), "pcs", None) for name in ("Laptop", "Dock")]


@dataclass
class Deal:
    """Three vendors have quoted; the first two get a line each."""

    env: WorkerEnv
    rfq: RfqDetails
    people: dict[str, Person]
    chats: dict[str, int]

    @classmethod
    async def of(cls, env: WorkerEnv) -> "Deal":
        world = env.world
        sellers = [await world.a_vendor() for _ in range(3)]
        people = {
            "officer": await world.an_officer(),
            "requester": await world.a_requester(),
            "manager": await world.a_manager(),
            "first": sellers[0][1],
            "second": sellers[1][1],
            "third": sellers[2][1],
        }
        chats = {name: await env.link_chat(person) for name, person in people.items()}
        request = await world.a_request(lines=WANTED)
        rfq = await world.an_rfq(request, to=[vendor for vendor, _ in sellers])
        quotes = [
            await world.a_quote(rfq, contact, price)
            for (_, contact), price in zip(sellers, ("700", "800", "900"), strict=True)
        ]
        await env.work()
        await world.a_split(rfq, quotes[0], quotes[1])
        await env.work()
        return cls(env, rfq, people, chats)

    async def told(self, words: str) -> set[str]:
        """Who has a message with these words, after the pauses between two messages to one chat."""
        await self.env.settle()
        return {
            name
            for name, chat in self.chats.items()
            if any(words in message["text"] for message in await self.env.sandbox.messages(chat))
        }

    async def ordered(self) -> list[Order]:
        """Approved by whoever is asked; the orders in the order of the lines."""
        request_id: UUID = self.rfq.rfq.request_id
        async with begin(self.env.world.engine, ADMINISTRATOR, self.env.clock) as uow:
            pending = await approval_repo.pending_of_purchase(uow, request_id)
        assert pending is not None
        assert pending.state is ApprovalState.pending
        auditor = await self.env.world.an_auditor()
        details = await self.env.world.act(auditor, approvals.show, ApprovalId(pending.id))
        await self.env.world.approved(details)
        await self.env.work()
        async with begin(self.env.world.engine, ADMINISTRATOR, self.env.clock) as uow:
            return await orders_repo.live_of_request(uow, request_id)


async def test_the_approver_gets_one_card_with_the_sum_and_each_vendor_its_own_order(
    worker_env: WorkerEnv,
) -> None:
    deal = await Deal.of(worker_env)
    assert await deal.told("1,500.00 USD from") == {"manager"}
    first, second = await deal.ordered()
    assert "first" in await deal.told(first.number)
    assert "second" not in await deal.told(first.number)
    assert "first" not in await deal.told(second.number)
    assert "second" in await deal.told(second.number)
    assert await deal.told("another vendor was chosen") == {"third"}, "nobody who got a line lost"


async def test_what_is_not_bought_any_more_is_told_to_officer_and_requester(worker_env: WorkerEnv) -> None:
    deal = await Deal.of(worker_env)
    _, second = await deal.ordered()
    refuse = RefuseOrder(second.id, "sold out", None)
    await worker_env.world.act(deal.people["second"], orders.refuse, refuse)
    assert await deal.told("this is not ordered any more: Dock") == {"officer", "requester"}
    assert await deal.told("The other orders go on") >= {"officer", "requester"}
    assert await deal.told("Another quote can be proposed") == set()


async def test_with_the_last_order_everything_is_told_as_with_a_single_one(worker_env: WorkerEnv) -> None:
    deal = await Deal.of(worker_env)
    first, second = await deal.ordered()
    cancel = CancelOrder(first.id, "wrong model", None)
    await worker_env.world.act(deal.people["officer"], orders.cancel, cancel)
    refuse = RefuseOrder(second.id, "sold out", None)
    await worker_env.world.act(deal.people["second"], orders.refuse, refuse)
    assert await deal.told("Another quote can be proposed") == {"officer", "requester"}


async def test_where_no_quote_prices_every_line_the_officer_is_told(worker_env: WorkerEnv) -> None:
    world = worker_env.world
    sellers = [await world.a_vendor() for _ in range(2)]
    officer = await world.an_officer()
    chat = await worker_env.link_chat(officer)
    rfq = await world.an_rfq(await world.a_request(lines=WANTED), to=[vendor for vendor, _ in sellers])
    for number, (_, contact) in enumerate(sellers):
        lines = tuple(
            QuoteLineDraft(line.id, Decimal(50) if place == number else None, None, no_bid=place != number)
            for place, line in enumerate(rfq.rfq.lines)
        )
        until = world.today + dt.timedelta(days=40)
        await world.act(contact, submit_quote, SubmitQuote(rfq.rfq.id, "USD", until, 5, ZERO, "", lines, ()))
    await worker_env.advance(dt.timedelta(hours=20))
    await worker_env.settle()
    told = [message["text"] for message in await worker_env.sandbox.messages(chat)]
    assert any("no quote prices every line, so none was chosen automatically (Q-" in text for text in told), (
        told
    )


async def test_each_of_two_dearer_orders_that_nobody_can_approve_reaches_an_administrator(
    worker_env: WorkerEnv,
) -> None:
    world = worker_env.world
    deal = await Deal.of(worker_env)
    placed = await deal.ordered()
    admin = await world.an_admin()
    chat = await worker_env.link_chat(admin)
    officer = deal.people["officer"]
    small = Tier("small", Decimal(2000), (), (), (role_step("manager"),))
    await world.a_policy([small, Tier("large", None, (), (), (named("nobody else", officer),))])
    for order, name in zip(placed, ("first", "second"), strict=True):
        lines = (ChangedLine(order.lines[0].id, None, Decimal(1600)),)
        change = ProposeChange(order.id, lines, None, "copper is dear", None)
        await world.act(deal.people[name], changes.propose, change)
        await world.act(officer, changes.accept, AcceptChange(order.id, None))
    await worker_env.settle()
    cards = [each for each in await worker_env.sandbox.messages(chat) if "Reassign…" in labels(each)]
    for order in placed:
        assert any(order.number in card["text"] for card in cards), cards
