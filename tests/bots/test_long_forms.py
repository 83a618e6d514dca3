"""A form about two hundred lines is answered to its end: whatever it holds fits into what the API stores."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest

from api.contract import endpoints as e
from bots.forms import engine
from bots.forms.change import ChangeableLine, ChangeValues
from bots.forms.engine import OpenForm
from bots.forms.form import FormContext, Values
from bots.forms.line_pages import LONGEST
from bots.forms.quote_values import AskedLine, QuoteValues
from bots.forms.receive import ReceivableLine, ReceiveValues
from bots.forms.recount import RecountKind, RecountLine, RecountValues
from bots.forms.request_values import LineValues, RequestValues
from bots.forms.split import MAX_LINES
from bots.forms.split_values import SplitLine, SplitOffer, SplitValues, SplitVendor
from core.kernel.ids import OrderId
from core.messages.service import MAX_VALUES_LENGTH, check_values
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.purchases import request_queries as requests
from core.requests.commands import RequestLineDraft
from tests.bots.bot_env import BOTH, BotEnv
from tests.support.world import World

CTX = FormContext("ru", "UTC", dt.datetime(2026, 11, 30, tzinfo=dt.UTC))
RUSSIAN = "Щ" * 300
REASON = "Ж" * 500
ORDER = {"number": "PO-1", "version": 1}
LINE = {"description": RUSSIAN, "unit": "кг"}
TWO = Decimal("2.125")


def receiving() -> ReceiveValues:
    lines = [ReceivableLine(id=uuid4(), ordered=TWO, open=TWO, **LINE) for _ in range(200)]
    return ReceiveValues(order_id=uuid4(), lines=lines, **ORDER)


def recounting() -> RecountValues:
    lines = [RecountLine(id=uuid4(), recorded=TWO, most=TWO, **LINE) for _ in range(200)]
    return RecountValues(order_id=uuid4(), lines=lines, kind=RecountKind.correct, **ORDER)


def changing() -> ChangeValues:
    lines = [ChangeableLine(id=uuid4(), quantity=TWO, price=Decimal("11999.99"), **LINE) for _ in range(200)]
    return ChangeValues(order_id=uuid4(), lines=lines, currency="USD", due_on=dt.date(2026, 12, 20), **ORDER)


def splitting() -> SplitValues:
    offers = [SplitOffer(vendor=place, unit_price=Decimal("11999.99"), days=10) for place in range(8)]
    lines = [SplitLine(id=uuid4(), quantity=TWO, offers=offers, **LINE) for _ in range(MAX_LINES)]
    vendors = [SplitVendor(quote_id=uuid4(), name="Щ" * 100, shipping=Decimal(30)) for _ in range(8)]
    return SplitValues(rfq_id=uuid4(), lines=lines, vendors=vendors, currency="USD", **ORDER)


def quoting() -> QuoteValues:
    lines = [AskedLine(id=uuid4(), quantity=TWO, **LINE) for _ in range(200)]
    return QuoteValues(rfq_id=uuid4(), number="RFQ-1", buyer="Щ" * 100, currency="USD", lines=lines)


def answers(form: OpenForm) -> str:
    """What fits the question that is asked now."""
    name, _, number = form.step.partition(":")
    if form.name == "split" and number:
        return "v1" if int(number) % 2 else "v0"
    return {"day": "2026-12-24", "reason": REASON, "price": "11500,00", "line": "1,5", "rejected": "0,5"}.get(
        name, "1,5"
    )


def answered(form: OpenForm) -> OpenForm:
    text = answers(form)
    by_button = form.name == "split" and form.step.startswith("line")
    move = engine.submit_choice if by_button else engine.submit_text
    done = move(form, text, CTX)
    assert not done.error, (form.step, done.error)
    return engine.fitted(done.form)


@pytest.mark.parametrize("values", [receiving, recounting, changing, splitting])
def test_every_answer_of_a_long_form_can_be_stored(values: Callable[[], Values]) -> None:
    name = {"ReceiveValues": "receive", "RecountValues": "recount", "ChangeValues": "change"}
    start = values()
    kind = name.get(type(start).__name__, "split")
    draft = RequestValues(lines=[LineValues(description="Б" * 300)], note="Ю" * 1000)
    request = OpenForm("request", draft, uuid4(), tuple({"note": "Ю" * 500} for _ in range(8)))
    form = engine.fitted(engine.start(kind, start, uuid4(), request))
    for place in range(500):
        if place % 10 == 0 or form.step == "review":
            check_values(form.row())
            assert len(json.dumps(form.row())) <= engine.MAX_ROW_LENGTH < MAX_VALUES_LENGTH
        if form.step == "review":
            break
        form = answered(form)
    assert form.step == "review"
    resumed = engine.resume(form)
    assert resumed is not None
    assert resumed.values == draft, "what was interrupted is whole"


def test_a_long_quote_can_be_stored() -> None:
    form = engine.fitted(OpenForm("quote", quoting(), uuid4()))
    check_values(form.row())
    assert isinstance(form.values, QuoteValues)
    assert form.values.lines[0].description.startswith("Щ")


def test_back_is_offered_only_where_it_leads_somewhere() -> None:
    form = answered(engine.fitted(OpenForm("receive", receiving(), uuid4())))
    assert not form.previous_values
    assert "Назад" not in str(form.card(CTX))
    short = receiving().model_copy(update={"lines": receiving().shortened(20).lines[:5]})
    assert "Назад" in str(answered(OpenForm("receive", short, uuid4())).card(CTX))


def test_the_newest_step_back_is_kept_when_there_is_room() -> None:
    values = receiving().shortened(LONGEST)
    some = values.model_copy(update={"lines": values.lines[:40]})
    form = OpenForm("receive", some, uuid4())
    for _ in range(6):
        form = answered(form)
    assert 0 < len(form.previous_values) < engine.MAX_STEPS_BACK
    back = engine.submit_choice(form, "b", CTX).form
    assert len(back.values.model_dump()["arrived"]) < len(form.values.model_dump()["arrived"]) or (
        back.step != form.step
    )


@BOTH
async def test_two_hundred_lines_are_received_line_by_line(bot_env: BotEnv, world: World) -> None:
    """The row was full after the first answer, and every other one was refused."""
    vendor, contact = await world.a_vendor()
    await world.a_finance()
    lines = [
        RequestLineDraft(f"{place} {RUSSIAN[:290]}", Decimal(3), "pcs", Decimal(2)) for place in range(200)
    ]
    request = await world.a_request(lines=lines)
    quote = await world.a_quote(await world.an_rfq(request, to=[vendor]), contact)
    await world.approved(await world.open_approval_of(quote.quote.id))
    officer = await world.an_officer()
    shown = await world.act(officer, requests.show, request.request.id)
    assert shown.request.order_id is not None
    order_id = OrderId(shown.request.order_id)
    order = (await world.act(contact, orders.acknowledge, AcknowledgeOrder(order_id, "", None))).order
    user = await bot_env.a_user(officer)
    await user.say(f"/receive {order.number}")
    for place in range(1, 5):
        await user.sees(f"{place}/200  {place - 1} Щ")
        await user.say("3")
    await user.sees("5/200  4 Щ")


@BOTH
async def test_a_delivery_that_another_has_changed_is_sent_once_more(bot_env: BotEnv, world: World) -> None:
    """What was counted stays; the person reads that the order changed, and presses again."""
    order = (await world.an_order(acknowledged=True)).order
    officer = await world.an_officer()
    user = await bot_env.a_user(officer)
    await user.say(f"/receive {order.number}")
    await user.say("1")
    await user.sees("how many do you reject")
    await user.press("None")
    await user.with_button("Record")
    body = {"lines": [{"line_id": str(order.lines[0].id), "accepted": "1"}]}
    await bot_env.api.as_(officer).call(e.receive_order, body, path={"id": order.id})
    told = await user.press("Record")
    assert "changed in the meantime" in told["text"] + str(await user.chat())
    await user.press("Record")  # the question is shown anew
    await user.press("Record")
    await user.sees("was recorded")
    [line] = (await bot_env.api.as_(officer).call(e.show_order, path={"id": order.id})).lines
    assert line.accepted == 2


def test_an_answer_whose_step_before_is_forgotten_is_not_read_again() -> None:
    """An edit of it would otherwise close the form, as if it had begun it."""
    form = OpenForm("receive", receiving(), uuid4(), last_message_id="7")
    assert engine.fitted(form).last_message_id == "7", "it began the form"
    assert answered(form).last_message_id == ""
    short = receiving().model_copy(update={"lines": receiving().shortened(20).lines[:5]})
    assert answered(OpenForm("receive", short, uuid4(), last_message_id="7")).last_message_id == "7"
