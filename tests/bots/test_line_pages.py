"""Forms of orders with more lines than a screen holds: twenty at a time, and nothing is lost on the way."""

import datetime as dt
from decimal import Decimal

import pytest

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from bots.forms.change import ChangeableLine, ChangeForm, ChangeValues
from bots.forms.form import Completed, FieldErrors, FormContext
from bots.forms.receive import ReceivableLine, ReceiveForm, ReceiveValues
from bots.forms.recount import RecountForm, RecountKind, RecountLine, RecountValues
from bots.forms.request import RequestForm
from bots.forms.request_values import LineValues, RequestValues
from core.kernel.ids import OrderId, RequestId, new_id
from core.orders import queries
from core.orders.model import OrderDetails
from core.people.model import Person
from core.purchases import request_queries
from core.requests.commands import RequestLineDraft
from tests.bots.slack_env import SlackEnv
from tests.bots.telegram_env import TelegramEnv
from tests.support.world import World

CTX = FormContext("en", "UTC", dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
LINES = 45


def changing(count: int = LINES) -> ChangeValues:
    line = {"unit": "pcs", "quantity": Decimal(3), "price": Decimal(10)}
    lines = [ChangeableLine(id=new_id(), description=f"Item {n}", **line) for n in range(1, count + 1)]
    facts = {"number": "PO-1", "version": 1, "currency": "USD", "due_on": dt.date(2026, 12, 20)}
    return ChangeValues(order_id=new_id(), lines=lines, **facts)


def test_a_change_is_filled_in_page_by_page() -> None:
    form, values = ChangeForm(), changing()
    seen = []
    for page, answers in enumerate(({"quantity:1": "2"}, {"price:30": "9"}, {"reason": "sold out"})):
        shown = form.fields(values, CTX)
        seen.append((shown.submit, shown.about, len(shown.fields)))
        assert all(len(field.label) <= 150 for field in shown.fields)
        result = form.read_fields(values, answers, CTX)
        if page < 2:
            assert isinstance(result, ChangeValues)
            values = result
    assert seen == [("Next", "1–20 of 45", 41), ("Next", "21–40 of 45", 40), ("Send", "41–45 of 45", 11)]
    assert isinstance(result, Completed)
    sent = result.values
    assert isinstance(sent, ChangeValues)
    assert [(line.quantity, line.unit_price) for line in sent.body().lines] == [
        (Decimal(2), None),
        (None, Decimal(9)),
    ]


def test_an_error_keeps_the_page_and_an_empty_change_is_refused_on_the_last_one() -> None:
    form, values = ChangeForm(), changing()
    wrong = form.read_fields(values, {"quantity:2": "many", "price:1": "9"}, CTX)
    assert isinstance(wrong, FieldErrors)
    assert isinstance(wrong.values, ChangeValues)
    assert (wrong.values.page, wrong.values.prices["1"], set(wrong.errors)) == (0, Decimal(9), {"quantity:2"})
    values = values.model_copy(update={"page": 2})
    empty = form.read_fields(values, {"reason": "sold out"}, CTX)
    assert isinstance(empty, FieldErrors)
    assert set(empty.errors) == {"quantity:41"}


def test_question_by_question_all_the_rest_may_stay() -> None:
    form, values = ChangeForm(), changing().model_copy(update={"day_asked": True})
    first = form.answer("quantity:1", values, "2", CTX)
    assert isinstance(first, ChangeValues)
    rest = form.choose("price:1", first, "rest", CTX)
    assert isinstance(rest, ChangeValues)
    assert form.step(rest) == "reason"
    [line] = rest.model_copy(update={"reason": "sold out"}).body().lines
    assert (line.line_id, line.quantity) == (values.lines[0].id, Decimal(2))


def test_what_arrives_beyond_the_first_screen_is_recorded() -> None:
    form = ReceiveForm()
    line = {"unit": "pcs", "ordered": Decimal(3), "open": Decimal(3)}
    values = ReceiveValues(
        order_id=new_id(),
        number="PO-1",
        version=1,
        lines=[ReceivableLine(id=new_id(), description=f"Item {n}", **line) for n in range(1, LINES + 1)],
    )
    for answers in ({}, {"good:25": "2"}):
        result = form.read_fields(values, answers, CTX)
        assert isinstance(result, ReceiveValues)
        values = result
    done = form.read_fields(values, {"good:45": "3", "bad:44": "1"}, CTX)
    assert isinstance(done, Completed)
    assert isinstance(done.values, ReceiveValues)
    assert [(each.accepted, each.rejected) for each in done.values.body().lines] == [
        (Decimal(2), Decimal(0)),
        (Decimal(0), Decimal(1)),
        (Decimal(3), Decimal(0)),
    ]


@pytest.mark.parametrize("kind", list(RecountKind))
def test_what_is_counted_anew_beyond_the_first_screen_counts(kind: RecountKind) -> None:
    form = RecountForm()
    line = {"unit": "pcs", "recorded": Decimal(3), "most": Decimal(3)}
    values = RecountValues(
        order_id=new_id(),
        number="PO-1",
        version=1,
        kind=kind,
        receipt_id=new_id(),
        lines=[RecountLine(id=new_id(), description=f"Item {n}", **line) for n in range(1, 31)],
    )
    turned = form.read_fields(values, {"line:1": "1"}, CTX)
    assert isinstance(turned, RecountValues)
    done = form.read_fields(turned, {"line:30": "2", "reason": "miscounted"}, CTX)
    assert isinstance(done, Completed)
    assert isinstance(done.values, RecountValues)
    counted = {number: each.accepted for number, each in done.values.counts.items() if each.accepted}
    assert counted == {"1": Decimal(1), "30": Decimal(2)}


async def long_order(world: World) -> tuple[OrderDetails, Person]:
    """An order of 25 lines, and its vendor's contact."""
    lines = [RequestLineDraft(f"Item {n}", Decimal(3), "pcs", Decimal(10)) for n in range(1, 26)]
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(await world.a_request(lines=lines), to=[vendor])
    quote = await world.a_quote(rfq, contact, "10")
    approval = await world.approved(await world.open_approval_of(quote.quote.id))
    officer = await world.an_officer()
    request = await world.act(officer, request_queries.show, RequestId(approval.approval.request_id))
    assert request.request.order_id is not None
    return await world.act(officer, queries.show, OrderId(request.request.order_id)), contact


async def test_a_vendor_changes_the_last_of_25_lines_on_slack(slack: SlackEnv, world: World) -> None:
    order, contact = await long_order(world)
    vendor = await slack.a_user(contact)
    await slack.card(vendor, CardKind.vendor_order, order.order.id)
    await vendor.press("Propose a change…")
    await vendor.modal("1–20 of 25")
    await vendor.fill(quantity__1="2")
    await vendor.modal("21–25 of 25")
    await vendor.fill(quantity__25="1", reason="one is sold out")
    await vendor.sees("your proposal was sent to the buyer")
    caller = slack.api.as_(await world.an_officer())
    proposal = (await caller.call(e.show_order, path={"id": order.order.id})).proposal
    assert proposal is not None
    assert len(proposal.lines) == 25
    assert (proposal.lines[0].quantity, proposal.lines[24].quantity) == (Decimal(2), Decimal(1))


async def test_a_vendor_keeps_all_the_rest_on_telegram(telegram: TelegramEnv, world: World) -> None:
    order, contact = await long_order(world)
    vendor = await telegram.a_user(contact)
    await vendor.say(f"/change {order.order.number}")
    await vendor.press("As ordered")
    await vendor.sees("1/25")
    await vendor.say("2")
    question = await vendor.sees("at which price each?")
    await vendor.press("Keep all the rest", question["id"])
    await vendor.sees("The buyer reads this")
    await vendor.say("one is sold out")
    await vendor.press("Send")
    await vendor.sees("your proposal was sent to the buyer")


def asked(*items: str, first: int = 1) -> dict[str, str]:
    """A page of a request's modal on which these items stand."""
    lines: dict[str, str] = {}
    for number, item in enumerate(items, start=first):
        lines |= {f"item:{number}": item, f"quantity:{number}": "1" if item else "", f"price:{number}": ""}
    return {**lines, "needed_by": "2026-12-24", "cost_centre": "IT", "currency": "USD", "note": ""}


def stored(values: object) -> list[str]:
    assert isinstance(values, RequestValues), values
    return [line.description for line in values.lines]


def test_a_page_that_is_sent_again_with_an_empty_line_takes_none_of_the_others_away() -> None:
    """Slack's Back leads from the review to the page as it was filled in."""
    form, items = RequestForm(), [f"Item {number}" for number in range(1, 13)]
    before = RequestValues(lines=[LineValues(description=each, quantity=Decimal(1)) for each in items])
    page = asked(*items[:4], "", *items[5:10])
    once = form.read_fields(before, page, CTX)
    assert stored(once) == [*items[:4], *items[5:]]
    assert isinstance(once, RequestValues)
    assert stored(form.read_fields(once, page, CTX)) == [*items[:4], *items[5:]]
    assert stored(form.read_fields(once, asked(*items[:10]), CTX)) == items


def test_a_line_is_left_empty_on_no_page_but_the_last() -> None:
    form, items = RequestForm(), [f"Item {number}" for number in range(1, 13)]
    wrong = form.read_page(RequestValues(), asked(*items[:8], "", items[9]), CTX)
    assert isinstance(wrong, FieldErrors)
    assert list(wrong.errors) == ["item:9"]
    first = form.read_page(RequestValues(), asked(*items[:10]), CTX)
    assert isinstance(first, RequestValues)
    last = asked(items[10], "", items[11], first=11)
    once = form.read_fields(first, last, CTX)
    assert isinstance(once, RequestValues)
    assert stored(once) == stored(form.read_fields(once, last, CTX)) == items
