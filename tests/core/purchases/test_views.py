"""Each reader sees of a purchase what the slices' own queries show, in every state of a purchase."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from core.access.actor import Actor
from core.access.roles import Role
from core.approvals.model import ApprovalDetails
from core.approvals.states import Verdict
from core.awards import service as awards
from core.awards.commands import CloseRfq, ProposeQuote
from core.decisions import service as decisions
from core.decisions.commands import AnswerQuestion, Decide
from core.delegations import service as delegations
from core.delegations.commands import Delegate, DelegationLimit
from core.documents import service as documents
from core.documents.commands import UploadDocument
from core.documents.store import FileStore
from core.issuing import service as issuing
from core.kernel.clock import FixedClock
from core.kernel.ids import OrderId, PersonId, QuoteId, RequestId, RfqId
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder, CancelOrder, IssueOrder
from core.people import service as people
from core.people.commands import ChangeRoles
from core.people.model import Person
from core.policies import service as policies
from core.policies.commands import SetPolicy
from core.quotes import service as quotes
from core.quotes.commands import DeclineRfq, WithdrawQuote
from core.rates.service import ExchangeRate, LoadRates, load_rates
from core.receipts import service as receipts
from core.receipts.commands import ReceivedLine, ReceiveGoods
from core.requests import service as requests
from core.requests.commands import CancelRequest, RequestLineDraft, SubmitRequest, WithdrawRequest
from core.requests.model import RequestDetails
from core.rfqs.model import RfqDetails
from tests.core.documents import files
from tests.core.purchases.observers import Observers
from tests.support.world import ADMINISTRATOR, POLICY, World

LINES = (
    RequestLineDraft("Laptop 14 inch", Decimal(2), "pcs", Decimal("1200")),
    RequestLineDraft("Docking station", Decimal(1), "pcs", None),
)
UNDO_SECONDS = 300
STEP = dt.timedelta(minutes=1)


@pytest.fixture
async def observers(world: World) -> Observers:
    """All readers; the clock stands still between two steps, an approval may be undone for five minutes, and the
    newest rate of the euro differs from the oldest.
    """
    world.clock = FixedClock(world.now)
    command = SetPolicy("USD", POLICY, None, UNDO_SECONDS)
    await world.act(ADMINISTRATOR, policies.set_policy, command)
    old = ExchangeRate("EUR", world.today - dt.timedelta(days=30), Decimal("1.02"))
    await world.act(ADMINISTRATOR, load_rates, LoadRates((old,), "tests"))
    return await Observers.invited(world)


def later(world: World, by: dt.timedelta = STEP) -> None:
    assert isinstance(world.clock, FixedClock)
    world.clock.advance(by)


async def asked(observers: Observers, *numbers: int) -> tuple[RequestDetails, RfqDetails]:
    """A request of which an officer has asked these of the three vendors."""
    request = await observers.world.a_request(lines=LINES)
    later(observers.world)
    rfq = await observers.world.an_rfq(request, to=[observers.vendors[each - 1] for each in numbers])
    later(observers.world)
    return request, rfq


async def version_of(observers: Observers, request_id: UUID) -> int:
    return (await observers.purchase(request_id)).request.version


async def selected(observers: Observers, request_id: UUID) -> QuoteId:
    purchase = await observers.purchase(request_id)
    assert purchase.rfq is not None
    assert purchase.rfq.selected_quote_id is not None
    return purchase.rfq.selected_quote_id


async def proposed(observers: Observers, request_id: UUID) -> None:
    """The officer proposes the first other quote that can win."""
    purchase = await observers.purchase(request_id)
    assert purchase.rfq is not None
    other = next(each for each in purchase.quotes if each.state.value == "submitted" and each.complete)
    command = ProposeQuote(RfqId(purchase.rfq.id), QuoteId(other.id), "it arrives earlier", None)
    await observers.world.act(observers.readers["officer"], awards.propose, command)
    later(observers.world)


async def decide(observers: Observers, by: str, approval: ApprovalDetails, verb: Verdict) -> None:
    command = Decide(approval.approval.id, verb, approval.approval.version, "because of the price")
    await observers.world.act(observers.readers[by], decisions.decide, command)
    later(observers.world)


async def test_from_a_draft_to_sealed_quotes_to_a_choice(observers: Observers, tmp_path: Path) -> None:
    world = observers.world
    request = await world.a_request(lines=LINES, submit=False)
    request_id = request.request.id
    await observers.agree(request_id, "draft")
    await world.act(await world.a_requester(), requests.submit, SubmitRequest(request_id, 1))
    await observers.agree(request_id, "submitted")
    rfq = await world.an_rfq(request, to=observers.vendors)
    await observers.agree(request_id, "sourcing")
    for number, price, currency in ((1, "1180", "USD"), (2, "1100", "EUR"), (3, "180000", "JPY")):
        later(world)
        file = await world.act(
            observers.contact(number),
            documents.upload,
            UploadDocument(f"quote {number}.pdf", files.PDF, FileStore(tmp_path)),
        )
        await world.a_quote(rfq, observers.contact(number), price, currency, [file.id])
        purchase = await observers.agree(request_id, "quoted")
        assert purchase.rfq is not None
        assert purchase.rfq.sealed == (number < 3)
    assert set(purchase.rates) == {"EUR", "JPY"}
    await proposed(observers, request_id)
    purchase = await observers.agree(request_id, "quoted")
    assert len(purchase.documents) == 3
    assert purchase.rfq is not None
    assert purchase.rfq.reason == "it arrives earlier"
    assert {"request", "comparison", "rfq"} <= set(observers.shown)


async def an_approval(observers: Observers) -> tuple[RequestId, ApprovalDetails]:
    """An approval of the better of two quotes, in two currencies."""
    request, rfq = await asked(observers, 1, 2)
    await observers.world.a_quote(rfq, observers.contact(1), "1190")
    later(observers.world)
    await observers.world.a_quote(rfq, observers.contact(2), "1100", "EUR")
    later(observers.world)
    return request.request.id, await reopened(observers, request.request.id)


async def reopened(observers: Observers, request_id: UUID) -> ApprovalDetails:
    approval = await observers.world.open_approval_of(await selected(observers, request_id))
    later(observers.world)
    return approval


async def test_deciding_with_a_deputy_a_question_and_a_second_proposal(observers: Observers) -> None:
    world = observers.world
    request_id, approval = await an_approval(observers)
    await observers.agree(request_id, "awaiting_approval")
    giver, deputy = observers.readers["candidate"], observers.readers["deputy"]
    limit = DelegationLimit(Decimal(100_000), "USD")
    until = world.now + dt.timedelta(days=5)
    await world.act(giver, delegations.delegate, Delegate(deputy.id, None, until, limit, "away"))
    purchase = await observers.agree(request_id, "awaiting_approval")
    assert purchase.pending_approval is not None
    assert purchase.pending_approval.open_step is not None
    assert [each.person_id for each in purchase.pending_approval.open_step.deputies] == [deputy.id]
    await decide(observers, "deputy", approval, Verdict.ask)
    await observers.agree(request_id, "awaiting_approval")
    requester = await world.a_requester()
    await world.act(requester, decisions.answer, AnswerQuestion(approval.approval.id, "for two colleagues"))
    former = observers.readers["former candidate"]
    roles = ChangeRoles(former.id, (Role.requester,))
    await world.act(ADMINISTRATOR, people.change_roles, roles)
    await observers.agree(request_id, "awaiting_approval")
    await decide(observers, "deputy", approval, Verdict.reject)
    await observers.agree(request_id, "quoted")
    await proposed(observers, request_id)
    await reopened(observers, request_id)
    purchase = await observers.agree(request_id, "awaiting_approval")
    assert len(purchase.approvals) == 2
    assert purchase.names[deputy.id] == deputy.name


async def live_order(observers: Observers, request_id: UUID) -> OrderId:
    [order] = (await observers.purchase(request_id)).live_orders
    return order.id


async def issue(observers: Observers, order_id: OrderId) -> None:
    later(observers.world, dt.timedelta(seconds=UNDO_SECONDS))
    await observers.world.act(Actor.system(Role.system_deadlines), issuing.issue, IssueOrder(order_id))
    later(observers.world)


async def receive(observers: Observers, by: Person, order_id: OrderId, request_id: UUID) -> None:
    """One more of the first line that is not complete."""
    [order] = (await observers.purchase(request_id)).live_orders
    line = next(each for each in order.lines if each.open)
    command = ReceiveGoods(order_id, (ReceivedLine(line.id, Decimal(1), Decimal(0)),), "at the gate", None)
    await observers.world.act(by, receipts.receive, command)
    later(observers.world)


async def test_from_the_decision_over_an_undo_to_the_last_receipt(observers: Observers) -> None:
    world = observers.world
    request_id, approval = await an_approval(observers)
    await decide(observers, "candidate", approval, Verdict.approve)
    await observers.agree(request_id, "ordered")
    await decide(observers, "candidate", approval, Verdict.undo)
    purchase = await observers.agree(request_id, "awaiting_approval")
    assert [order.state.value for order in purchase.orders] == ["cancelled"]
    await decide(observers, "candidate", approval, Verdict.approve)
    order_id = await live_order(observers, request_id)
    await observers.agree(request_id, "ordered")
    await issue(observers, order_id)
    purchase = await observers.agree(request_id, "ordered")
    assert purchase.rfq is not None
    assert purchase.rfq.state.value == "awarded"
    winner = next(
        number for number in (1, 2) if observers.vendors[number - 1].id == purchase.orders[0].vendor_id
    )
    await world.act(observers.contact(winner), orders.acknowledge, AcknowledgeOrder(order_id, "", None))
    await observers.agree(request_id, "ordered")
    for by, state in (("requester", "ordered"), ("officer", "ordered"), ("requester", "completed")):
        await receive(observers, observers.readers[by], order_id, request_id)
        purchase = await observers.agree(request_id, state)
    assert [each.received_by for each in purchase.receipts] == [
        PersonId(observers.readers[by].id) for by in ("requester", "officer", "requester")
    ]
    assert purchase.receipts[0].lines[0].accepted == 1
    assert observers.shown["order"] > 0


async def test_withdrawn_while_vendors_were_asked(observers: Observers) -> None:
    world = observers.world
    request, rfq = await asked(observers, 1, 2)
    await world.a_quote(rfq, observers.contact(2), "1100", "EUR")
    version = await version_of(observers, request.request.id)
    withdraw = WithdrawRequest(request.request.id, version, "not needed")
    await world.act(await world.a_requester(), requests.withdraw, withdraw)
    await observers.agree(request.request.id, "withdrawn")
    later(world, dt.timedelta(days=40))
    await observers.agree(request.request.id, "withdrawn")


async def test_cancelled_while_somebody_decides(observers: Observers) -> None:
    request_id, _ = await an_approval(observers)
    version = await version_of(observers, request_id)
    cancel = CancelRequest(request_id, version, "no money")
    await observers.world.act(observers.readers["officer"], requests.cancel, cancel)
    await observers.agree(request_id, "cancelled")


async def test_a_cancelled_order_leads_back_to_the_quotes(observers: Observers) -> None:
    request_id, approval = await an_approval(observers)
    await decide(observers, "candidate", approval, Verdict.approve)
    order_id = await live_order(observers, request_id)
    await issue(observers, order_id)
    cancel = CancelOrder(order_id, "wrong model", None)
    await observers.world.act(observers.readers["officer"], orders.cancel, cancel)
    await observers.agree(request_id, "quoted")


async def test_a_second_rfq_after_nobody_quoted(observers: Observers) -> None:
    world = observers.world
    request, rfq = await asked(observers, 1)
    await world.act(observers.contact(1), quotes.decline, DeclineRfq(rfq.rfq.id, "sold out"))
    await observers.agree(request.request.id, "sourcing")
    second = await world.an_rfq(request, to=observers.vendors[1:])
    later(world)
    quote = await world.a_quote(second, observers.contact(2), "1100", "EUR")
    withdraw = WithdrawQuote(quote.quote.id, "a mistake", None)
    await world.act(observers.contact(2), quotes.withdraw_quote, withdraw)
    later(world)
    await world.a_quote(second, observers.contact(3), "170000", "JPY")
    later(world)
    officer = observers.readers["officer"]
    await world.act(officer, awards.close, CloseRfq(second.rfq.id, None))
    purchase = await observers.agree(request.request.id, "quoted")
    assert [each.id for each in purchase.rfqs] == [second.rfq.id, rfq.rfq.id]
    assert purchase.rfq == purchase.rfqs[0]
