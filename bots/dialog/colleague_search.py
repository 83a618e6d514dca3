"""People whose names are typed into a request are searched for among those for whom the person may ask.

One rule: forms stay pure; who is found is put into the form's values before the text is its answer.
"""

from dataclasses import replace

from api.language import possible_names, stem
from bots.dialog.context import Context
from bots.forms.colleague import Colleague
from bots.forms.engine import OpenForm
from bots.forms.request_people import FOR_WHOM
from bots.forms.request_values import RequestValues

MAX_LENGTH = 60
WHOLE_LINES = frozenset({"item"})
"""Steps whose answer is a text like the one after /request."""


async def named_in(ctx: Context, text: str) -> list[Colleague]:
    """Those whose names may stand after "for" in a text; a cost centre is none."""
    centres = {word.casefold() for centre in ctx.me.cost_centres for word in (centre.code, centre.name)}
    found: dict[str, Colleague] = {}
    for name in possible_names(text, ctx.locale):
        if name.casefold() not in centres:
            found |= {str(each.id): each for each in await _called(ctx, name)}
    return list(found.values())


async def with_found_colleagues(ctx: Context, open_form: OpenForm, text: str, name: str = "") -> OpenForm:
    """The form with the people whom the text or the field for a name may mean; any other form as it is."""
    values = open_form.values
    if not isinstance(values, RequestValues) or values.request_id is not None:
        return open_form
    asked = open_form.step == FOR_WHOM or (
        open_form.step == "which" and values.doubts[0].field == FOR_WHOM and not _is_reading(values, text)
    )
    wanted = name or (text if asked else "")
    if wanted.strip():
        found = await _called(ctx, " ".join(stem(word) for word in wanted.replace(".", " ").split()))
    elif open_form.step in WHOLE_LINES:
        found = await named_in(ctx, text)
    else:
        return open_form
    known = {each.id: each for each in (*values.colleagues, *found)}
    if wanted.strip():
        known = {each.id: each for each in found} | {
            each.id: each for each in values.colleagues if each.id == values.on_behalf_of
        }
    return replace(open_form, values=values.model_copy(update={"colleagues": list(known.values())}))


def _is_reading(values: RequestValues, text: str) -> bool:
    """Whether one of the names that were offered is typed: those people are known."""
    return text.strip().casefold() in {each.casefold() for each in values.doubts[0].readings}


async def _called(ctx: Context, text: str) -> list[Colleague]:
    wanted = text.strip().strip("@").strip()[:MAX_LENGTH]
    if not wanted:
        return []
    found = (await ctx.api.requests.colleagues(wanted)).items
    return [Colleague(id=each.person_id, name=each.name) for each in found]
