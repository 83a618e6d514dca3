"""The request form: from a typed line, or question by question.

    item → quantity → (price?) → needed by → cost centre → (note?) → review → submit

One rule: everything that was understood is shown and everything that was not is quoted, before Submit.
"""

from collections.abc import Mapping, Sequence

from api.language import CUT, parse_request
from bots.cards.card import Button, ButtonRow, label
from bots.forms import request_fields, request_people, request_readings
from bots.forms.colleague import Colleague
from bots.forms.field_parsers import (
    currency_from,
    date_from,
    price_from,
    quantity_from,
    undivided,
)
from bots.forms.fieldset import Fieldset
from bots.forms.form import (
    REVIEW,
    Completed,
    FieldErrors,
    Form,
    FormContext,
    FormQuestion,
    Rejected,
    StepResult,
    button_rows,
    choice_index,
    split_step,
)
from bots.forms.request_people import FOR_WHOM, asked_for, with_person
from bots.forms.request_review import bought_before, line_text, review
from bots.forms.request_values import MAX_DESCRIPTION, UNWARNED, RequestValues, with_line, with_reading

EDITABLE = ("item", "needed_by", "cost_centre", "currency", "note", FOR_WHOM)
MAX_LINE_BUTTONS = 20
"""The other lines are named by their numbers."""


class RequestForm(Form[RequestValues]):
    name = "request"
    values_type = RequestValues

    def step(self, values: RequestValues) -> str:
        if values.asked:
            return values.asked
        if values.behalf_text:
            return "on_behalf_of"
        if values.doubts:
            return "which"
        if not values.lines:
            return "item"
        for number, line in enumerate(values.lines, start=1):
            if not line.description or line.is_too_long:
                return f"describe:{number}"
            if line.quantity is None or line.is_part:
                return f"quantity:{number}"
            if values.guided and line.price is None and f"price:{number}" not in values.passed:
                return f"price:{number}"
        if values.needed_by is None:
            return "needed_by"
        if values.cost_centre is None:
            return "cost_centre"
        return "note" if values.guided and "note" not in values.passed else "review"

    def question(self, step: str, values: RequestValues, ctx: FormContext) -> FormQuestion:
        name, number = split_step(step)
        match name:
            case "review":
                return review(values, ctx)
            case "on_behalf_of":
                return request_people.question(values, ctx)
            case "edit":
                return FormQuestion(ctx.translate("forms.request.edit"), buttons=_field_buttons(values, ctx))
            case "line":
                return _line_question(values, number, ctx)
            case "which":
                return request_readings.question(values, ctx)
            case "quantity" if (line := values.lines[number - 1]).is_part and line.quantity is not None:
                return FormQuestion(
                    undivided(line.quantity, line.unit, ctx, item=line.description or f"{number}").text
                )
            case "quantity" | "describe" | "price":
                if values.lines[number - 1].is_too_long:
                    return FormQuestion(_too_long(values.lines[number - 1].description, number, ctx))
                facts = {"item": values.lines[number - 1].description or f"{number}"}
                prompt = {"quantity": "quantity", "describe": "item", "price": "price"}[name]
                skip = (ctx.button("buttons.skip", "s"),) if name == "price" else ()
                return FormQuestion(
                    ctx.translate(f"forms.request.{prompt}", **facts),
                    facts=bought_before(values, values.lines[number - 1 : number], ctx),
                    buttons=button_rows(*skip),
                )
            case "needed_by" if values.past_day is not None and values.needed_by is None:
                why = ctx.translate("errors.fields.past", day=values.past_day)
                return FormQuestion(ctx.translate("forms.request.needed_by"), facts=(why,))
            case _:
                return FormQuestion(ctx.translate(f"forms.request.{name}"), buttons=_suggestions(name, ctx))

    def answer(self, step: str, values: RequestValues, text: str, ctx: FormContext) -> StepResult:
        name, number = split_step(step)
        match name:
            case "item":
                return _with_text(values, text, ctx)
            case "describe":
                described = text.strip()
                if len(described) > MAX_DESCRIPTION:
                    return Rejected(_too_long(described, number, ctx))
                return with_line(values, number, description=described)
            case "quantity":
                amount = quantity_from(text, ctx)
                if isinstance(amount, Rejected):
                    return amount
                return with_line(values, number, quantity=amount.value, unit=amount.unit)
            case "price":
                price = price_from(text, ctx, values.currency)
                if isinstance(price, Rejected):
                    return price
                priced = values.model_copy(update={"currency": price.currency or values.currency})
                return with_line(priced, number, price=price.value)
            case "which":
                return _resolve_by_text(values, text, ctx)
            case "on_behalf_of":
                return with_person(values, text, ctx)
            case "line":
                return _with_line_retyped(values, number, text, ctx)
            case "edit" if _is_line(text, values):
                return values.model_copy(update={"asked": f"line:{int(text)}"})
            case "review" | "edit":
                return Rejected(ctx.translate("forms.press_a_button"))
            case _:
                return _with_field(name, values, text, ctx)

    def choose(self, step: str, values: RequestValues, choice: str, ctx: FormContext) -> StepResult:
        kind, _, named = choice.partition(":")
        index, person = choice_index(choice, "d"), choice_index(choice, "p")
        asked, number = split_step(step)
        if index is not None and step == "which":
            return request_readings.with_chosen(values, index, ctx)
        if person is not None and step == "on_behalf_of" and person < len(values.colleagues):
            return asked_for(values, values.colleagues[person].id)
        match kind:
            case "e" if step == "edit" and named in _editable(values):
                return values.model_copy(update={"asked": named})
            case "l" if step == "edit" and _is_line(named, values):
                return values.model_copy(update={"asked": f"line:{int(named)}"})
            case "c" if step == "cost_centre" and named in dict(ctx.cost_centres):
                return values.model_copy(update={"cost_centre": named, "asked": ""})
            case "me" if step == FOR_WHOM:
                return asked_for(values, None)
            case "me" if step == "which" and values.doubts[0].field == FOR_WHOM:
                return asked_for(values.model_copy(update={"doubts": values.doubts[1:]}), None)
            case "go" if step == "review" and not values.warned:
                return Completed(values)
            case "anyway" if step == "review" and values.warned:
                return Completed(values)
            case "edit" if step == "review":
                return values.model_copy(update={"asked": "edit", **UNWARNED})
            case "line" if step == "review":
                return values.model_copy(update={"asked": "item", **UNWARNED})
            case "drop" if asked == "line" and len(values.lines) > 1:
                left = [*values.lines[: number - 1], *values.lines[number:]]
                return values.model_copy(update={"lines": left, "asked": ""})
            case "s" if step == "note" or step.startswith("price:"):
                return values.model_copy(update={"passed": [*values.passed, step], "asked": ""})
        return Rejected(ctx.translate("forms.press_a_button"))

    def fields(self, values: RequestValues, ctx: FormContext, lines: int = 1) -> Fieldset:
        return request_fields.fields(values, ctx, lines)

    def read_fields(
        self, values: RequestValues, answers: Mapping[str, str], ctx: FormContext
    ) -> StepResult | FieldErrors:
        """Complete, it is reviewed before it is sent."""
        updated, errors = request_fields.read(values, answers, ctx)
        named = answers.get("on_behalf_of", "").strip()
        person = with_person(updated, named, ctx) if named else asked_for(updated, None)
        if isinstance(person, Rejected):
            errors["on_behalf_of"] = person.text
        elif person.behalf_text:
            names = ", ".join(each.name for each in person.called)
            errors["on_behalf_of"] = ctx.translate("forms.request.write_whole", names=names)
        else:
            updated = person
        step, _ = split_step(self.step(updated))
        if not errors and step != REVIEW:
            errors = {f"item:{request_fields.numbers(answers)[0]}": ctx.translate(f"forms.request.{step}")}
        return FieldErrors(updated, errors) if errors else updated

    def read_page(
        self, values: RequestValues, answers: Mapping[str, str], ctx: FormContext
    ) -> RequestValues | FieldErrors:
        """Only the lines have to be right, and all there; what is still missing is asked at the end."""
        updated, errors = request_fields.read(values, answers, ctx)
        wrong = {name: text for name, text in errors.items() if ":" in name}
        empty = request_fields.empty_line(answers)
        if empty is not None:
            wrong.setdefault(f"item:{empty}", ctx.translate("forms.request.item"))
        return FieldErrors(updated, wrong) if wrong else updated


