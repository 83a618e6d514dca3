"""Whether plain words, without a command, ask for something.

One rule: a word too few is a hint to write more; a draft that nobody wanted is worse.
"""

import re

from api.language import RequestReading, names_errand, opens_request, parse_request
from bots.forms.form import FormContext

_TIMES = re.compile(r"\s*\d+\s*[x×]\s", re.IGNORECASE)
_NO_SIGN = frozenset({"pcs", "hour", "day", "week", "month"})
"""Units in which people also talk: how late somebody is, how long they are away."""


def reads_as_request(text: str, ctx: FormContext) -> bool:
    """Whether plain words ask for something: how many of what, nothing left over, and a sign that it is wanted.

    A price or a cost centre is one in any words. Where nothing speaks of what nobody buys (minutes, a call, what was
    cancelled), so are a day, a person, a unit, "3x", or words like "I need".
    """
    reading = parse_request(
        text,
        locale=ctx.locale,
        today=ctx.today,
        currency=ctx.currency,
        cost_centres=[code for code, _ in ctx.cost_centres],
    )
    if not reading.lines or reading.unread or reading.refused:
        return False
    asked = {each.line for each in reading.ambiguous if each.field == "description"}
    named = [bool(line.description) or number in asked for number, line in enumerate(reading.lines, start=1)]
    if not all(named) or any(line.quantity is None for line in reading.lines):
        return False
    if reading.cost_centre or any(line.unit_price is not None for line in reading.lines):
        return True
    return not names_errand(text, ctx.locale) and _is_wanted(reading, text, ctx)


def _is_wanted(reading: RequestReading, text: str, ctx: FormContext) -> bool:
    in_units = any(line.unit not in _NO_SIGN for line in reading.lines)
    return bool(
        reading.needed_by
        or reading.on_behalf_of
        or in_units
        or _TIMES.match(text)
        or opens_request(text, ctx.locale)
    )
