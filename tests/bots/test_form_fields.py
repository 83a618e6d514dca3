"""Any form can be asked all at once: its fields become blocks of Slack's, and what was filled goes the form's way."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from api.contract.groups import GroupKind, PlaceKind
from bots.dialog.completion import COMPLETIONS
from bots.forms import engine
from bots.forms.binding import BindingOption, BindingValues
from bots.forms.change import ChangeableLine, ChangeForm, ChangeValues
from bots.forms.colleague import Colleague
from bots.forms.confirmation import ConfirmationValues
from bots.forms.correction import CorrectableLine, CorrectionValues
from bots.forms.delegate import DelegateValues
from bots.forms.drop import DroppableLine, DropValues
from bots.forms.engine import FORMS, OpenForm
from bots.forms.fieldset import FieldKind
from bots.forms.form import CHOICE, REVIEW, TEXT, Completed, FieldErrors, FormContext, Rejected, Values
from bots.forms.handover import HandoverKind, HandoverValues
from bots.forms.preferences import PreferencesValues
from bots.forms.quote_values import AskedLine, AttachedFile, QuoteValues
from bots.forms.reason import ReasonKind, ReasonValues
from bots.forms.receive import ReceivableLine, ReceiveValues
from bots.forms.recount import RecountKind, RecountLine, RecountValues
from bots.forms.request_files import RequestFilesValues
from bots.forms.request_values import RequestValues
from bots.forms.rfq import RfqValues, VendorOption
from bots.forms.rfq_choice import RfqChoiceValues, RfqOption
from bots.forms.split import LEAVE_OUT
from bots.forms.split_values import SplitLine, SplitOffer, SplitValues, SplitVendor
from bots.forms.vendor_choice import VendorChoiceValues, VendorToEnter
from bots.slack import views

ID = UUID(int=7)
NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
CTX = FormContext("en", "UTC", NOW, "USD", (("IT", "IT department"),))
OPTIONS = [BindingOption(kind=PlaceKind.department, code=code, name=code) for code in ("IT", "HR")]
VALUES: dict[str, Values] = {
    "request": RequestValues(),
    "quote": QuoteValues(
        rfq_id=ID,
        number="RFQ-31",
        buyer="Northwind",
        currency="USD",
        lines=[AskedLine(id=ID, description="Laptop", quantity=Decimal(3), unit="pcs")],
    ),
    "saying": ReasonValues(saying=ReasonKind.reject, id=ID),
    "receive": ReceiveValues(
        order_id=ID,
        number="PO-77",
        version=1,
        lines=[ReceivableLine(id=ID, description="Laptop", unit="pcs", ordered=Decimal(3), open=Decimal(3))],
    ),
    "recount": RecountValues(
        order_id=ID,
        number="PO-77",
        version=1,
        kind=RecountKind.return_goods,
        lines=[
            RecountLine(id=ID, description="Laptop", unit="pcs", recorded=Decimal(3), most=Decimal(3)),
        ],
    ),
    "correction": CorrectionValues(
        rfq_id=ID,
        number="RFQ-31",
        version=1,
        lines=[CorrectableLine(id=ID, description="Laptop", quantity=Decimal(3), unit="pcs")],
    ),
    "drop": DropValues(
        request_id=ID, number="REQ-104", version=1, lines=[DroppableLine(id=ID, text="3 × Laptop")]
    ),
    "change": ChangeValues(
        order_id=ID,
        number="PO-77",
        version=1,
        currency="USD",
        due_on=NOW.date(),
        lines=[
            ChangeableLine(id=ID, description="Laptop", unit="pcs", quantity=Decimal(3), price=Decimal(1180))
        ],
    ),
    "rfq": RfqValues(
        request_id=ID, number="REQ-104", vendors=[VendorOption(id=ID, name="Alder", category="IT")]
    ),
    "split": SplitValues(
        rfq_id=ID,
        number="RFQ-31",
        version=1,
        currency="USD",
        vendors=[
            SplitVendor(quote_id=UUID(int=place), name=name, shipping=Decimal(0))
            for place, name in enumerate(("Alder", "Birch"), start=1)
        ],
        lines=[
            SplitLine(
                id=UUID(int=place),
                description=name,
                quantity=Decimal(3),
                unit="pcs",
                offers=[SplitOffer(vendor=vendor, unit_price=Decimal(10 + vendor)) for vendor in (0, 1)],
            )
            for place, name in enumerate(("Laptop", "Dock"), start=1)
        ],
    ),
    "which": RfqChoiceValues(options=[RfqOption(id=ID, number="RFQ-31", about="Laptop")]),
    "enter_for": VendorChoiceValues(rfq_id=ID, number="RFQ-31", vendors=[VendorToEnter(id=ID, name="Alder")]),
    "confirmation": ConfirmationValues(
        order_id=ID, number="PO-77", version=1, vendor="Alder", person="Oscar"
    ),
    "files": RequestFilesValues(
        request_id=ID, number="REQ-104", files=[AttachedFile(id=ID, name="plan.pdf", size=84_000)]
    ),
    "settings": PreferencesValues(locale="en", locales=["en", "de"]),
    "delegate": DelegateValues(colleagues=[Colleague(id=ID, name="Oscar")]),
    "handover": HandoverValues(
        kind=HandoverKind.reassign,
        approval_id=ID,
        version=1,
        about="REQ-104 · Laptop",
        colleagues=[Colleague(id=ID, name="Oscar")],
    ),
    "binding": BindingValues(
        platform="slack", chat_id="T1:C1", title="#it", kind=GroupKind.channel, options=OPTIONS
    ),
}


def opened(name: str) -> OpenForm:
    return engine.start(name, VALUES[name], ID, None)


def test_every_form_is_here_and_has_its_completion() -> None:
    assert set(VALUES) == set(FORMS)
    assert set(COMPLETIONS) == {form.values_type for form in FORMS.values()}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_any_form_is_drawn_as_a_modal(name: str) -> None:
    fieldset = opened(name).fields(CTX)
    names = [field.name for field in fieldset.fields]
    assert len(set(names)) == len(names)
    assert all(field.options for field in fieldset.fields if field.kind is FieldKind.choice)
    view: Any = views.form(opened(name), CTX, "")
    blocks = [each.get("block_id") for each in view["blocks"] if each["type"] in ("input", "actions")]
    assert blocks == names
    assert len(view["title"]["text"]) <= views.MAX_TITLE
    assert len(json.dumps(view)) < 250_000


@pytest.mark.parametrize("name", sorted(FORMS))
def test_nothing_filled_in_is_answered_with_a_sentence_and_not_with_an_error(name: str) -> None:
    found = opened(name).read_fields({}, CTX)
    if name == "settings":
        assert isinstance(found, Completed)  # nothing is changed, which is a choice
        return
    assert isinstance(found, FieldErrors | Rejected)
    if isinstance(found, FieldErrors):
        fields = {field.name for field in opened(name).fields(CTX).fields}
        assert found.errors
        assert set(found.errors) <= fields


def test_a_form_of_one_question_is_complete_when_it_is_answered() -> None:
    for answers in ({CHOICE: "g1"}, {TEXT: "HR"}):
        found = opened("binding").read_fields(answers, CTX)
        assert isinstance(found, Completed)
        assert isinstance(found.values, BindingValues)
        assert found.values.chosen == OPTIONS[1]


def test_a_form_of_many_questions_goes_on_until_its_review() -> None:
    form = opened("quote")
    for answer in ({TEXT: "1180 10d"}, {CHOICE: "v30"}, {CHOICE: "s"}, {CHOICE: "s"}, {CHOICE: "s"}):
        assert form.step != REVIEW
        found = form.read_fields(answer, CTX)
        assert isinstance(found, Values), (form.step, found)
        form = engine.with_values(form, found)
    assert form.step == REVIEW


def test_a_form_that_was_stored_is_drawn_as_it_was() -> None:
    form = opened("request")
    filled = {
        "item:1": "Laptop",
        "quantity:1": "3",
        "currency": "USD",
        "needed_by": "2026-12-24",
        "cost_centre": "IT",
    }
    found = form.read_fields(filled, CTX)
    assert isinstance(found, RequestValues)
    held = {field.name: field.value for field in engine.with_values(form, found).fields(CTX).fields}
    assert {name: held[name] for name in filled} == filled


@pytest.mark.parametrize(("unit", "refused"), [("pcs", True), ("kg", False)])
def test_a_changed_quantity_counts_in_the_unit_of_its_line(unit: str, refused: bool) -> None:
    values = VALUES["change"]
    assert isinstance(values, ChangeValues)
    lines = [each.model_copy(update={"unit": unit}) for each in values.lines]
    asked = values.model_copy(update={"lines": lines, "day_asked": True})
    said = ChangeForm().answer("quantity:1", asked, "2.5", CTX)
    filled = ChangeForm().read_fields(asked, {"quantity:1": "2.5", "reason": "sold out"}, CTX)
    if refused:
        assert isinstance(said, Rejected)
        assert "whole numbers" in said.text
        assert isinstance(filled, FieldErrors)
        assert filled.errors == {"quantity:1": said.text}
    else:
        assert isinstance(said, ChangeValues)
        assert isinstance(filled, Completed)
        assert isinstance(filled.values, ChangeValues)
        assert said.quantities == filled.values.quantities == {"1": Decimal("2.5")}


def test_a_line_without_an_answer_is_asked_about_and_not_left_out() -> None:
    form = opened("split")
    why = {TEXT: "cheaper in all"}
    half = form.read_fields({"line:1": "v0", **why}, CTX)
    assert isinstance(half, FieldErrors)
    assert set(half.errors) == {"line:2"}
    one = form.read_fields({"line:1": "v0", "line:2": "v0", **why}, CTX)
    assert isinstance(one, FieldErrors)
    assert "Alder" in one.errors["line:2"]
    out = form.read_fields({"line:1": "v0", "line:2": LEAVE_OUT, **why}, CTX)
    assert isinstance(out, SplitValues)
    assert out.body().left_out == (UUID(int=2),)
    filled = {field.name: field.value for field in engine.with_values(form, one.values).fields(CTX).fields}
    assert (filled["line:1"], filled["line:2"]) == ("v0", "v0")
