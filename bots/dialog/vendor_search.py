"""What is typed into the choice of vendors is searched for among all vendors, on the server.

One rule: forms stay pure; what the search finds is put into the form's values before the text is its answer.
"""

from dataclasses import replace

from bots.dialog.context import Context
from bots.forms import rfq
from bots.forms.engine import OpenForm
from bots.forms.rfq import RfqValues

MAX_LENGTH = 60


async def with_found_vendors(ctx: Context, open_form: OpenForm, text: str) -> OpenForm:
    """The form with the vendors that have this text; any other form as it is."""
    values, wanted = open_form.values, text.strip()[:MAX_LENGTH]
    if not isinstance(values, RfqValues) or open_form.step != "vendors" or not wanted:
        return open_form
    found = await ctx.api.requests.suggested_vendors(values.request_id, wanted)
    return replace(open_form, values=rfq.with_found(values, found.items))
