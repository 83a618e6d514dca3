"""What is offered is accepted, and what is not offered is refused: every state, every role, every verb."""

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal

import pytest

from core.amendments import service as amendments
from core.amendments.commands import CancelRfq, CorrectRfq
from core.approvals import repo as approval_repo
from core.approvals.states import ApprovalState, Verdict
from core.awards import service as awards
from core.awards.commands import CloseRfq, ProposeQuote
from core.clarifications import service as clarifications
from core.clarifications.commands import AnswerRfqQuestion, AskRfqQuestion
from core.completions import service as completions
from core.completions.commands import AskToComplete
from core.decisions import service as decisions
from core.decisions.commands import AnswerQuestion
from core.issuing import service as issuing
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.order_changes import service as changes
from core.order_changes.commands import AcceptChange, AskToCallOff, ChangedLine, ProposeChange
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder, CancelOrder, IssueOrder, RefuseOrder
from core.orders.queries import show as show_order
from core.orders.states import OrderState
from core.purchases import request_queries
from core.quotes import service as quotes
from core.quotes.commands import DeclineRfq, WithdrawQuote
from core.quotes.states import QuoteState
from core.receipts import service as receipts
from core.receipts.commands import CloseShort, ReceivedLine, ReceiveGoods
from core.rejections import service as rejections
from core.rejections.commands import RejectRequest
from core.removals import service as removals
from core.removals.commands import DropLines
from core.requests import service as requests
from core.requests.commands import (
    CancelRequest,
    CreateRequest,
    RequestLineDraft,
    SubmitRequest,
    TakeBackRequest,
    WithdrawRequest,
)
from core.requests.states import RequestState
from core.rfqs.states import RfqState
from tests.core.action_story import DAY, DEADLINES, MINUTE, Story
from tests.support.api import world
from tests.support.uow import begin
from tests.support.world import World

__all__ = ["world"]

UNMET = {
    ("request", "approved"): "an approval orders in the same transaction",
    ("order", "received"): "the last receipt completes the order in the same transaction",
    ("order", "on_hold"): "nothing leads there yet",
    ("approval", "expired"): "nothing leads there yet",
}
"""States that no purchase is found in, and why."""


async def drafts(story: Story) -> None:
    world, requester = story.world, story.people["requester"]
    story.request = await world.a_request(submit=False)
    await story.at("draft")
    request = story.request.request
    story.clock.advance(40 * DAY)
    await story.at("a draft whose day is past")
    story.clock.advance(-40 * DAY)
    await world.act(requester, requests.submit, SubmitRequest(request.id, request.version))
    await story.at("submitted")
    await world.act(requester, requests.withdraw, WithdrawRequest(request.id, 2, None))
    await story.at("withdrawn")
    story.request = await world.a_request(story.people["officer"], submit=False)
    await story.at("an officer's own draft")


async def entering(story: Story) -> None:
    """An officer writes it for a requester: a draft, submitted, taken back and submitted by whom it is for."""
    asking = story.people["requester"]
    lines = tuple(RequestLineDraft(item, Decimal(2), "pcs", Decimal(80)) for item in ("Chair", "Desk"))
    needed_by = story.world.today + 30 * DAY
    command = CreateRequest(lines, "USD", needed_by, "IT", "", submit=False, on_behalf_of=asking.id)
    officer = story.people["officer"]
    story.request = await story.world.act(officer, requests.create, command)
    request_id = story.request.request.id
    await story.at("entered")
    await story.world.act(officer, requests.submit, SubmitRequest(request_id, 1))
    await story.at("submitted for somebody")
    await story.world.act(officer, requests.take_back, TakeBackRequest(request_id, 2))
    await story.world.act(asking, requests.submit, SubmitRequest(request_id, 3))
    drop = DropLines(request_id, (story.request.request.lines[0].id,), None, 4)
    await story.world.act(asking, removals.drop_lines, drop)
    await story.at("one line is left")


