"""Purchases of the demo in which something looks unusual, one for each rule; most have an innocent reason.

One rule: people act by the use cases of everybody else; only the looking, which a subscriber does, is done right after.

Toner of another kind than the year's is bought six times, so that there is a usual price.
"""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from core.access.roles import Role
from core.amendments import service as amendments
from core.amendments.commands import MoveDeadline
from core.approvals import service as approvals
from core.approvals.model import Approval
from core.approvals.states import ApprovalState, Verdict
from core.awards import selection
from core.awards import service as awards
from core.awards.commands import ProposeQuote
from core.decisions import service as decisions
from core.decisions.commands import Decide
from core.findings import service as findings
from core.kernel.ids import ApprovalId, OrderId, RfqId, VendorId
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.order_changes import service as changes
from core.order_changes.commands import AcceptChange, ChangedLine, ProposeChange
from core.orders import queries as order_queries
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.organisation import service as organisations
from core.organisation.commands import SetOrganisation
from core.people import repo as people
from core.purchases import request_queries
from core.quotes import repo as quote_rows
from core.quotes import service as quotes
from core.requests import service as requests
from core.requests.commands import CreateRequest, RequestLineDraft
from core.rfqs import repo as rfq_rows
from core.sourcing import service as sourcing
from core.sourcing.commands import SendRfq
from core.vendors import service as vendors
from core.vendors.commands import CreateVendor, NewContact
from stack.demo import company
from stack.demo.demo_history import DemoHistory, next_working_hour

NEW_VENDOR = "Quince Print"
TONER = "Toner 26A, black"


@dataclass(frozen=True)
class FindingCase:
    """One purchase of one line: who asks for how many, and what each vendor wants for one.

    ``propose`` is the vendor whom an officer proposes, with ``reason``. ``reads`` is how long an approver looks.
    ``again``: the same was asked for lately, and the person goes on although they are shown that.
    ``late`` answers after the deadline, which an officer moves. ``dearer`` is what the vendor wants after the order.
    """

    days_ago: int
    requester: str
    centre: str
    item: str
    quantity: int
    prices: Mapping[str, str]
    propose: str = ""
    reason: str = ""
    reads: dt.timedelta = dt.timedelta(hours=3)
    late: str = ""
    dearer: str = ""
    again: bool = False
    decided: bool = True


def _toner(days_ago: int, price: str, **more: object) -> FindingCase:
    usual = FindingCase(
        days_ago, "requester", "OFF", TONER, 6, {"Grove Office Supply": price, "Heller Papier": "95"}
    )
    return replace(usual, **more)  # type: ignore[arg-type]