def initial_values(text: str, ctx: FormContext, colleagues: Sequence[Colleague] = ()) -> RequestValues:
    """A form from the text after /request; without any it asks question by question.

    ``colleagues`` are those whose names may stand in the text.
    """
    centres = ctx.cost_centres
    only = centres[0][0] if len(centres) == 1 else None
    values = RequestValues(
        currency=ctx.currency, guided=not text.strip(), cost_centre=None, colleagues=list(colleagues)
    )
    if text.strip():
        parsed = _with_text(values, text, ctx)
        values = parsed if isinstance(parsed, RequestValues) else values.model_copy(update={"guided": True})
    return values if values.cost_centre or not only else values.model_copy(update={"cost_centre": only})


def _with_text(values: RequestValues, text: str, ctx: FormContext) -> RequestValues | Rejected:
    reading = parse_request(
        text,
        locale=ctx.locale,
        today=ctx.today,
        currency=values.currency,
        cost_centres=[code for code, _ in ctx.cost_centres],
        people=[each.name for each in values.colleagues] if values.request_id is None else [],
    )
    if reading.refused:
        facts = {"length": reading.refused.length, "limit": reading.refused.limit}
        return Rejected(ctx.translate("errors.fields.too_long", **facts))
    cut_in_doubt = any(each.field == CUT for each in reading.ambiguous)
    if not (reading.lines or values.lines or cut_in_doubt):
        return Rejected(ctx.translate("forms.request.no_item"))
    return _checked(with_reading(values, reading), ctx)


def _too_long(description: str, number: int, ctx: FormContext) -> str:
    return ctx.translate(
        "forms.request.line_too_long",
        line=str(number),
        length=str(len(description)),
        limit=str(MAX_DESCRIPTION),
    )


