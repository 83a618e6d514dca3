"""The request form: from a typed line, or question by question.

    item → quantity → (price?) → needed by → cost centre → (note?) → review → submit

One rule: everything that was understood is shown and everything that was not is quoted, before Submit.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from api.language import parse_request
from api.text import day, money
from bots.cards import phrases
from bots.cards.card import Button, ButtonRow, Style
from bots.forms import request_fields, request_people
from bots.forms.delegate import Colleague
from bots.forms.field_parsers import (
    currency_from,
    date_from,
    format_reading,
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
from bots.forms.request_people import asked_for, with_person
from bots.forms.request_values import LineValues, RequestValues, Resembled, with_reading

EDITABLE = ("item", "needed_by", "cost_centre", "currency", "note", "on_behalf_of")
MAX_BUTTONS = 6


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
            if not line.description:
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
                return _review(values, ctx)
            case "on_behalf_of":
                return request_people.question(values, ctx)
            case "edit":
                return FormQuestion(ctx.translate("forms.request.edit"), buttons=_field_buttons(values, ctx))
            case "which":
                ambiguity = values.doubts[0]
                named = [format_reading(each, ctx.locale) for each in ambiguity.readings]
                title = ctx.translate(
                    "errors.fields.ambiguous", text=ambiguity.text, readings=" / ".join(named)
                )
                buttons = [ctx.labelled_button(text, f"d{index}") for index, text in enumerate(named)]
                return FormQuestion(title, buttons=button_rows(*buttons[:MAX_BUTTONS]))
            case "quantity" if (line := values.lines[number - 1]).is_part and line.quantity is not None:
                return FormQuestion(
                    undivided(line.quantity, line.unit, ctx, item=line.description or f"{number}").text
                )
            case "quantity" | "describe" | "price":
                facts = {"item": values.lines[number - 1].description or f"{number}"}
                prompt = {"quantity": "quantity", "describe": "item", "price": "price"}[name]
                skip = (ctx.button("buttons.skip", "s"),) if name == "price" else ()
                return FormQuestion(
                    ctx.translate(f"forms.request.{prompt}", **facts), buttons=button_rows(*skip)
                )
            case _:
                return FormQuestion(ctx.translate(f"forms.request.{name}"), buttons=_suggestions(name, ctx))

    def answer(self, step: str, values: RequestValues, text: str, ctx: FormContext) -> StepResult:
        name, number = split_step(step)
        match name:
            case "item":
                return _with_text(values, text, ctx)
            case "describe":
                return _with_line(values, number, description=text.strip()[:300])
            case "quantity":
                amount = quantity_from(text, ctx)
                if isinstance(amount, Rejected):
                    return amount
                return _with_line(values, number, quantity=amount.value, unit=amount.unit)
            case "price":
                price = price_from(text, ctx, values.currency)
                if isinstance(price, Rejected):
                    return price
                priced = values.model_copy(update={"currency": price.currency or values.currency})
                return _with_line(priced, number, price=price.value)
            case "which":
                return _resolve_by_text(values, text, ctx)
            case "on_behalf_of":
                return with_person(values, text, ctx)
            case "review" | "edit":
                return Rejected(ctx.translate("forms.press_a_button"))
            case _:
                return _with_field(name, values, text, ctx)

    def choose(self, step: str, values: RequestValues, choice: str, ctx: FormContext) -> StepResult:
        kind, _, named = choice.partition(":")
        index, person = choice_index(choice, "d"), choice_index(choice, "p")
        if index is not None and step == "which":
            return _resolve(values, index)
        if person is not None and step == "on_behalf_of" and person < len(values.colleagues):
            return asked_for(values, values.colleagues[person].id)
        match kind:
            case "e" if step == "edit" and named in EDITABLE:
                return values.model_copy(update={"asked": named})
            case "c" if step == "cost_centre" and named in dict(ctx.cost_centres):
                return values.model_copy(update={"cost_centre": named, "asked": ""})
            case "me" if step == "on_behalf_of":
                return asked_for(values, None)
            case "go" if step == "review" and not values.resembled:
                return Completed(values)
            case "anyway" if step == "review" and values.resembled:
                return Completed(values)
            case "edit" if step == "review":
                return values.model_copy(update={"asked": "edit", "resembled": []})
            case "line" if step == "review":
                return values.model_copy(update={"asked": "item", "resembled": []})
            case "drop" if step == "edit" and len(values.lines) > 1:
                return values.model_copy(update={"lines": values.lines[:-1], "asked": ""})
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
            errors = {"item:1": ctx.translate(f"forms.request.{step}")}
        return FieldErrors(updated, errors) if errors else updated


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
        people=[each.name for each in values.colleagues],
    )
    if reading.refused:
        facts = {"length": reading.refused.length, "limit": reading.refused.limit}
        return Rejected(ctx.translate("errors.fields.too_long", **facts))
    if not reading.lines and not values.lines:
        return Rejected(ctx.translate("forms.request.no_item"))
    return _checked(with_reading(values, reading), ctx)


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
        }
    )


def _find_cost_centre(text: str, ctx: FormContext) -> str | None:
    wanted = text.strip().casefold()
    if not ctx.cost_centres:
        return text.strip() or None
    return next(
        (code for code, name in ctx.cost_centres if wanted in (code.casefold(), name.casefold())), None
    )


def _with_line(values: RequestValues, number: int, **update: object) -> RequestValues:
    lines = list(values.lines)
    lines[number - 1] = LineValues.model_validate(lines[number - 1].model_dump() | update)
    return values.model_copy(update={"lines": lines, "asked": ""})


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
    wanted = text.strip().casefold()
    for index, reading in enumerate(ambiguity.readings):
        if wanted in (reading.casefold(), format_reading(reading, ctx.locale).casefold()):
            return _resolve(values, index)
    field = {"unit_price": "price"}.get(ambiguity.field, ambiguity.field)
    step = f"{field}:{ambiguity.line}" if ambiguity.line else field
    value = RequestForm().answer(step, values, text, ctx)
    if not isinstance(value, RequestValues):
        return value
    return value.model_copy(update={"doubts": values.doubts[1:]})


def _resolve(values: RequestValues, index: int) -> RequestValues | Rejected:
    """One reading chosen."""
    ambiguity, rest = values.doubts[0], values.doubts[1:]
    if index >= len(ambiguity.readings):
        return values
    reading, remaining = ambiguity.readings[index], values.model_copy(update={"doubts": rest})
    if ambiguity.line is None or ambiguity.line > len(values.lines):
        return RequestValues.model_validate(
            remaining.model_dump() | {_FIELD_NAMES.get(ambiguity.field, ambiguity.field): reading}
        )
    return _with_line(
        remaining, ambiguity.line, **{_FIELD_NAMES.get(ambiguity.field, ambiguity.field): reading}
    )


_FIELD_NAMES = {"unit_price": "price"}


def _suggestions(name: str, ctx: FormContext) -> tuple[ButtonRow, ...]:
    if name == "cost_centre":
        buttons: list[Button] = [ctx.labelled_button(code, f"c:{code}") for code, _ in ctx.cost_centres[:9]]
        return button_rows(*buttons)
    return button_rows(ctx.button("buttons.skip", "s")) if name == "note" else ()


def _field_buttons(values: RequestValues, ctx: FormContext) -> tuple[ButtonRow, ...]:
    buttons = [
        ctx.button("buttons.add_line" if name == "item" else f"forms.field.{name}", f"e:{name}")
        for name in EDITABLE
    ]
    if len(values.lines) > 1:
        buttons.append(ctx.button("buttons.remove_line", "drop"))
    return button_rows(*buttons, per_row=2)


def _review(values: RequestValues, ctx: FormContext) -> FormQuestion:
    """The draft card: every field named, text that was not understood quoted."""
    locale = ctx.locale
    items = [
        phrases.priced(
            phrases.line(line.quantity or Decimal(0), line.unit, line.description, locale),
            line.price,
            values.currency,
            locale,
        )
        for line in values.lines
    ]
    total = None if values.total is None else money(values.total, values.currency, locale)
    facts = [
        ctx.translate(
            "cards.request_summary",
            total=total or ctx.translate("cards.price_open", currency=values.currency),
            cost_centre=values.cost_centre or "",
            day=day(values.needed_by, locale) if values.needed_by else "",
        ),
        *phrases.note(values.note, locale),
        *request_people.facts(values, ctx),
        *(_warning(each, ctx) for each in values.resembled),
    ]
    if values.unread:
        quoted = ", ".join(f"“{each}”" for each in values.unread)
        facts.append(ctx.translate("forms.request.unread", words=quoted))
    submit = ("buttons.submit_anyway", "anyway") if values.resembled else ("buttons.submit", "go")
    return FormQuestion(
        ctx.translate("forms.request.resembles" if values.resembled else "forms.request.draft"),
        facts=facts,
        items=items,
        buttons=button_rows(
            ctx.button(*submit, Style.good),
            ctx.button("buttons.edit", "edit"),
            ctx.button("buttons.add_line", "line"),
        ),
    )


def _warning(earlier: Resembled, ctx: FormContext) -> str:
    """Which earlier request, whose, since when, and how far it has come."""
    return ctx.translate(
        "forms.request.earlier",
        number=earlier.number,
        person=earlier.requested_by_name,
        day=day(earlier.created_at.date(), ctx.locale),
        state=phrases.state("request", earlier.state, ctx.locale),
    )
