"""What is typed into the choice of vendors is searched for among all vendors, on the server.

One rule: forms stay pure; what the search finds is put into the form's values before the text is its answer.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from bots.dialog.context import Context
from bots.forms import engine, rfq
from bots.forms.engine import OpenForm
from bots.forms.rfq import RfqValues

MAX_LENGTH = 60


async def suggested(ctx: Context, open_form: OpenForm | None, text: str) -> list[tuple[UUID, str]]:
    """Vendors whom the open form may ask and who have this text, by id and name; without a text, the first ones."""
    values = open_form.values if open_form is not None else None
    if not isinstance(values, RfqValues):
        return []
    found = await ctx.api.requests.suggested_vendors(values.request_id, text.strip()[:MAX_LENGTH] or None)
    return [(each.id, each.name) for each in found.items]


async def with_picked_vendors(ctx: Context, open_form: OpenForm, picked: Mapping[UUID, str]) -> OpenForm:
    """The form in which exactly these vendors are chosen; those that it does not know are looked up by their names."""
    if not isinstance(open_form.values, RfqValues):
        return open_form
    known = {vendor.id for vendor in open_form.values.vendors}
    for name in (name for each, name in picked.items() if each not in known):
        open_form = await with_found_vendors(ctx, open_form, name)
    assert isinstance(open_form.values, RfqValues)
    return engine.with_values(open_form, rfq.with_picked(open_form.values, picked))


async def with_found_vendors(ctx: Context, open_form: OpenForm, text: str) -> OpenForm:
    """The form with the vendors that have this text; any other form as it is."""
    values, wanted = open_form.values, text.strip()[:MAX_LENGTH]
    if not isinstance(values, RfqValues) or open_form.step != "vendors" or not wanted:
        return open_form
    found = await ctx.api.requests.suggested_vendors(values.request_id, wanted)
    return replace(open_form, values=rfq.with_found(values, found.items))
