"""Whatever state a purchase is in, somebody entitled can bring it to an end, somebody can go on, and is told so."""

import datetime as dt
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property

import pytest

from core.access.actor import Actor
from core.access.roles import Role
from core.amendments import service as amendments
from core.amendments.commands import CancelRfq
from core.approvals.states import Verdict
from core.awards import selection
from core.kernel.actions import ActionVerb
from core.kernel.ids import RequestId
from core.orders.states import OrderState
from core.orders.tables import purchase_orders
from core.people import repo as people_repo
from core.purchases import repo as purchases
from core.purchases import request_queries
from core.purchases.model import Purchase
from core.quotes import service as quotes
from core.quotes.commands import DeclineRfq
from core.requests.states import ENDED, RequestState
from core.rfqs import repo as rfqs
from core.rfqs.states import RfqState
from core.split_awards import service as split_awards
from core.uow import Uow
from core.worklist import queries as worklist
from core.worklist.model import WorkKind
from tests.core.action_story import Story
from tests.core.action_walk import Thing
from tests.core.test_actions import STORIES
from tests.support.api import world
from tests.support.uow import begin
from tests.support.world import World

__all__ = ["world"]
V = ActionVerb
ENDING: Mapping[str, frozenset[ActionVerb]] = {
    "request": frozenset({V.withdraw, V.reject, V.cancel}),
    "order": frozenset(
        {V.cancel, V.refuse, V.acknowledge, V.acknowledge_for, V.receive, V.close_short, V.accept, V.decline}
    ),
}
"""What ends a purchase, or brings its goods, by what it is done to."""
AFTERWARDS = frozenset({V.edit, V.correct, V.return_goods})
"""What remains when it has ended: another request like it, and counting anew what had arrived."""
SYSTEM = Actor.system(Role.system_approvals)
NO_WAIT = dt.timedelta(0)


async def parley_goes_on(uow: Uow, purchase: Purchase) -> bool:
    """An RFQ closes at its deadline, an order is sent when its undo is over, what was chosen goes to its approvers."""
    if any(rfq.state is RfqState.open and rfq.quote_by > uow.now for rfq in purchase.rfqs):
        return True
    if any(order.state is OrderState.generated for order in purchase.orders):
        return True
    for rfq in purchase.rfqs:
        if rfq.state is RfqState.closed and rfq.selected_quote_id is not None:
            return await selection.approval_for(uow, rfq.selected_quote_id, NO_WAIT) is not None
        if rfq.state is RfqState.closed and rfq.split_award_id is not None:
            return await split_awards.approval_for(uow, rfq.split_award_id, NO_WAIT) is not None
    return False


class Ends(Story):
    """At every stop it looks at what is offered to anybody, and tries nothing."""

    stops: int = 0

    @cached_property
    def waits(self) -> defaultdict[RequestState, set[WorkKind]]:
        """What was on somebody's worklist, by the state of the request."""
        return defaultdict(set)

    async def walk(self, stage: str, request_id: RequestId) -> None:
        things = await self._things(request_id)
        offered: dict[str, set[ActionVerb]] = {thing.name: set() for thing in things}
        for person in self.people.values():
            found = await self._offered(people_repo.as_actor(person), things)
            for thing, verbs in zip(things, found, strict=True):
                offered[thing.name] |= verbs
        self.stops += 1
        self.wrong += await self._dead_ends(stage, request_id, things, offered)

    async def _dead_ends(
        self, stage: str, request_id: RequestId, things: list[Thing], offered: dict[str, set[ActionVerb]]
    ) -> list[str]:
        state = RequestState(next(thing.state for thing in things if thing.name == "request"))
        if state in ENDED:
            return [
                f"{stage}: {name} still offers {verbs}"
                for name, verbs in offered.items()
                if verbs - AFTERWARDS
            ]
        found = await self._forgotten(stage, request_id, state)
        if not any(verbs & ENDING.get(name, frozenset()) for name, verbs in offered.items()):
            found.append(f"{stage}: nobody can end it")
        sourced = state in (RequestState.submitted, RequestState.sourcing, RequestState.quoted)
        if sourced and not await self._undecided(request_id) and V.ask_vendors not in offered["request"]:
            found.append(f"{stage}: nobody can ask vendors")
        return found

    async def _forgotten(self, stage: str, request_id: RequestId, state: RequestState) -> list[str]:
        """Somebody finds it on their worklist, unless Parley itself goes on at a time that is known."""
        async with begin(self.world.engine, SYSTEM, self.world.clock) as uow:
            purchase = await purchases.load(uow, request_id)
            assert purchase is not None
            waiting = await worklist.of_purchase(uow, request_id)
            self.waits[state] |= {each.kind for each in waiting}
            drafted = state is RequestState.draft  # on nobody's list but in the own /requests
            if waiting or drafted or await parley_goes_on(uow, purchase):
                return []
        return [f"{stage}: {state.value}, and nobody has it on their worklist"]

    async def _undecided(self, request_id: RequestId) -> bool:
        async with begin(
            self.world.engine, people_repo.as_actor(self.people["admin"]), self.world.clock
        ) as uow:
            rfq = await rfqs.of_request(uow, request_id)
            return rfq is not None and rfq.undecided


