"""What was bought before is looked up while a request is written, once for each line.

One rule: forms stay pure; what is found is put into the form's values before they are kept and shown.
"""

from dataclasses import replace

from api.contract.recommendations import BoughtBeforeIn
from bots.dialog.context import Context
from bots.forms.engine import OpenForm
from bots.forms.request_values import RequestValues

MOST_ITEMS = 20


async def with_bought(ctx: Context, values: RequestValues) -> RequestValues:
    """The values with what was ordered like their lines; asked again only when a line is another one."""
    items = [line.description for line in values.lines if line.description and not line.is_too_long][
        :MOST_ITEMS
    ]
    if items == values.looked_up:
        return values
    found = (
        await ctx.api.requests.bought_before(BoughtBeforeIn(items=tuple(items), request_id=values.request_id))
        if items
        else None
    )
    bought = list(found.items) if found is not None else []
    return values.model_copy(update={"looked_up": items, "bought": bought})


async def form_with_bought(ctx: Context, open_form: OpenForm) -> OpenForm:
    """The same for an open form; any other form as it is."""
    if not isinstance(open_form.values, RequestValues):
        return open_form
    return replace(open_form, values=await with_bought(ctx, open_form.values))
