"""The question which of its readings a request has: for whom, how many, what vendors read, which items.

One rule: a chosen reading fills the field that was in doubt, and nothing else changes.
"""

from api.language import lines_of_cut
from api.text import reading as format_reading
from bots.forms.ambiguity import Ambiguity, reading_buttons
from bots.forms.form import FormContext, FormQuestion, Rejected, button_rows
from bots.forms.request_people import FOR_WHOM, MAX_NAME, with_person
from bots.forms.request_values import RequestValues, with_line, with_lines

_FIELD_NAMES = {"unit_price": "price"}


def question(values: RequestValues, ctx: FormContext) -> FormQuestion:
    """What is in doubt, and a button for each reading; lists of items stand above their buttons as a whole."""
    doubt, named = values.doubts[0], _named(values, ctx)
    mine = (ctx.button("buttons.for_me", "me"),) if doubt.field == FOR_WHOM else ()
    return FormQuestion(
        _title(doubt, named, ctx),
        items=named if doubt.is_cut else (),
        buttons=button_rows(*reading_buttons(named, ctx), *mine),
    )


def typed(values: RequestValues, text: str, ctx: FormContext) -> int | None:
    """Which reading of the first doubt is typed; a list of items also by its number."""
    doubt, number = values.doubts[0], text.strip(" ).")
    numbers = [f"{at}" for at in range(1, len(doubt.readings) + 1)]
    if doubt.is_cut and number in numbers:
        return numbers.index(number)
    return doubt.typed(text, _named(values, ctx), ctx.locale)


def with_chosen(values: RequestValues, index: int, ctx: FormContext) -> RequestValues:
    """One reading chosen; a name is looked for among those who were found, and asked again when it is nobody's."""
    doubt, rest = values.doubts[0], values.doubts[1:]
    if index >= len(doubt.readings):
        return values
    reading, remaining = doubt.readings[index], values.model_copy(update={"doubts": rest})
    if doubt.field == FOR_WHOM:
        person = with_person(remaining, reading, ctx)
        named = remaining.model_copy(update={"behalf_text": reading[:MAX_NAME]})
        return named if isinstance(person, Rejected) else person
    if doubt.is_cut:
        return with_lines(remaining, lines_of_cut(reading))
    name = _FIELD_NAMES.get(doubt.field, doubt.field)
    if doubt.line is None or doubt.line > len(values.lines):
        return RequestValues.model_validate(remaining.model_dump() | {name: reading})
    return with_line(remaining, doubt.line, **{name: reading})


def _title(doubt: Ambiguity, named: list[str], ctx: FormContext) -> str:
    """Which reading is meant; an item has one, and it is asked whether that is all that vendors should read."""
    if doubt.field == "description":
        return ctx.translate("forms.request.doubted_item", item=doubt.readings[0])
    if doubt.is_cut:
        return ctx.translate("forms.request.doubted_cut", text=doubt.text)
    return ctx.translate("errors.fields.ambiguous", text=doubt.text, readings=" / ".join(named))


def _named(values: RequestValues, ctx: FormContext) -> list[str]:
    """The readings as people read them; lists of items are numbered, for a button shows only how they begin."""
    doubt = values.doubts[0]
    if doubt.is_cut:
        return [f"{number}) {each}" for number, each in enumerate(doubt.readings, start=1)]
    return [format_reading(each, ctx.locale) for each in doubt.readings]