async def the_only_bidder_is_rejected(story: Story) -> None:
    """Of one quote, of the last one that was left, and by ending the request."""
    for verb, stage in ((Verdict.reject, "rejected"), (Verdict.reject_request, "rejected as such")):
        [quote] = await story.quoted("1100")
        declined = DeclineRfq(story.rfq.rfq.id, "sold out")
        await story.world.act(story.vendors[1][1], quotes.decline, declined)
        await story.opened(quote)
        await story.decided(verb, "manager", comment="not this one")
        await story.at(f"the only bidder is {stage}")


async def called_off_and_asked_again(story: Story) -> None:
    await story.quoted("1100")
    cancel = CancelRfq(story.rfq.rfq.id, "wrong model", None)
    await story.world.act(story.people["officer"], amendments.cancel, cancel)
    await story.at("called off")
    story.rfq = await story.world.an_rfq(story.request, to=[story.vendors[0][0]])
    await story.at("asked again")
    quote = await story.world.a_quote(story.rfq, story.vendors[0][1])
    await story.opened(quote.quote.id)
    await story.decided(Verdict.approve, "manager", "finance")
    await story.at("ordered after all")


MORE: tuple[Callable[[Story], Awaitable[None]], ...] = (
    the_only_bidder_is_rejected,
    called_off_and_asked_again,
)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("tell", [*STORIES, *MORE], ids=lambda story: str(story.__name__))
async def test_somebody_can_always_end_a_purchase_or_go_on(
    world: World, tell: Callable[[Story], Awaitable[None]]
) -> None:
    story = await Ends.of(world)
    await tell(story)
    assert story.wrong == []
    assert story.stops >= 1


async def test_the_walk_finds_a_dead_end(world: World) -> None:
    """Without the right to reject, cancel, or withdraw, and with no RFQ, a request would be stuck."""
    story = await Ends.of(world)
    story.request = await world.a_request()
    story.people = {"auditor": story.people["auditor"], "admin": await world.a_finance()}
    await story.at("only readers")
    assert story.wrong == ["only readers: nobody can end it", "only readers: nobody can ask vendors"]
    found = await world.act(await world.an_officer(), request_queries.show, story.request.request.id)
    assert found.request.state is RequestState.submitted


async def test_the_walk_finds_what_is_on_nobodys_list(world: World) -> None:
    """An order in a state that no use case leads to."""
    story = await Ends.of(world)
    order_id = await story.ordered()
    await story.at("issued")
    assert story.wrong == []
    assert WorkKind.acknowledge in story.waits[RequestState.ordered]
    async with begin(world.engine, SYSTEM, world.clock) as uow:
        stuck = purchase_orders.update().where(purchase_orders.c.id == order_id)
        await uow.connection.execute(stuck.values(state=OrderState.received.value))
    await story.at("received")
    assert "received: ordered, and nobody has it on their worklist" in story.wrong
