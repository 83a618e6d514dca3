"""From every state that an order can be in, somebody entitled can bring it to an end.

The walk starts at an issued order and tries everything that is offered to anybody, again in every new state. A state is
what decides about the next step: the order's state, whether something arrived or is kept, who is bound, who is asked.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals import repo as approvals
from core.approvals.states import Verdict
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.kernel.actions import ActionVerb
from core.log.tables import audit_events
from core.order_changes import service as changes
from core.order_changes.commands import (
    AcceptChange,
    AskToCallOff,
    ChangedLine,
    DeclineChange,
    ProposeChange,
    TakeBackChange,
)
from core.orders import queries as order_queries
from core.orders import repo as order_repo
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder, CancelOrder, RefuseOrder
from core.orders.model import Order
from core.orders.states import OrderState
from core.people.model import Person
from core.purchases import request_queries
from core.receipts import service as receipts
from core.receipts.commands import (
    CloseShort,
    CorrectReceipt,
    ReceivedLine,
    ReceiveGoods,
    ReturnedLine,
    ReturnGoods,
)
from core.receipts.tables import receipts as receipts_table
from tests.core.action_walk import Call
from tests.support.uow import begin
from tests.support.world import World

V = ActionVerb
SYSTEM = Actor.system(Role.system_approvals)
ENDS = {"completed", "cancelled"}
MOST_STATES = 80


@dataclass(frozen=True)
class Place:
    """Where an order is, as far as the next step depends on it."""

    state: str
    confirmed: bool
    touched: bool
    kept: bool
    asked: str
    """Who is asked about which kind of proposal; nobody: ``-``."""
    request: str


Path = tuple[str, ...]
Moves = Mapping[str, tuple[str, Call]]
"""By name: who makes the move, and the call."""


@dataclass
class Explorer:
    """Tries moves on fresh orders; a path is replayed from the start, so that no state is made up."""

    world: World
    vendor: Person
    officer: Person
    requester: Person
    order: Order
    edges: dict[Place, dict[str, Place]] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)

    @classmethod
    async def of(cls, world: World) -> "Explorer":
        vendor, contact = await world.a_vendor()
        order = (await world.an_order(vendor=vendor, contact=contact)).order
        return cls(world, contact, await world.an_officer(), await world.a_requester(), order)

    async def again(self) -> None:
        """A fresh order of the same vendor."""
        vendor, contact = await self.world.a_vendor()
        self.vendor = contact
        self.order = (await self.world.an_order(vendor=vendor, contact=contact)).order

    def who(self, name: str) -> Person:
        people: dict[str, Person] = {
            "vendor": self.vendor,
            "officer": self.officer,
            "requester": self.requester,
        }
        return people[name] if name in people else self.world.known[Role(name)]

    async def reload(self) -> Order:
        async with begin(self.world.engine, SYSTEM, self.world.clock) as uow:
            self.order = await order_repo.load(uow, self.order.id)
        return self.order

    async def place(self) -> Place:
        order = await self.reload()
        request = await self.world.act(self.officer, request_queries.show, order.request_id)
        proposal = order.proposal
        asked = "-"
        if proposal is not None:
            kind = "end" if proposal.calls_off else "terms"
            asked = f"{proposal.by} {kind} {'approval' if proposal.approval_id else 'open'}"
        bound = order.acknowledged_at is not None
        state = request.request.state.value
        return Place(order.state.value, bound, order.touched, order.kept, asked, state)

    async def moves(self) -> dict[str, tuple[str, Call]]:
        """What is offered to the three now, and the decision of whoever is asked about a higher total."""
        order = self.order
        receipt_id = await self._receipt_id()
        found: dict[str, tuple[str, Call]] = {}
        for name in ("vendor", "officer", "requester"):
            shown = await self.world.act(self.who(name), order_queries.show, order.id)
            offered = {action.verb for action in shown.actions}
            for move, (verb, call) in _calls(order, receipt_id, self.world.today).items():
                if verb in offered:
                    found[f"{name}: {move}"] = name, call
        async with begin(self.world.engine, SYSTEM, self.world.clock) as uow:
            approval = await approvals.pending_of_purchase(uow, order.request_id)
        if approval is not None:
            for verdict in (Verdict.approve, Verdict.reject):
                command = Decide(approval.id, verdict, approval.version, "for this once")
                found[f"finance: {verdict}"] = "finance", (decisions.decide, command)
        return found

    async def _receipt_id(self) -> UUID | None:
        column = receipts_table.c
        mine = select(column.id).where(column.order_id == self.order.id, column.kind == "receipt")
        async with self.world.engine.connect() as connection:
            found: UUID | None = await connection.scalar(mine.order_by(column.id.desc()).limit(1))
        return found

    async def make(self, move: str) -> Place:
        name, (use_case, command) = (await self.moves())[move]
        await self.world.act(self.who(name), use_case, command)
        return await self.place()

    async def explore(self) -> None:
        """Breadth first, one fresh order per move."""
        waiting: list[tuple[Place, Path]] = [(await self.place(), ())]
        known = {waiting[0][0]}
        while waiting:
            place, path = waiting.pop(0)
            self.edges[place] = {}
            for move in await self._moves_after(path):
                await self._replay(path)
                following = await self.make(move)
                self.edges[place][move] = following
                await self._remember_events()
                if following not in known:
                    assert len(known) < MOST_STATES
                    known.add(following)
                    waiting.append((following, (*path, move)))

    async def _moves_after(self, path: Path) -> list[str]:
        await self._replay(path)
        return list(await self.moves())

    async def _replay(self, path: Path) -> None:
        await self.again()
        for move in path:
            await self.make(move)

    async def _remember_events(self) -> None:
        async with self.world.engine.connect() as connection:
            column = audit_events.c
            found = await connection.scalars(select(column.type).where(column.subject_id == self.order.id))
            self.events |= set(found)


def _calls(order: Order, receipt_id: UUID | None, today: dt.date) -> dict[str, tuple[ActionVerb, Call]]:
    line = order.lines[0]
    later = today + dt.timedelta(days=30)
    dearer = ChangedLine(line.id, None, Decimal(2000), None)

    def received(accepted: Decimal, rejected: Decimal) -> Call:
        lines = (ReceivedLine(line.id, accepted, rejected),)
        return receipts.receive, ReceiveGoods(order.id, lines, "", None)

    moves: dict[str, tuple[ActionVerb, Call]] = {
        "acknowledge": (V.acknowledge, (orders.acknowledge, AcknowledgeOrder(order.id, "", None))),
        "refuse": (V.refuse, (orders.refuse, RefuseOrder(order.id, "sold out", None))),
        "cancel": (V.cancel, (orders.cancel, CancelOrder(order.id, "needless", None))),
        "later": (V.change, (changes.propose, ProposeChange(order.id, (), later, "late", None))),
        "call off": (V.call_off, (changes.ask_to_call_off, AskToCallOff(order.id, "needless", None))),
        "accept": (V.accept, (changes.accept, AcceptChange(order.id, None))),
        "decline": (V.decline, (changes.decline, DeclineChange(order.id, "too late", None))),
        "take back": (V.withdraw, (changes.take_back, TakeBackChange(order.id, None))),
        "close short": (V.close_short, (receipts.close_short, CloseShort(order.id, "enough", None))),
        "receive the rest": (V.receive, received(line.quantity - line.accepted, Decimal(0))),
    }
    if order.revision == 1 and line.unit_price < 2000:
        dear = ProposeChange(order.id, (dearer,), None, "dearer", None)
        moves["dearer"] = (V.change, (changes.propose, dear))
    if not line.accepted:
        moves["receive one"] = (V.receive, received(Decimal(1), Decimal(0)))
    if not line.rejected:
        moves["reject one"] = (V.receive, received(Decimal(0), Decimal(1)))
    if receipt_id is not None and line.accepted and not line.returned:
        nothing = (ReceivedLine(line.id, Decimal(0), Decimal(0)),)
        correct = CorrectReceipt(order.id, receipt_id, nothing, "never came", None)
        moves["correct to nothing"] = (V.correct, (receipts.correct, correct))
    if line.accepted and not line.returned:
        back = ReturnGoods(order.id, (ReturnedLine(line.id, Decimal(1)),), "broken", None)
        moves["return one"] = (V.return_goods, (receipts.return_goods, back))
    return moves


def _ending_in(edges: Mapping[Place, Mapping[str, Place]]) -> set[Place]:
    """The places from which some way leads to an end."""
    good = {place for place in edges if place.state in ENDS}
    grown = True
    while grown:
        more = {place for place, moves in edges.items() if set(moves.values()) & good} - good
        good |= more
        grown = bool(more)
    return good


@pytest.mark.timeout(600)
async def test_somebody_entitled_can_bring_every_order_to_an_end(world: World) -> None:
    await world.a_finance()
    explorer = await Explorer.of(world)
    await explorer.explore()
    edges = explorer.edges
    assert {place for place in edges if place not in _ending_in(edges)} == set()
    assert {place.state for place in edges} == set(OrderState) - {"generated", "received", "on_hold"}
    assert all(place.request in ("ordered", "completed", "sourcing") for place in edges)
    assert all((place.request == "completed") == (place.state == "completed") for place in edges)
    assert all((place.request == "sourcing") == (place.state == "cancelled") for place in edges)
    by_officer = {
        place for place, moves in edges.items() if any(move.startswith("officer") for move in moves)
    }
    assert {place.state for place in set(edges) - by_officer} <= ENDS, (
        "an officer never has to wait for others"
    )
    assert not EXPECTED_EVENTS - explorer.events


EXPECTED_EVENTS = {
    "order.acknowledged",
    "order.declined",
    "order.cancelled",
    "order.received",
    "order.receipt_corrected",
    "order.goods_returned",
    "order.closed_short",
    "order.completed",
    "order.reopened",
    "order.change_proposed",
    "order.change_accepted",
    "order.change_declined",
    "order.change_taken_back",
    "order.revised",
}