async def the_rfq(story: Story) -> None:
    world, (first, second) = story.world, (contact for _, contact in story.vendors)
    await story.asked()
    await story.at("vendors asked")
    quote = await world.a_quote(story.rfq, first)
    await story.at("one has quoted")
    await world.act(first, quotes.withdraw_quote, WithdrawQuote(quote.quote.id, None, None))
    await story.at("quote withdrawn")
    await world.act(second, quotes.decline, DeclineRfq(story.rfq.rfq.id, "no stock"))
    await story.at("one has declined")
    asked = await world.act(second, clarifications.ask, AskRfqQuestion(story.rfq.rfq.id, "Which colour?"))
    await story.at("one has a question")
    answer = AnswerRfqQuestion(story.rfq.rfq.id, asked.id, "Grey.", None)
    await world.act(story.people["officer"], clarifications.answer, answer)
    await story.at("the question is answered")
    story.clock.advance(4 * DAY)
    await story.at("past the deadline, before the scheduler")
    await world.act(DEADLINES, awards.close_due, story.rfq.rfq.id)
    await story.at("unsuccessful")
    story.rfq = await world.an_rfq(story.request, to=[story.vendors[0][0]])
    await story.at("asked again")
    request = await world.act(story.people["officer"], request_queries.show, story.request.request.id)
    cancel = CancelRequest(request.request.id, request.request.version, "needless")
    await world.act(story.people["officer"], requests.cancel, cancel)
    await story.at("cancelled")


async def correcting(story: Story) -> None:
    world, officer = story.world, story.people["officer"]
    await story.quoted("1100")
    correct = CorrectRfq(story.rfq.rfq.id, "in blue", (), (), None)
    await world.act(officer, amendments.correct, correct)
    await story.at("corrected after one has quoted")
    cancel = CancelRfq(story.rfq.rfq.id, "wrong model", None)
    await world.act(officer, amendments.cancel, cancel)
    await story.at("called off")
    request = await world.act(officer, request_queries.show, story.request.request.id)
    reject = RejectRequest(request.request.id, request.request.version, "not needed")
    await world.act(officer, rejections.reject, reject)
    await story.at("the request is rejected")


async def choosing(story: Story) -> None:
    world, officer = story.world, story.people["officer"]
    [cheap] = await story.quoted("1100")
    await world.act(officer, awards.close, CloseRfq(story.rfq.rfq.id, None))
    await story.at("closed early, one quote selected")
    await world.act(
        story.people["first vendor"], quotes.withdraw_quote, WithdrawQuote(cheap, "sold out", None)
    )
    await story.at("the selected quote withdrawn")
    [_, dearer] = await story.quoted("1100", "1200")
    story.clock.advance(46 * DAY)
    await story.at("quotes whose validity has ended, before the scheduler")
    await world.act(DEADLINES, quotes.expire_quote, dearer)
    await story.at("expired")


async def an_incomplete_quote(story: Story) -> None:
    await story.quoted("1100")
    lines = tuple(
        QuoteLineDraft(line.id, None if index else Decimal(900), None, no_bid=bool(index))
        for index, line in enumerate(story.rfq.rfq.lines)
    )
    until = story.world.today + 30 * DAY
    command = SubmitQuote(story.rfq.rfq.id, "USD", until, 5, Decimal(0), "", lines, ())
    await story.world.act(story.people["second vendor"], quotes.submit_quote, command)
    await story.at("one quote is incomplete")


async def lines_left_out(story: Story) -> None:
    """Not mentioned at first, asked for, and offered by nobody in the end."""
    world, vendor, officer = story.world, story.people["second vendor"], story.people["officer"]
    await story.asked()
    declined = DeclineRfq(story.rfq.rfq.id, "sold out")
    await world.act(story.people["first vendor"], quotes.decline, declined)
    first, second = story.rfq.rfq.lines
    until = world.today + 30 * DAY

    def offer(*lines: QuoteLineDraft) -> SubmitQuote:
        return SubmitQuote(story.rfq.rfq.id, "USD", until, 5, Decimal(0), "", lines, ())

    laptops = QuoteLineDraft(first.id, Decimal(900), None, no_bid=False)
    made = await world.act(vendor, quotes.submit_quote, offer(laptops))
    await story.at("a line is not mentioned, and the RFQ waits")
    ask = AskToComplete(story.rfq.rfq.id, made.quote.id, None)
    await world.act(officer, completions.ask, ask)
    await story.at("asked to complete")
    await world.act(
        vendor, quotes.submit_quote, offer(laptops, QuoteLineDraft(second.id, None, None, no_bid=True))
    )
    await story.at("only a quote without every line is left")
    propose = ProposeQuote(story.rfq.rfq.id, made.quote.id, "bags come later", None)
    await world.act(officer, awards.propose, propose)
    await story.opened(made.quote.id)
    await story.decided(Verdict.approve, "manager")
    await story.at("ordered without that line")


async def deciding(story: Story) -> None:
    world = story.world
    [cheap, dearer] = await story.quoted("2000", "2100")
    await story.at("selected, no approval yet")
    await story.opened(cheap)
    await story.decided(Verdict.ask, "manager", comment="how many?")
    await story.at("a question is open")
    await world.act(story.people["requester"], decisions.answer, AnswerQuestion(story.approval.id, "three"))
    await story.at("answered")
    propose = ProposeQuote(story.rfq.rfq.id, dearer, "sooner", None)
    await world.act(story.people["officer"], awards.propose, propose)
    await story.at("another quote proposed")
    await story.opened(dearer)
    await story.decided(Verdict.approve, "deputy")
    await story.at("the first step approved")
    await story.decided(Verdict.reject, "finance", comment="too dear")
    await story.at("rejected")