CASES = (
    *(
        _toner(days, price)
        for days, price in ((250, "88"), (200, "89.50"), (150, "88"), (105, "91"), (60, "90"))
    ),
    # a slip of the vendor's: 118 instead of 91
    _toner(13, "118", prices={"Grove Office Supply": "118"}),
    # the same pallets twice: the first order took long
    FindingCase(
        26, "lucia", "WH", "Pallet box with lid", 20, {"Juniper Logistics": "46", "Kastanie Verpackung": "48"}
    ),
    FindingCase(
        12, "lucia", "WH", "Pallet box with lid", 20, {"Juniper Logistics": "46", "Kastanie Verpackung": "49"}
    ),
    # two colleagues of one cost centre ask for the same; an administrator has earlier requests looked for meanwhile
    FindingCase(14, "requester", "OFF", "Desk calendar 2027", 30, {"Iris Stationers": "6.20"}),
    FindingCase(
        12, "jonas", "OFF", "Desk calendar 2027", 30, {"Iris Stationers": "6.20"}, again=True, decided=False
    ),
    # a move in two halves, each below what finance has to see
    FindingCase(
        11, "amira", "FAC", "Acoustic panel", 24, {"Dune Furniture": "131", "Eichenhof Möbel": "140"}
    ),
    FindingCase(9, "amira", "FAC", "Acoustic panel", 24, {"Dune Furniture": "131", "Eichenhof Möbel": "141"}),
    # one vendor was asked for a dear thing
    FindingCase(10, "jonas", "NET", "Core switch, 48 ports", 2, {"Alder Computing": "3150"}, decided=False),
    FindingCase(
        10,
        "requester",
        "IT",
        "Conference camera",
        2,
        {"Alder Computing": "640", "Birke Systemhaus": "610"},
        late="Birke Systemhaus",
    ),
    FindingCase(
        8,
        "jonas",
        "WH",
        "Label printer, mobile",
        3,
        {"Alder Computing": "298", "Cedar Devices": "205"},
        propose="Alder Computing",
        reason="as always",
    ),
    FindingCase(
        7, "lucia", "OFF", "Whiteboard 180 cm", 2, {"Grove Office Supply": "210", "Dune Furniture": "210"}
    ),
    FindingCase(
        6,
        "requester",
        "IT",
        "Rack server maintenance",
        1,
        {"Alder Computing": "1890", "Cedar Devices": "1700"},
        reads=dt.timedelta(seconds=4),
    ),
    FindingCase(15, "jonas", "FAC", "Roof gutter cleaning", 1, {"Maple Maintenance": "820"}, dearer="905"),
    FindingCase(3, "petra", "MKT", "Trade fair banner", 4, {NEW_VENDOR: "155", "Grove Office Supply": "190"}),
)
"""In the order of the rules; ``petra`` asks for what a vendor supplies that she has just added."""


def run_cases(history: DemoHistory, now: dt.datetime) -> list[AsyncIterator[dt.datetime]]:
    """Each purchase as steps that the simulation runs among the others."""
    return [_run(history, case, now) for case in CASES]


async def _run(history: DemoHistory, case: FindingCase, now: dt.datetime) -> AsyncIterator[dt.datetime]:
    yield next_working_hour(now - dt.timedelta(days=case.days_ago), 9)
    if NEW_VENDOR in case.prices:
        await _add_vendor(history, case.requester)
    line = RequestLineDraft(case.item, Decimal(case.quantity), "pcs", None)
    needed_by = (history.now + dt.timedelta(days=40)).date()
    command = CreateRequest(
        (line,), "USD", needed_by, case.centre, "", submit=True, accept_duplicate=case.again
    )
    if case.again:
        await _look_for_earlier(history, days=14)
    request = (await history.run(case.requester, requests.create, command)).request
    if case.again:
        await _looked(history, findings.check_request, request.id)
        await _look_for_earlier(history, days=0)
    yield history.now + dt.timedelta(minutes=50)
    asked = tuple(VendorId(history.vendor_ids[name]) for name in case.prices)
    deadline = history.now + dt.timedelta(hours=20)
    rfq = (await history.run("officer", sourcing.send_rfq, SendRfq(request.id, asked, deadline, ""))).rfq
    async for moment in _answers(history, case, rfq.id, deadline):
        yield moment
    yield history.now + dt.timedelta(minutes=20)
    if case.propose:
        await _propose(history, case, rfq.id)
    approval = await _opened(history, rfq.id)
    if approval is None or not case.decided:
        return
    while approval.state is ApprovalState.pending and approval.open_step and approval.open_step.candidates:
        yield history.now + case.reads
        approval = await _approved(history, approval)
    officer = history.actors["officer"]
    order_id = (await request_queries.show(history.uow(officer), officer, request.id)).request.order_id
    if order_id is None:
        return
    await _looked(history, findings.check_order, request.id, order_id, history.now)
    if case.dearer:
        yield next_working_hour(history.now, 10)
        await _change_price(history, case, OrderId(order_id))


async def _looked(history: DemoHistory, check: Callable[..., Awaitable[int]], *what: object) -> None:
    """What the subscriber does after the event."""
    system = history.system(Role.system_insights)
    uow = history.uow(system)
    await check(uow, system, *what)
    await uow.finish()


async def _look_for_earlier(history: DemoHistory, *, days: int) -> None:
    settings = SetOrganisation(company.NAME, company.BASE_CURRENCY, "en", company.ZONE, duplicate_days=days)
    await history.run("admin", organisations.set_organisation, settings)


