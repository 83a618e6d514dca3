"""Who hears of a refused, changed, closed or returned order, and on which card somebody has to answer."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.approvals.states import Verdict
from core.decisions import queries as approvals
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.entries import service as entries
from core.entries.commands import EnterAcknowledgement
from core.order_changes import service as changes
from core.order_changes.commands import (
    AcceptChange,
    AskToCallOff,
    ChangedLine,
    DeclineChange,
    ProposeChange,
)
from core.orders import service as orders
from core.orders.commands import RefuseOrder
from core.orders.model import OrderDetails
from core.people.model import Person
from core.receipts import service as receipts
from core.receipts.commands import (
    CloseShort,
    ReceivedLine,
    ReceiveGoods,
    ReturnedLine,
    ReturnGoods,
)
from tests.workers.delivery.worker_env import WorkerEnv


@dataclass
class Deal:
    """An order, and the chats of vendor, officer and requester."""

    env: WorkerEnv
    order: OrderDetails
    contact: Person
    officer: Person
    requester: Person
    chats: dict[str, int]

    @classmethod
    async def of(cls, env: WorkerEnv, *, acknowledged: bool = False) -> "Deal":
        world = env.world
        vendor, contact = await world.a_vendor()
        officer, requester = await world.an_officer(), await world.a_requester()
        order = await world.an_order(acknowledged=acknowledged, vendor=vendor, contact=contact)
        people = {"vendor": contact, "officer": officer, "requester": requester}
        chats = {name: await env.link_chat(person) for name, person in people.items()}
        await env.work()
        return cls(env, order, contact, officer, requester, chats)

    async def told(self, words: str) -> set[str]:
        """Who has a message with these words."""
        await self.env.work()
        return {
            name
            for name, chat in self.chats.items()
            if any(words in message["text"] for message in await self.env.sandbox.messages(chat))
        }

    async def propose(self) -> None:
        day = self.env.world.today + dt.timedelta(days=40)
        command = ProposeChange(self.order.order.id, (), day, "the factory is late", None)
        await self.env.world.act(self.contact, changes.propose, command)

    async def receive(self) -> None:
        lines = (ReceivedLine(self.order.order.lines[0].id, Decimal(1), Decimal(0)),)
        command = ReceiveGoods(self.order.order.id, lines, "", None)
        await self.env.world.act(self.requester, receipts.receive, command)


async def test_the_vendor_is_told_that_its_confirmation_was_entered(worker_env: WorkerEnv) -> None:
    deal = await Deal.of(worker_env)
    entered = EnterAcknowledgement(deal.order.order.id, "said on the phone", (), None)
    await worker_env.world.act(deal.officer, entries.enter_acknowledgement, entered)
    told = f"{deal.officer.name} entered that you confirmed {deal.order.order.number}"
    assert await deal.told(told) == {"vendor"}


async def test_a_refused_order_is_told_to_officer_and_requester(worker_env: WorkerEnv) -> None:
    deal = await Deal.of(worker_env)
    await worker_env.world.act(
        deal.contact, orders.refuse, RefuseOrder(deal.order.order.id, "sold out", None)
    )
    assert await deal.told("The vendor refused") == {"officer", "requester"}


async def test_a_proposal_comes_to_the_officer_on_a_card_and_its_end_to_the_vendor(
    worker_env: WorkerEnv,
) -> None:
    deal = await Deal.of(worker_env)
    await deal.propose()
    assert "officer" in await deal.told("The vendor proposes a change")
    decline = DeclineChange(deal.order.order.id, "we need it now", None)
    await worker_env.world.act(deal.officer, changes.decline, decline)
    assert await deal.told("the proposal was declined: “we need it now”") == {"vendor"}
    await deal.propose()
    await worker_env.world.act(deal.officer, changes.accept, AcceptChange(deal.order.order.id, None))
    assert await deal.told("Revision 2 counts from now on") == {"vendor", "requester"}


async def test_the_vendor_does_not_read_why_the_buyer_did_not_approve_a_higher_total(
    worker_env: WorkerEnv,
) -> None:
    deal, world = await Deal.of(worker_env), worker_env.world
    order = deal.order.order
    line = ChangedLine(order.lines[0].id, unit_price=Decimal(2000))
    await world.act(deal.contact, changes.propose, ProposeChange(order.id, (line,), None, "steel", None))
    waiting = await world.act(deal.officer, changes.accept, AcceptChange(order.id, None))
    assert waiting.order.proposal is not None
    assert waiting.order.proposal.approval_id is not None
    finance = await world.a_finance()
    asked = await world.act(finance, approvals.show, waiting.order.proposal.approval_id)
    reject = Decide(asked.approval.id, Verdict.reject, asked.approval.version, "they are too dear anyway")
    await world.act(finance, decisions.decide, reject)
    assert await deal.told("the proposal was not approved") == {"vendor"}
    assert "vendor" not in await deal.told("too dear anyway")


async def test_the_vendor_is_asked_on_its_card_to_call_an_order_off(worker_env: WorkerEnv) -> None:
    deal = await Deal.of(worker_env, acknowledged=True)
    ask = AskToCallOff(deal.order.order.id, "moved out", None)
    await worker_env.world.act(deal.officer, changes.ask_to_call_off, ask)
    assert "vendor" in await deal.told("The buyer asks to end this order")
    await worker_env.world.act(deal.contact, changes.accept, AcceptChange(deal.order.order.id, None))
    assert await deal.told("was cancelled: “moved out”") == {"vendor", "requester"}


async def test_an_order_closed_short_is_told_to_vendor_and_requester(worker_env: WorkerEnv) -> None:
    deal = await Deal.of(worker_env, acknowledged=True)
    await deal.receive()
    close = CloseShort(deal.order.order.id, "the rest is sold out", None)
    await worker_env.world.act(deal.officer, receipts.close_short, close)
    assert await deal.told("no more deliveries are awaited") == {"vendor", "requester"}


async def test_returned_goods_are_told_to_vendor_and_officer(worker_env: WorkerEnv) -> None:
    deal = await Deal.of(worker_env, acknowledged=True)
    await deal.receive()
    lines = (ReturnedLine(deal.order.order.lines[0].id, Decimal(1)),)
    back = ReturnGoods(deal.order.order.id, lines, "broken", None)
    await worker_env.world.act(deal.requester, receipts.return_goods, back)
    assert await deal.told("goods are going back to the vendor") == {"vendor", "officer"}