async def undoing(story: Story) -> None:
    [cheap, _] = await story.quoted("2000", "2100")
    await story.opened(cheap)
    await story.decided(Verdict.approve, "manager", "finance")
    await story.at("approved, the order waits")
    await story.decided(Verdict.undo, "finance")
    await story.at("undone")
    await story.decided(Verdict.approve, "finance")
    story.clock.advance(2 * MINUTE)
    await story.at("too late to undo, before the scheduler")


async def receiving(story: Story) -> None:
    world, requester = story.world, story.people["requester"]
    order_id = await story.ordered()
    await story.at("issued")
    await world.act(story.people["first vendor"], orders.acknowledge, AcknowledgeOrder(order_id, "", None))
    await story.at("acknowledged")
    lines = (await world.act(requester, show_order, order_id)).order.lines
    for stage, amount in (("partly received", 1), ("completed", 2)):
        arrived = tuple(ReceivedLine(line.id, Decimal(amount), Decimal(0)) for line in lines)
        await world.act(requester, receipts.receive, ReceiveGoods(order_id, arrived, "", None))
        await story.at(stage)


async def cancelling(story: Story) -> None:
    order_id = await story.ordered()
    cancel = CancelOrder(order_id, "wrong model", None)
    await story.world.act(story.people["officer"], orders.cancel, cancel)
    await story.at("order cancelled")


async def changing(story: Story) -> None:
    """A dearer offer waits for finance alone, who reject it; the next one is approved."""
    world, vendor, officer = story.world, story.people["first vendor"], story.people["officer"]
    [cheap, _] = await story.quoted("500", "2100")
    await story.opened(cheap)
    await story.decided(Verdict.approve, "manager")
    order_id = await story.order_id()
    story.clock.advance(2 * MINUTE)
    await world.act(DEADLINES, issuing.issue, IssueOrder(order_id))
    for verb in (Verdict.reject, Verdict.approve):
        line = (await world.act(officer, show_order, order_id)).order.lines[0]
        dearer = ChangedLine(line.id, None, Decimal(3000), None)
        await world.act(vendor, changes.propose, ProposeChange(order_id, (dearer,), None, "dearer", None))
        await story.at("change proposed")
        await world.act(officer, changes.accept, AcceptChange(order_id, None))
        async with begin(world.engine, DEADLINES, world.clock) as uow:
            pending = await approval_repo.pending_of_purchase(uow, story.request.request.id)
        assert pending is not None
        story.approval = pending
        await story.at(f"accepted, {verb} is to come")
        await story.decided(verb, "finance", comment="for this once")
        await story.at(f"{verb} came")


async def ending(story: Story) -> None:
    """Called off by both sides, refused by the vendor, closed short."""
    world, vendor, officer = story.world, story.people["first vendor"], story.people["officer"]
    order_id = await story.ordered()
    await world.act(vendor, orders.acknowledge, AcknowledgeOrder(order_id, "", None))
    await world.act(officer, changes.ask_to_call_off, AskToCallOff(order_id, "needless", None))
    await story.at("officer asks to call off")
    await world.act(vendor, changes.accept, AcceptChange(order_id, None))
    await story.at("called off")
    await world.act(vendor, orders.refuse, RefuseOrder(await story.ordered(), "sold out", None))
    await story.at("refused")
    order_id = await story.ordered()
    lines = (await world.act(officer, show_order, order_id)).order.lines
    some = (ReceivedLine(lines[0].id, Decimal(1), Decimal(0)),)
    await world.act(officer, receipts.receive, ReceiveGoods(order_id, some, "", None))
    await world.act(officer, receipts.close_short, CloseShort(order_id, "the rest is sold out", None))
    await story.at("closed short")


async def splitting(story: Story) -> None:
    """The lines go to both vendors; undone, ordered, one order cancelled, the other completed."""
    world, officer, requester = story.world, story.people["officer"], story.people["requester"]
    await story.split("2000", "2100")
    await story.at("split, no approval yet")
    await story.split_opened()
    await story.at("a split waits for approval")
    await story.decided(Verdict.approve, "manager", "finance")
    await story.at("both orders wait")
    await story.decided(Verdict.undo, "finance")
    await story.at("the split is undone")
    await story.decided(Verdict.approve, "finance")
    first, second = await story.split_issued()
    await story.at("both orders are issued")
    await world.act(officer, orders.cancel, CancelOrder(second, "wrong model", None))
    await story.at("one of two orders is cancelled")
    lines = (await world.act(requester, show_order, first)).order.lines
    arrived = tuple(ReceivedLine(line.id, line.quantity, Decimal(0)) for line in lines)
    await world.act(requester, receipts.receive, ReceiveGoods(first, arrived, "", None))
    await story.at("the other one is completed")