async def _add_vendor(history: DemoHistory, by: str) -> None:
    contact = NewContact("Quentin Marsh", "quentin@quince.example", "en")
    command = CreateVendor(NEW_VENDOR, "Office supplies", "USD", "US", contact)
    made = await history.run(by, vendors.create_vendor, command)
    history.vendor_ids[NEW_VENDOR] = made.id
    person = await people.person(history.connection, made.contacts[0].person_id)
    if person is not None:
        history.actors[NEW_VENDOR] = people.as_actor(person)


async def _answers(
    history: DemoHistory, case: FindingCase, rfq_id: RfqId, deadline: dt.datetime
) -> AsyncIterator[dt.datetime]:
    """Vendors answer one after the other; the late one after an officer has moved the deadline."""
    if case.late:
        later = MoveDeadline(rfq_id, deadline + dt.timedelta(days=2), None)
        await history.run("officer", amendments.move_deadline, later)
    for name in sorted(case.prices, key=lambda name: name == case.late):
        yield deadline + dt.timedelta(hours=3) if name == case.late else history.now + dt.timedelta(hours=2)
        rfq = await rfq_rows.load(history.uow(history.actors["officer"]), rfq_id)
        line = QuoteLineDraft(rfq.lines[0].id, Decimal(case.prices[name]), None, no_bid=False)
        valid = (history.now + dt.timedelta(days=45)).date()
        command = SubmitQuote(
            rfq_id=rfq_id,
            currency="USD",
            valid_until=valid,
            lead_time_days=7,
            shipping=Decimal(0),
            note="",
            lines=(line,),
            document_ids=(),
        )
        await history.run(name, quotes.submit_quote, command)


async def _propose(history: DemoHistory, case: FindingCase, rfq_id: RfqId) -> None:
    answers = await quote_rows.of_rfq(history.uow(history.actors["officer"]), rfq_id)
    wanted = next(each for each in answers if each.vendor_id == history.vendor_ids[case.propose])
    await history.run("officer", awards.propose, ProposeQuote(rfq_id, wanted.id, case.reason, None))


async def _opened(history: DemoHistory, rfq_id: RfqId) -> Approval | None:
    """The approval of the chosen quote, and what looks unusual about it."""
    rfq = await rfq_rows.load(history.uow(history.actors["officer"]), rfq_id)
    if rfq.selected_quote_id is None:
        return None
    system = history.system(Role.system_approvals)
    wanted = await selection.approval_for(history.uow(system), rfq.selected_quote_id, dt.timedelta(0))
    if wanted is None:
        return None
    approval = await history.run(system, approvals.open_approval, wanted)
    await _looked(history, findings.check_approval, approval.id)
    return approval


async def _approved(history: DemoHistory, approval: Approval) -> Approval:
    step = approval.open_step
    assert step is not None
    decider = history.actor_of(step.candidates[0])
    command = Decide(ApprovalId(approval.id), Verdict.approve, approval.version, "")
    decided = (await history.run(decider, decisions.decide, command)).approval
    await _looked(history, findings.check_verdict, approval.id, step.id)
    return decided


async def _change_price(history: DemoHistory, case: FindingCase, order_id: OrderId) -> None:
    """The vendor confirms, wants more after all, and an officer agrees."""
    vendor, officer = next(iter(case.prices)), history.actors["officer"]
    await history.run(vendor, orders.acknowledge, AcknowledgeOrder(order_id, "", None))
    order = (await order_queries.show(history.uow(officer), officer, order_id)).order
    line = ChangedLine(order.lines[0].id, unit_price=Decimal(case.dearer))
    wanted = ProposeChange(order_id, (line,), None, "The lift costs more than we thought.", None)
    await history.run(vendor, changes.propose, wanted)
    await history.run("officer", changes.accept, AcceptChange(order_id, None))
    await _looked(history, findings.check_revision, order.request_id, order_id)