def _checked(values: RequestValues, ctx: FormContext) -> RequestValues:
    """A cost centre as it is written in the books; a day in the past is asked again."""
    code = _find_cost_centre(values.cost_centre or "", ctx)
    past = values.needed_by is not None and values.needed_by < ctx.today
    unread = [*values.unread, *([f"for {values.cost_centre}"] if values.cost_centre and not code else [])]
    person = with_person(values, values.behalf_text, ctx) if values.behalf_text else values
    values = values if isinstance(person, Rejected) else person
    return values.model_copy(
        update={
            "cost_centre": code,
            "unread": unread,
            "needed_by": None if past else values.needed_by,
            "past_day": values.needed_by
            if past
            else None
            if values.needed_by is not None
            else values.past_day,
        }
    )


def _find_cost_centre(text: str, ctx: FormContext) -> str | None:
    wanted = text.strip().casefold()
    if not ctx.cost_centres:
        return text.strip() or None
    return next(
        (code for code, name in ctx.cost_centres if wanted in (code.casefold(), name.casefold())), None
    )


def _with_field(name: str, values: RequestValues, text: str, ctx: FormContext) -> StepResult:
    value: object
    match name:
        case "needed_by":
            value = date_from(text, ctx)
        case "cost_centre":
            value = _find_cost_centre(text, ctx) or Rejected(
                ctx.translate("forms.request.unknown_centre", text=text[:40])
            )
        case "currency":
            value = currency_from(text, ctx)
        case "note":
            value = text.strip()[:2000]
        case _:
            return Rejected(ctx.translate("forms.press_a_button"))
    if isinstance(value, Rejected):
        return value
    return values.model_copy(update={name: value, "asked": "", "passed": [*values.passed, name]})


def _resolve_by_text(values: RequestValues, text: str, ctx: FormContext) -> StepResult:
    """An ambiguity answered by text: one of the readings, or the field typed again."""
    ambiguity = values.doubts[0]
    index = request_readings.typed(values, text, ctx)
    if index is not None:
        return request_readings.with_chosen(values, index, ctx)
    steps = {"unit_price": "price", "description": "describe", CUT: "item"}
    field = steps.get(ambiguity.field, ambiguity.field)
    step = f"{field}:{ambiguity.line}" if ambiguity.line else field
    value = RequestForm().answer(step, values, text, ctx)
    if not isinstance(value, RequestValues):
        return value
    return value.model_copy(update={"doubts": values.doubts[1:]})


def _suggestions(name: str, ctx: FormContext) -> tuple[ButtonRow, ...]:
    if name == "cost_centre":
        buttons: list[Button] = [ctx.labelled_button(code, f"c:{code}") for code, _ in ctx.cost_centres[:9]]
        return button_rows(*buttons)
    return button_rows(ctx.button("buttons.skip", "s")) if name == "note" else ()


def _field_buttons(values: RequestValues, ctx: FormContext) -> tuple[ButtonRow, ...]:
    buttons = [
        ctx.button("buttons.add_line" if name == "item" else f"forms.field.{name}", f"e:{name}")
        for name in _editable(values)
    ]
    lines = [
        ctx.labelled_button(label(f"{number}  {line.description}"), f"l:{number}")
        for number, line in enumerate(values.lines[:MAX_LINE_BUTTONS], start=1)
    ]
    return (*button_rows(*buttons, per_row=2), *button_rows(*lines, per_row=1))


def _editable(values: RequestValues) -> tuple[str, ...]:
    """For whom a request is stays as it was when it is corrected."""
    return tuple(name for name in EDITABLE if name != FOR_WHOM or values.request_id is None)


def _is_line(text: str, values: RequestValues) -> bool:
    """Whether it is the number of a line; beyond those with a button it is typed."""
    wanted = text.strip()
    return (
        wanted.isascii() and wanted.isdigit() and len(wanted) <= 3 and 1 <= int(wanted) <= len(values.lines)
    )


def _line_question(values: RequestValues, number: int, ctx: FormContext) -> FormQuestion:
    """One line as it is, to be typed anew or removed."""
    buttons = [ctx.button("buttons.remove_line", "drop")] if len(values.lines) > 1 else []
    title = ctx.translate("forms.request.line", line=str(number))
    return FormQuestion(
        title, items=(line_text(values.lines[number - 1], values, ctx),), buttons=button_rows(*buttons)
    )


def _with_line_retyped(values: RequestValues, number: int, text: str, ctx: FormContext) -> StepResult:
    """The typed line, or lines, in place of this one; its doubts are asked as always."""
    alone = values.model_copy(update={"lines": [], "doubts": [], "unread": []})
    read = _with_text(alone, text, ctx)
    if isinstance(read, Rejected):
        return read
    doubts = [
        each.model_copy(update={"line": each.line + number - 1 if each.line is not None else None})
        for each in read.doubts
    ]
    lines = [*values.lines[: number - 1], *read.lines, *values.lines[number:]]
    return read.model_copy(update={"lines": lines, "doubts": doubts})
