"""For whom a request is: a colleague of that name, one of several, or the person who writes it.

One rule: only those whom the API named may be chosen; a name that fits several is asked back.
"""

from uuid import UUID

from bots.forms.form import FormContext, FormQuestion, Rejected, button_rows
from bots.forms.request_values import UNWARNED, RequestValues

MAX_PEOPLE = 12
FOR_WHOM = "on_behalf_of"
MAX_NAME = 60
MAX_ITEM = 300


def asked_for(values: RequestValues, person_id: UUID | None) -> RequestValues:
    """It is that colleague's request, or the person's own; then a name that nobody has belongs to the item."""
    kept = values if person_id is not None else _with_clause_kept(values)
    return kept.model_copy(update={"on_behalf_of": person_id, "behalf_text": "", "asked": "", **UNWARNED})


def _with_clause_kept(values: RequestValues) -> RequestValues:
    """``in the name of Northwind GmbH`` goes back to the one line; of several lines it stays quoted."""
    clause = next((each for each in values.unread if values.behalf_text and values.behalf_text in each), "")
    if not clause or len(values.lines) != 1:
        return values
    [line] = values.lines
    whole = f"{line.description} {clause}".strip()
    if len(whole) > MAX_ITEM:
        return values
    unread = [each for each in values.unread if each != clause]
    described = line.model_copy(update={"description": whole})
    return values.model_copy(update={"lines": [described], "unread": unread})


def with_person(values: RequestValues, text: str, ctx: FormContext) -> RequestValues | Rejected:
    """Whoever is called so, of those who were found; several are shown to choose from."""
    named = values.model_copy(update={"behalf_text": text.strip()[:MAX_NAME]})
    called = named.called
    exact = [each for each in called if each.name.casefold() == named.behalf_text.casefold()]
    if len(called) == 1 or len(exact) == 1:
        return asked_for(values, (exact or called)[0].id)
    if not called:
        return Rejected(ctx.translate("forms.request.nobody", text=named.behalf_text))
    return named


def question(values: RequestValues, ctx: FormContext) -> FormQuestion:
    """A name is typed, or one of several is pressed; those who were written but not found are named."""
    shown = values.called if values.behalf_text else values.colleagues
    buttons = [
        ctx.labelled_button(each.name, f"p{index}")
        for index, each in enumerate(values.colleagues)
        if each in shown
    ]
    text = values.behalf_text
    key = (
        "forms.request.on_behalf_of"
        if not text
        else "forms.request.several"
        if shown
        else "forms.request.nobody"
    )
    mine = ctx.button("buttons.for_me", "me")
    return FormQuestion(
        ctx.translate(key, text=text), buttons=button_rows(*buttons[:MAX_PEOPLE], mine, per_row=2)
    )


def facts(values: RequestValues, ctx: FormContext) -> tuple[str, ...]:
    name = values.behalf_name
    return (ctx.translate("forms.request.entered_for", person=name),) if name else ()