async def splitting_again(story: Story) -> None:
    """A split is rejected, another one loses a quote, a third is ordered and stopped order by order."""
    world, vendors = story.world, (story.people["first vendor"], story.people["second vendor"])
    await story.split("2000", "2100")
    await story.split_opened()
    await story.decided(Verdict.reject, "manager", comment="too many vendors")
    await story.at("the split is rejected")
    quotes_made = await story.split("2000", "2100")
    await story.split_opened()
    await world.act(vendors[1], quotes.withdraw_quote, WithdrawQuote(quotes_made[1], "sold out", None))
    await story.at("a quote of the split is withdrawn")
    await story.split("2000", "2100")
    await story.split_opened()
    await story.decided(Verdict.approve, "manager", "finance")
    first, second = await story.split_issued()
    await world.act(vendors[0], orders.acknowledge, AcknowledgeOrder(first, "", None))
    await story.at("one of two is acknowledged")
    await world.act(vendors[1], orders.refuse, RefuseOrder(second, "sold out", None))
    await world.act(story.people["officer"], receipts.close_short, CloseShort(first, "needless", None))
    await story.at("both orders are stopped")


STORIES: Mapping[Callable[[Story], Awaitable[None]], str] = {
    drafts: "request draft submitted withdrawn",
    entering: "request draft submitted",
    the_rfq: "request sourcing quoted cancelled, rfq open unsuccessful cancelled, quote submitted withdrawn, "
    "question open answered",
    correcting: "request quoted sourcing rejected, rfq open cancelled, quote submitted lost",
    choosing: "request sourcing quoted, rfq closed unsuccessful, quote submitted selected withdrawn expired",
    an_incomplete_quote: "request quoted, rfq closed, quote submitted selected",
    lines_left_out: "request quoted ordered, rfq open closed, quote submitted approved, "
    "approval approved, order generated",
    deciding: "request quoted awaiting_approval, rfq closed, quote submitted selected rejected, "
    "approval pending withdrawn rejected",
    undoing: "request awaiting_approval ordered, rfq closed, quote submitted selected approved, "
    "approval pending approved, order generated cancelled",
    receiving: "request ordered completed, rfq awarded, quote lost approved, approval approved, "
    "order issued acknowledged partly_received completed",
    changing: "request ordered, rfq awarded, quote lost approved, approval approved pending rejected, "
    "order change_proposed acknowledged issued",
    ending: "request ordered quoted completed, rfq awarded closed, quote lost approved rejected, "
    "approval approved, order change_proposed cancelled completed",
    cancelling: "request quoted, rfq closed, quote lost rejected, approval approved, order cancelled",
    splitting: "request quoted awaiting_approval ordered completed, rfq closed awarded, "
    "quote selected approved rejected, approval pending approved, order generated issued cancelled completed",
    splitting_again: "request quoted ordered sourcing, rfq closed awarded unsuccessful, "
    "quote submitted selected approved rejected withdrawn, approval rejected withdrawn approved, "
    "order issued acknowledged cancelled",
}
"""Each story, and the states that it meets."""


@pytest.mark.timeout(240)
@pytest.mark.parametrize("tell", STORIES, ids=lambda story: str(story.__name__))
async def test_what_is_offered_is_accepted_and_nothing_else(
    world: World, tell: Callable[[Story], Awaitable[None]]
) -> None:
    story = await Story.of(world)
    await tell(story)
    assert story.wrong == []
    assert story.seen == named(STORIES[tell])


def test_the_stories_meet_every_state() -> None:
    assert reachable() - set().union(*(named(states) for states in STORIES.values())) == set(UNMET)


def named(text: str) -> set[tuple[str, str]]:
    """``order issued completed, rfq open`` as pairs."""
    return {(kind, state) for kind, *states in map(str.split, text.split(", ")) for state in states}


def reachable() -> set[tuple[str, str]]:
    """Every state of every object."""
    kinds = {
        "request": RequestState,
        "rfq": RfqState,
        "quote": QuoteState,
        "approval": ApprovalState,
        "order": OrderState,
    }
    found = {(name, str(state)) for name, states in kinds.items() for state in states}
    return found | {("question", "open"), ("question", "answered")}
